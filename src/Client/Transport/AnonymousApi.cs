using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Transport;

/// <summary>
/// What a participant in a study sends: over connections of its own, without a session, so that nothing but the network address and the moment say whose it is. One instance
/// for one contribution.
/// </summary>
internal sealed class AnonymousApi(HttpClient http, PartyDirectory parties) : IDisposable
{
    private const int MaxReceipt = 1024;

    /// <summary>Studies of one cloud, at most.</summary>
    private const int MaxStudies = 4096;

    private readonly Channel _cloud = new(http, parties.Cloud.Url, "cloud");

    public async Task<IReadOnlyList<StudyView>> StudiesAsync(CancellationToken cancel)
    {
        var views = new List<StudyView>();
        var seen = new HashSet<string>();
        for (string? after = null; ;)
        {
            var page = await _cloud.SendAsync(HttpMethod.Get, Paths.Studies + (after is null ? "" : $"?after={Uri.EscapeDataString(after)}"), null, WireJson.Default.StudyPage, cancel);
            views.AddRange(page.Studies ?? []);
            after = page.Next;
            if (after is null)
                return views;
            if (!seen.Add(after) || views.Count > MaxStudies)
                throw new AlarmException(AlarmKind.Integrity, "The cloud's list of studies does not come to an end.");
        }
    }

    public Task<StudyView> StudyAsync(StudyId study, CancellationToken cancel) =>
        _cloud.SendAsync(HttpMethod.Get, Path(Paths.Study, study), null, WireJson.Default.StudyView, cancel);

    /// <summary>Spends a token; the receipt, which must be this trustee's for this contribution.</summary>
    public async Task<byte[]> RedeemAsync(TrusteeApi trustee, Redemption redemption, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Paths.Redemptions) { Content = Channel.Binary(redemption.ToBytes()) };
        var channel = Trustee(trustee);
        using var response = await channel.SendAsync(request, cancel);
        var signed = await channel.ReadAsync(response, MaxReceipt, cancel);
        return ContributionReceipt.TryVerify(signed, out var receipt) && receipt.Trustee.Equals(trustee.Key) && receipt.Study == redemption.Study
            && receipt.Digest.AsSpan().SequenceEqual(redemption.Digest)
            ? signed
            : throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} acknowledged the contribution with a receipt that is not its own.");
    }

    public Task PutAsync(ContributionUpload upload, CancellationToken cancel) =>
        _cloud.SendAsync(HttpMethod.Put, Path(Paths.Contribution, upload.Header.Study, upload.Header.Id), Channel.Binary(upload.ToBytes()), cancel);

    /// <summary>Null when the cloud has never had it.</summary>
    public async Task<ContributionStateView?> StateAsync(StudyId study, ContributionId contribution, CancellationToken cancel)
    {
        try
        {
            return await _cloud.SendAsync(HttpMethod.Get, Path(Paths.ContributionState, study, contribution), null, WireJson.Default.ContributionStateView, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return null;
        }
    }

    public Task WithdrawAsync(ContributionWithdrawal withdrawal, CancellationToken cancel) =>
        _cloud.SendAsync(HttpMethod.Post, Path(Paths.Withdrawals, withdrawal.Study), Channel.Binary(withdrawal.Signed), cancel);

    public Task WithdrawAsync(TrusteeApi trustee, ContributionWithdrawal withdrawal, CancellationToken cancel) =>
        Trustee(trustee).SendAsync(HttpMethod.Post, Paths.TrusteeWithdrawals, Channel.Binary(withdrawal.Signed), cancel);

    /// <summary>Withdrawn contributions of a study as the trustee keeps them, each signed by its own key.</summary>
    public async Task<IReadOnlySet<ContributionId>> WithdrawalsAsync(TrusteeApi trustee, StudyId study, CancellationToken cancel)
    {
        var channel = Trustee(trustee);
        var withdrawn = new HashSet<ContributionId>();
        for (var after = default(ContributionId); ;)
        {
            var page = await channel.SendAsync(HttpMethod.Get, $"{Path(Paths.Withdrawals, study)}?after={after}", null, cancel);
            if (page.Length % ContributionWithdrawal.Size != 0)
                throw NoWithdrawals(trustee);
            foreach (var signed in page.Chunk(ContributionWithdrawal.Size))
            {
                if (!ContributionWithdrawal.TryVerify(signed, out var withdrawal) || withdrawal.Study != study || string.CompareOrdinal(withdrawal.Id.ToString(), after.ToString()) <= 0)
                    throw NoWithdrawals(trustee);
                after = withdrawal.Id;
                withdrawn.Add(after);
            }
            if (page.Length == 0)
                return withdrawn;
        }
    }

    /// <summary>Hands a sealed row of shares over.</summary>
    public Task SendRowAsync(TrusteeApi trustee, byte[] sealedRow, CancellationToken cancel) =>
        Trustee(trustee).SendAsync(HttpMethod.Post, Paths.StatisticsRows, Channel.Binary(sealedRow), cancel);

    public void Dispose() => http.Dispose();

    /// <summary>A trustee of the directory without what the account's own channel to it carries.</summary>
    internal Channel Trustee(TrusteeApi trustee) => new(http, parties.Trustees.Single(party => party.Name == trustee.Name).Url, trustee.Name) { Deadline = trustee.Deadline };

    private static AlarmException NoWithdrawals(TrusteeApi trustee) =>
        new(AlarmKind.Integrity, $"{trustee.Name} hands out withdrawals that do not hold.");

    private static string Path(string template, StudyId study, ContributionId contribution = default) =>
        template.Replace("{id}", study.ToString(), StringComparison.Ordinal).Replace("{contribution}", contribution.ToString(), StringComparison.Ordinal);
}
