using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Studies;

/// <summary>A contribution on its way: what tokens are spent on must stay what it is, however often the sending is cut short.</summary>
/// <param name="Header">The signed head.</param>
/// <param name="Copy">The sealed copy, or null.</param>
/// <param name="Row">What the row of shares is made from again, or null.</param>
internal sealed record ContributionPlan(string Study, string Contribution, byte[] Header, byte[]? Copy, byte[]? Row);

/// <summary>
/// Plans of contributions in the profile's folder <c>studies/</c>, each sealed under the account's own key. From the moment that one is written the contribution survives a kill.
/// </summary>
internal sealed class ContributionPlans(Account account)
{
    private const string Suffix = ".plan";

    private string Folder => Path.Combine(account.Profile.Folder, "studies");

    /// <summary>One contribution at a time from one profile.</summary>
    public OutboxLock Lock() => OutboxLock.Take(Folder);

    public async Task<ContributionPlan?> FindAsync(ContributionId contribution)
    {
        var path = PathOf(contribution.ToString());
        if (!File.Exists(path))
            return null;
        using var opened = await SealedBlob.OpenSecretAsync(account.Keys.Local, Domains.ContributionPlan, await File.ReadAllBytesAsync(path), Binding(contribution.ToString()));
        var plan = opened is null ? null : JsonSerializer.Deserialize(opened.Bytes, ContributionJson.Default.ContributionPlan);
        return plan ?? throw new AlarmException(AlarmKind.Integrity, $"{path} is damaged. Move it away and join again.");
    }

    public async Task SaveAsync(ContributionPlan plan)
    {
        using var plain = Secret.CopyOf(JsonSerializer.SerializeToUtf8Bytes(plan, ContributionJson.Default.ContributionPlan));
        DurableFile.Write(PathOf(plan.Contribution), await SealedBlob.SealAsync(account.Keys.Local, Domains.ContributionPlan, plain, Binding(plan.Contribution)));
    }

    public void Remove(ContributionId contribution) => File.Delete(PathOf(contribution.ToString()));

    private string PathOf(string contribution) => Path.Combine(Folder, contribution + Suffix);

    private byte[] Binding(string contribution) => [.. account.Id.ToBytes(), .. System.Text.Encoding.ASCII.GetBytes(contribution)];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ContributionPlan))]
internal sealed partial class ContributionJson : JsonSerializerContext;
