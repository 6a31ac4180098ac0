using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Profiles;

/// <summary>Somebody whose card this device has seen: later cards must be the same.</summary>
/// <param name="Verified">Whether the user has compared the fingerprint with the person.</param>
public sealed record PinnedContact(string Mail, byte[] Card, bool Verified);

/// <summary>The newest header of an epoch chain that this device has seen.</summary>
public sealed record SeenEpoch(uint Epoch, byte[] Hash);

/// <summary>The newest update of a source's chain in a search index that this device has seen.</summary>
public sealed record SeenIndexHead(long Sequence, byte[] Hash);

/// <summary>The newest head of the log that this device has accepted.</summary>
/// <param name="Note">With the log's own signature.</param>
public sealed record SeenLogHead(long Size, byte[] Root, byte[] Note);

/// <summary>A request for access that was answered, and when it was asked.</summary>
public sealed record AnsweredRequest(string Request, DateTimeOffset At);

/// <summary>A share that a trustee has not taken yet, sealed to that trustee.</summary>
public sealed record UnsentKFrag(string Grant, string Trustee, byte[] Sealed);

/// <summary>
/// A revocation that is not through yet, and the epochs that its partitions were in: they are to be left behind. Also that of a grant which the cloud has not confirmed yet.
/// </summary>
/// <param name="IsDeposit">Whether what ends is a deposit grant, of which trustees know nothing.</param>
public sealed record UnfinishedRevocation(byte[] Signed, Dictionary<string, uint> Epochs, bool IsDeposit = false);

/// <summary>
/// A grant that the cloud does not have yet and whose shares may be at trustees already: the same bytes are sent again, for another split would not fit what a trustee has taken.
/// </summary>
public sealed record UnfinishedGrant(byte[] Signed, List<UnsentKFrag> Shares);

/// <summary>The owner's notice that a grant is over.</summary>
/// <param name="IsThrough">Whether the cloud has taken or shown it: from then on it may not show the grant without a notice.</param>
public sealed record KeptRevocation(byte[] Signed, bool IsThrough)
{
    /// <summary>The first receipt of each trustee, by its key: what the cloud hides of them is not lost.</summary>
    public Dictionary<string, byte[]> Receipts { get; set; } = [];
}

/// <summary>A study as this device has first seen it: hashes of its bytes and of its trustees' keys in hexadecimal, and its end once one was shown.</summary>
public sealed record SeenStudy(string Hash, string TokenKeys, byte[]? End, string? Title = null);

/// <summary>The newest state of the account that this device has seen, or that trustees have named.</summary>
public sealed record SeenState(ulong Counter, byte[] Hash);

/// <summary>A state of the account that this device has made.</summary>
public sealed record MadeState(ulong Counter, byte[] Hash, DateTimeOffset At);

/// <summary>What this device knows of the own card in the log.</summary>
/// <param name="Tag">That of the address, once proven.</param>
/// <param name="Checked">When it last held that others are given this card, or the first time that it was to be checked.</param>
public sealed record OwnCard(string Mail, byte[]? Tag, DateTimeOffset Checked);

/// <summary>A change of the account that its inventory may not list yet.</summary>
public sealed record UnlistedItem(byte Kind, string Id, byte[] Digest, bool IsLive, uint Version);

/// <summary>An alarm that an operation of this device has raised.</summary>
/// <param name="Id">Of this device alone.</param>
/// <param name="Operation">What was being done.</param>
public sealed record KeptAlarm(string Id, DateTimeOffset At, AlarmKind Kind, string Message, string Operation, bool Acknowledged);

/// <summary>What this device remembers, so that no server can tell it an older story.</summary>
public sealed record StateContent(
    Dictionary<string, PinnedContact> Contacts, Dictionary<string, SeenEpoch> Epochs, Dictionary<string, uint> Grants, Dictionary<string, uint> Received,
    Dictionary<string, uint> Records,
    List<UnsentKFrag> UnsentKFrags, List<UnfinishedRevocation> UnfinishedRevocations)
{
    /// <summary>The newest index update of each source that this device has seen, by owner, partition and source.</summary>
    public Dictionary<string, SeenIndexHead> IndexHeads { get; set; } = [];

    /// <summary>The account's own deposit grants.</summary>
    public HashSet<string> Deposits { get; set; } = [];

    /// <summary>When deposit grants ended, by owner and grant: a cloud that forgets an end is not believed.</summary>
    public Dictionary<string, DateTimeOffset> EndedDeposits { get; set; } = [];

    /// <summary>Notices of the account's own revoked grants: a cloud that hides one is not believed.</summary>
    public Dictionary<string, KeptRevocation> Revocations { get; set; } = [];

    /// <summary>States of the account that this device has made and has not found in the log yet.</summary>
    public List<MadeState> MadeStates { get; set; } = [];

    /// <summary>Since when a server has not taken changes of the inventory; null while none wait.</summary>
    public DateTimeOffset? UnlistedSince { get; set; }

    /// <summary>New versions of grants, and locked grants, on their way.</summary>
    public List<UnfinishedGrant> UnfinishedGrants { get; set; } = [];

    /// <summary>Partitions that moved on, and whose grants are not all carried over yet.</summary>
    public HashSet<string> Rekeying { get; set; } = [];

    /// <summary>The hardening key of the trustees, as first seen: the group key and the public shares, hexadecimal.</summary>
    public string? HardeningKey { get; set; }

    /// <summary>The trustees' key for contents, as first seen, written alike.</summary>
    public string? ContentsKey { get; set; }

    /// <summary>Studies that this device has seen: none changes afterwards.</summary>
    public Dictionary<string, SeenStudy> Studies { get; set; } = [];

    /// <summary>Studies that this account has contributed to from this device, or was seen to: "started", "contributed" or "withdrawn".</summary>
    public Dictionary<string, string> Participations { get; set; } = [];

    /// <summary>Locked grants that this account has claimed.</summary>
    public HashSet<string> Claimed { get; set; } = [];

    /// <summary>Requests for access that this account has answered, by the hash of what was signed: none is answered again under another identifier.</summary>
    public Dictionary<string, AnsweredRequest> AnsweredRequests { get; set; } = [];

    /// <summary>
    /// The tag of the account's directory entry as this device last made or saw it, hexadecimal; empty for an entry taken out. Several while a change is on its way, null
    /// before the first.
    /// </summary>
    public HashSet<string>? DirectoryTags { get; set; }

    /// <summary>Whether a findable record came or went and the directory entry may not say so yet.</summary>
    public bool IsDirectoryDue { get; set; }

    /// <summary>Upwards only; null before the first.</summary>
    public SeenState? Inventory { get; set; }

    /// <summary>Null before the first look.</summary>
    public OwnCard? OwnCard { get; set; }

    /// <summary>What this device has changed and the inventory may not list yet.</summary>
    public List<UnlistedItem> Unlisted { get; set; } = [];

    /// <summary>Alarms that were raised here, oldest first.</summary>
    public List<KeptAlarm> Alarms { get; set; } = [];

    /// <summary>What the last audit of storage from this device has found.</summary>
    public Audit.AuditReport? LastAudit { get; set; }

    /// <summary>Settings of the page, a JSON text.</summary>
    public string? Preferences { get; set; }

    /// <summary>Remembers the head of a chain in a search index. Upwards only: what was long on its way does not take back what was learnt meanwhile.</summary>
    public void Saw(string chain, SeenIndexHead head)
    {
        if (!IndexHeads.TryGetValue(chain, out var seen) || seen.Sequence < head.Sequence)
            IndexHeads[chain] = head;
    }

    /// <summary>The newest batch of readings that each trustee has shown, by owner, series, grant, trustee and feed.</summary>
    public Dictionary<string, SeenIndexHead> ReadingHeads { get; set; } = [];

    /// <summary>Remembers a batch of readings; upwards only, and of three trustees that answer at once.</summary>
    public void SawReadings(string feed, SeenIndexHead head)
    {
        lock (ReadingHeads)
            if (!ReadingHeads.TryGetValue(feed, out var seen) || seen.Sequence < head.Sequence)
                ReadingHeads[feed] = head;
    }

    /// <summary>The newest head of the log; null before the first.</summary>
    public SeenLogHead? LogHead { get; set; }

    /// <summary>Heads of the log that others have seen, and that fit this device's.</summary>
    public HashSet<string> CheckedHeads { get; set; } = [];

    /// <summary>How many entries of the log this device has looked through for accesses to the account's data.</summary>
    public long LogSearched { get; set; }

    /// <summary>Places of accesses among them that no trustee's journal named.</summary>
    public List<long> UnnamedAccesses { get; set; } = [];

    /// <summary>How many accesses each trustee has told of, by its key.</summary>
    public Dictionary<string, int> JournalLines { get; set; } = [];

    public static StateContent Empty() => new([], [], [], [], [], [], []);
}

/// <summary>
/// <see cref="StateContent"/> in <c>state.sealed</c>, sealed under the account's own key. A damaged file is an error and never an empty state: an empty one would forget what
/// protects against rollback.
/// </summary>
internal sealed class LocalState
{
    private readonly Profile _profile;
    private readonly Secret _key;
    private readonly byte[] _binding;
    private readonly Lock _order = new();
    private Task _saving = Task.CompletedTask;
    private byte[] _kept;

    private LocalState(Profile profile, Secret key, byte[] binding, StateContent content, byte[] kept) =>
        (_profile, _key, _binding, Content, _kept) = (profile, key, binding, content, kept);

    public StateContent Content { get; private set; }

    public static async Task<LocalState> OpenAsync(Profile profile, Secret key, AccountId account)
    {
        var binding = account.ToBytes();
        if (!File.Exists(profile.StatePath))
            return new LocalState(profile, key, binding, StateContent.Empty(), []);
        using var opened = await SealedBlob.OpenSecretAsync(key, Domains.LocalState, await File.ReadAllBytesAsync(profile.StatePath), binding);
        var content = opened is null ? null : JsonSerializer.Deserialize(opened.Bytes, StateJson.Default.StateContent);
        return content is null
            ? throw new AlarmException(AlarmKind.Integrity,
                $"{profile.StatePath} is damaged. It holds what this device has seen of others' keys; restore it from a backup, or move it away to start anew "
                + "and compare fingerprints again.")
            : new LocalState(profile, key, binding, content, Sha256.Hash(JsonSerializer.SerializeToUtf8Bytes(content, StateJson.Default.StateContent)));
    }

    /// <summary>
    /// Takes over what other commands have written since: for a command that runs for long. Whoever calls has saved what it changed itself, and holds nothing of the content.
    /// </summary>
    public async Task RefreshAsync(AccountId account)
    {
        var now = await OpenAsync(_profile, _key, account);
        (Content, _kept) = (now.Content, now._kept);
    }

    /// <summary>
    /// One after the other, each with what is known when its turn comes: what is on the disk at the end is the newest. Nothing is written when nothing has changed, so that a
    /// command that learns nothing does not turn back what another has written meanwhile.
    /// </summary>
    public Task SaveAsync()
    {
        lock (_order)
            return _saving = SaveAfterAsync(_saving);
    }

    private async Task SaveAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var plain = Secret.CopyOf(JsonSerializer.SerializeToUtf8Bytes(Content, StateJson.Default.StateContent));
        using (plain)
        {
            var kept = Sha256.Hash(plain.Bytes);
            if (kept.AsSpan().SequenceEqual(_kept) && File.Exists(_profile.StatePath))
                return;
            DurableFile.Write(_profile.StatePath, await SealedBlob.SealAsync(_key, Domains.LocalState, plain, _binding));
            _kept = kept;
        }
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StateContent))]
internal sealed partial class StateJson : JsonSerializerContext;
