using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Uploads;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Studies;

/// <summary>A token that was taken and is to be spent: the nonce, and the trustee's function of it.</summary>
internal sealed record KeptToken(string Trustee, byte[] Nonce, byte[] Token);

/// <summary>A contribution on its way: what tokens are spent on must stay what it is, however often the sending is cut short.</summary>
/// <param name="Header">The signed head.</param>
/// <param name="Copy">The sealed copy; null for none, and once it is at the cloud.</param>
/// <param name="Row">What the row of shares is made from again, or null.</param>
/// <param name="Tokens">Two at least, in the order in which they are spent; null until they were taken.</param>
/// <param name="Receipts">What they were spent for; null until then.</param>
/// <param name="IsUploaded">Whether the cloud has head and copy.</param>
/// <param name="RowsAt">Trustees that have the row, by their keys.</param>
/// <param name="Due">Before this moment it is not sent by itself.</param>
internal sealed record ContributionPlan(string Study, string Contribution, byte[] Header, byte[]? Copy, byte[]? Row, IReadOnlyList<KeptToken>? Tokens = null,
    IReadOnlyList<byte[]>? Receipts = null, bool IsUploaded = false, IReadOnlyList<string>? RowsAt = null, DateTimeOffset? Due = null);

/// <summary>
/// Plans of contributions in the profile's folder <c>studies/</c>, each sealed under the account's own key. From the moment that one is written the contribution survives a kill.
/// </summary>
internal sealed class ContributionPlans(Account account)
{
    private const string Suffix = ".plan";

    private string Folder => Path.Combine(account.Profile.Folder, "studies");

    /// <summary>One contribution at a time from one profile.</summary>
    public OutboxLock Lock() => OutboxLock.Take(Folder);

    public IReadOnlyList<ContributionId> All() => !Directory.Exists(Folder) ? [] : [.. Directory.EnumerateFiles(Folder, "*" + Suffix).Order(StringComparer.Ordinal)
        .Select(path => Identifier.TryParse(Path.GetFileNameWithoutExtension(path), out ContributionId id) ? id : default).Where(id => id != default)];

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

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ContributionPlan))]
internal sealed partial class ContributionJson : JsonSerializerContext;
