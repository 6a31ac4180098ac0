using System.Buffers.Binary;
using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Crypto.Merkle;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>
/// The cloud's log as this device sees it. A head counts when the log has signed it and two trustees have cosigned it; every further one must be the same log gone on, which is shown by the
/// log's own tiles. The newest is remembered, so that a cloud that tells another story later, or to somebody else, is caught.
/// </summary>
internal sealed class LogView(Account account) : IDisposable
{
    /// <summary>Trustees that must have cosigned.</summary>
    public const int Needed = 2;

    /// <summary>How old a cosignature of the newest head may be: trustees renew theirs every minute.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private const int Attempts = 8;

    /// <summary>Others' heads that are remembered to fit. What is forgotten is looked at once more.</summary>
    private const int MaxChecked = 1000;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<TreeTile, byte[]> _tiles = [];
    private LogKeys? _keys;

    public LogKeys Keys => _keys ??= LogKeys.TryFrom(account.Content.Parties, out var keys)
        ? keys
        : throw new CannotException($"This profile was made before there was a log and has none of its keys. Move {account.Profile.Folder} away and use `salus login {account.Mail}`: "
            + "the account itself is safe. Compare the fingerprints of your contacts again afterwards.", Reasons.DamagedProfile);

    /// <summary>The newest head that this device has accepted.</summary>
    public SeenLogHead? Head => account.State.Content.LogHead;

    /// <summary>The newest head for others to hold against theirs; null while there is none.</summary>
    public byte[]? HeadForOthers => Head?.Note;

    /// <summary>Asks the cloud for its newest head and takes it.</summary>
    public Task<SignedCheckpoint> NewestAsync(CancellationToken cancel) => NewestAsync(0, cancel);

    /// <summary>The same, when somebody says that the log has some entries at least: what the cloud shows then may still be smaller, and the caller says what that means.</summary>
    public async Task<SignedCheckpoint> NewestAsync(long least, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var note = await PatientlyAsync(() => account.Cloud.Log.CheckpointAsync(cancel), cancel);
            if (!SignedCheckpoint.TryRead(note, Keys, out var checkpoint))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a head of the log that the log has not signed, or with a false cosignature.");
            var isOfNow = checkpoint.Cosignatures.Count(one => IsNow(one.At)) >= Needed;
            // One that is new may be on its way to the trustees, or to that server of the cloud that was asked.
            if ((!isOfNow || checkpoint.Size < least) && attempt < Attempts)
            {
                await Task.Delay(Pause, account.Clock, cancel);
                continue;
            }
            if (!isOfNow && checkpoint.Cosignatures.Count >= Needed)
                throw await StaleAsync(checkpoint, cancel);
            await AcceptAsync(checkpoint, cancel);
            return checkpoint;
        }
    }

    /// <summary>Takes a head that two trustees have cosigned and that is the log which was seen before, gone on; or was it at some size.</summary>
    public async Task AcceptAsync(SignedCheckpoint checkpoint, CancellationToken cancel)
    {
        if (checkpoint.Cosignatures.Count < Needed)
            throw TooFew();
        await _turn.WaitAsync(cancel);
        try
        {
            await FitAsync(checkpoint, "before", cancel);
            if (Head is { } seen && checkpoint.Size <= seen.Size)
                return;
            account.State.Content.LogHead = LogHead.Seen(checkpoint, Keys);
        }
        finally
        {
            _turn.Release();
        }
        await account.State.SaveAsync();
    }

    /// <summary>
    /// Holds the head that somebody has seen against this device's. One that the log has not signed says nothing. While the trustees are away it is left for the next time.
    /// </summary>
    public async Task CheckAsync(byte[]? note, string whose, CancellationToken cancel)
    {
        if (note is null or { Length: 0 } || !SignedCheckpoint.TryRead(note, Keys, out var theirs))
            return;
        var name = LogHead.Name(theirs);
        if (account.State.Content.CheckedHeads.Contains(name))
            return;
        try
        {
            if (Head is not { } head || head.Size < theirs.Size)
                await NewestAsync(theirs.Size, cancel);
        }
        catch (Exception failure) when (failure is CannotException or UnreachableException)
        {
            return;
        }
        if (Head!.Size < theirs.Size)
            throw new AlarmException(AlarmKind.Withheld, $"The cloud shows you {Head.Size} entries of the log, and {whose} has seen {theirs.Size}.");
        await _turn.WaitAsync(cancel);
        try
        {
            await FitAsync(theirs, $"to {whose}", cancel);
        }
        finally
        {
            _turn.Release();
        }
        var known = account.State.Content.CheckedHeads;
        if (known.Count >= MaxChecked)
            known.Remove(known.First());
        known.Add(name);
        await account.State.SaveAsync();
    }

    /// <summary>Whether a tree that somebody has seen, not larger than this device's head, is this log at that size.</summary>
    public async Task<bool> IsOfThisLogAsync(long size, byte[] root, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await FitsAsync(size, root, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>An entry by its place, proven to be there under the newest head.</summary>
    public async Task<LogEntry> EntryAsync(long index, CancellationToken cancel) => (await BundleAsync(index, cancel))[(int)(index % TreeTile.FullWidth)];

    /// <summary>The entries of the bundle that a place is in, all proven to be there under the newest head.</summary>
    public async Task<IReadOnlyList<LogEntry>> BundleAsync(long index, CancellationToken cancel)
    {
        var head = Head ?? throw new InvalidOperationException("No head was accepted yet.");
        if (index >= head.Size)
            throw new AlarmException(AlarmKind.Withheld, $"The cloud shows {head.Size} entries of the log; there must be one at place {index}.");
        await _turn.WaitAsync(cancel);
        try
        {
            var tile = TreeTile.At(0, index / TreeTile.FullWidth, head.Size);
            var entries = ReadBundle(await FetchAsync(() => account.Cloud.Log.EntriesAsync(tile, cancel), cancel)).OfType<LogEntry>().ToArray();
            if (entries.Length == tile.Width)
            {
                // A proof of one of them by the hashes of all of them: the others are its siblings.
                _tiles[tile] = [.. entries.SelectMany(entry => entry.LeafHash)];
                var first = tile.Index * TreeTile.FullWidth;
                try
                {
                    if (await HashesAsync(TreeRange.Inclusion(first, head.Size), head.Size, cancel) is { } proof
                        && MerkleTree.VerifyInclusion(entries[0].LeafHash, first, head.Size, proof, head.Root))
                        return entries;
                }
                finally
                {
                    // Not proven yet, and not to be taken for it when the proof could not be had.
                    _tiles.Remove(tile);
                }
            }
            _tiles.Clear();
            throw new AlarmException(AlarmKind.Fork, $"What the cloud shows at place {index} of the log is not what the trustees have cosigned: the entry was rewritten.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether an entry is in the log; an alarm when the cloud's proof of it does not hold.</summary>
    public async Task<bool> HasAsync(LogEntry entry, CancellationToken cancel) => await PlaceAsync(entry, cancel) is not null;

    /// <summary>Where an entry is in the log, or null when it is not; an alarm when the cloud's proof of it does not hold.</summary>
    public async Task<long?> PlaceAsync(LogEntry entry, CancellationToken cancel)
    {
        if (await ProofAsync(entry.LeafHash, cancel) is not { } bytes)
            return null;
        if (!LogProof.TryRead(bytes, Keys, out var proof) || !proof.Includes(entry))
            throw new AlarmException(AlarmKind.Integrity, "The cloud's proof of an entry of the log does not hold.");
        await AcceptAsync(proof.Checkpoint, cancel);
        return proof.Index;
    }

    public void Dispose() => _turn.Dispose();

    private Task<byte[]?> ProofAsync(byte[] leaf, CancellationToken cancel) => PatientlyAsync(() => account.Cloud.Log.ProofAsync(leaf, cancel), cancel);

    /// <summary>
    /// A server of the cloud that has just begun, or is a moment behind another, says so and is asked again; and who has very many entries waits until the cloud gives out more proofs.
    /// </summary>
    private async Task<T> PatientlyAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await ask();
            }
            catch (RefusedException refused) when (attempt < Attempts && WaitFor(refused) is { } wait)
            {
                await Task.Delay(wait, account.Clock, cancel);
            }
    }

    private static TimeSpan? WaitFor(RefusedException refused) => refused.Code switch
    {
        Problems.NotLoggedYet => Pause,
        Problems.TooMany when refused.RetryAfter is { } wait && wait <= MaxWait => wait,
        _ => null,
    };

    private bool IsNow(DateTimeOffset at) => (account.Now - at).Duration() <= MaxAge;

    private static CannotException TooFew() =>
        new($"Fewer than {Needed} trustees have cosigned the newest head of the log. Try again when `salus status` shows them.", Reasons.TooFewTrustees);

    /// <summary>Why the newest head is none of now: trustees are away, this device's clock is wrong, or the cloud keeps back what came later.</summary>
    private async Task<Exception> StaleAsync(SignedCheckpoint checkpoint, CancellationToken cancel)
    {
        var times = await new Witnesses(account).TimesAsync(cancel);
        if (times.Count < Needed)
            return TooFew();
        var at = checkpoint.Cosignatures.Max(one => one.At);
        return times.Count(IsNow) < Needed
            ? new RefusedException(Problems.ClockSkew, string.Create(CultureInfo.InvariantCulture,
                $"The clock of this device says {account.Now:yyyy-MM-dd HH:mm}Z and those of the trustees say {times[0]:yyyy-MM-dd HH:mm}Z. Set it: ")
                + "an old log cannot be told from the newest.", "trustees")
            : new AlarmException(AlarmKind.Withheld, string.Create(CultureInfo.InvariantCulture,
                $"The newest head of the log that the cloud shows was cosigned at {at:yyyy-MM-dd HH:mm}Z. The trustees answer and cosign every minute: what came later is kept from you."));
    }

    /// <summary>A head and the one that was seen are of one log; a fork otherwise.</summary>
    private async Task FitAsync(SignedCheckpoint checkpoint, string told, CancellationToken cancel)
    {
        if (await FitsAsync(checkpoint.Size, checkpoint.Root.ToArray(), cancel))
            return;
        var (older, newer) = (Math.Min(checkpoint.Size, Head!.Size), Math.Max(checkpoint.Size, Head.Size));
        throw new AlarmException(AlarmKind.Fork, $"The log that the cloud shows does not go on from the one that it showed {told} ({older} and {newer} entries): it tells two stories.");
    }

    /// <summary>Whether a tree and that of the head that was seen are one log at two sizes.</summary>
    private async Task<bool> FitsAsync(long size, byte[] root, CancellationToken cancel)
    {
        if (Head is not { } seen)
            return true;
        var (older, olderRoot) = size <= seen.Size ? (size, root) : (seen.Size, seen.Root);
        var (newer, newerRoot) = size <= seen.Size ? (seen.Size, seen.Root) : (size, root);
        if (await HashesAsync(TreeRange.Consistency(older, newer), newer, cancel) is { } proof && MerkleTree.VerifyConsistency(older, olderRoot, newer, newerRoot, proof))
            return true;
        _tiles.Clear();
        return false;
    }

    /// <summary>The hashes of a proof from the log's tiles; null when they do not make any.</summary>
    private async Task<byte[]?> HashesAsync(IReadOnlyList<TreeRange> ranges, long size, CancellationToken cancel)
    {
        foreach (var tile in TreeTile.Needed(ranges, size).Where(tile => !_tiles.ContainsKey(tile)))
            _tiles[tile] = await FetchAsync(() => account.Cloud.Log.TileAsync(tile, cancel), cancel);
        return TreeTile.Hashes(ranges, size, tile => _tiles.TryGetValue(tile, out var bytes) ? bytes : null);
    }

    /// <summary>A part of the log that a head says is there. That it is not is said twice before it is an alarm: another server of the cloud may have answered, a moment behind.</summary>
    private Task<byte[]> FetchAsync(Func<Task<byte[]>> fetch, CancellationToken cancel) => PatientlyAsync(async () =>
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await fetch();
            }
            catch (RefusedException refused) when (refused.Code == Problems.NotFound)
            {
                if (attempt > 1)
                    throw new AlarmException(AlarmKind.Withheld, "The cloud does not hand out a part of the log that it has signed.");
                await Task.Delay(Pause, account.Clock, cancel);
            }
    }, cancel);

    /// <summary>A bundle (c2sp.org/tlog-tiles): each entry behind its length, 16 bits. What comes behind something that is no entry is left out.</summary>
    internal static IEnumerable<LogEntry?> ReadBundle(byte[] bundle)
    {
        for (var rest = bundle.AsMemory(); rest.Length >= sizeof(ushort);)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            if (rest.Length < sizeof(ushort) + length)
                yield break;
            yield return LogEntry.TryParse(rest.Span.Slice(sizeof(ushort), length), out var entry) ? entry : null;
            rest = rest[(sizeof(ushort) + length)..];
        }
    }
}
