using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Transport;

/// <summary>The cloud's routes of studies that need a session: the researcher's and the custodian's.</summary>
internal sealed class StudyApi(Channel channel)
{
    public Task OpenAsync(Study study, IReadOnlyList<TokenKey> words, CancellationToken cancel) => channel.SendAsync(HttpMethod.Post, Paths.Studies,
        Channel.Json(new OpenStudy(study.Signed, [.. words.Select(word => word.Signed)]), WireJson.Default.OpenStudy), cancel);

    public Task EndAsync(StudyEnd end, CancellationToken cancel) => channel.SendAsync(HttpMethod.Post, Path(Paths.StudyEnd, end.Study),
        Channel.Json(new SignedBytes(end.Signed), WireJson.Default.SignedBytes), cancel);

    public Task<ContributionPage> ContributionsAsync(StudyId study, string? after, CancellationToken cancel) => channel.SendAsync(HttpMethod.Get,
        Path(Paths.Contributions, study) + (after is null ? "" : $"?after={Uri.EscapeDataString(after)}"), null, WireJson.Default.ContributionPage, cancel);

    /// <summary>A sealed copy, which must be as long as its head says.</summary>
    public async Task<byte[]> CopyAsync(ContributionHeader header, CancellationToken cancel)
    {
        var path = Path(Paths.Contribution, header.Study).Replace("{contribution}", header.Id.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await channel.SendAsync(request, cancel);
        return await channel.ReadAsync(response, header.CopySize, cancel);
    }

    private static string Path(string template, StudyId study) => template.Replace("{id}", study.ToString(), StringComparison.Ordinal);
}
