using System.Buffers.Binary;
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

    private const int Attempts = 8;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<TreeTile, byte[]> _tiles = [];
    private LogKeys? _keys;

    public LogKeys Keys => _keys ??= LogKeys.TryFrom(account.Content.Parties, out var keys)
        ? keys
        : throw new CannotException("This profile was made before there was a log: it has no keys of it. Log in again, or write the new parties into it.", Reasons.DamagedProfile);

    /// <summary>The newest head that this device has accepted.</summary>
    public SeenLogHead? Head => account.State.Content.LogHead;

    /// <summary>The newest head for others to hold against theirs; null while there is none.</summary>
    public byte[]? HeadForOthers => Head?.Note;

    /// <summary>Asks the cloud for its newest head and takes it.</summary>
    public async Task<SignedCheckpoint> NewestAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var note = await account.Cloud.Log.CheckpointAsync(cancel);
            if (!SignedCheckpoint.TryRead(note, Keys, out var checkpoint))
                throw new AlarmException(AlarmKind.Integrity, "The cloud shows a head of the log that the log has not signed, or with a false cosignature.");
            // One that is new may be on its way to the trustees.
            if (checkpoint.Cosignatures.Count < Needed && attempt < Attempts)
            {
                await Task.Delay(Pause, account.Clock, cancel);
                continue;
            }
            await AcceptAsync(checkpoint, cancel);
            return checkpoint;
        }
    }

    /// <summary>Takes a head that two trustees have cosigned and that is the log which was seen before, gone on; or was it at some size.</summary>
    public async Task AcceptAsync(SignedCheckpoint checkpoint, CancellationToken cancel)
    {
        if (checkpoint.Cosignatures.Count < Needed)
            throw new CannotException($"Fewer than {Needed} trustees have cosigned the newest head of the log. Try again when `salus status` shows them.", Reasons.TooFewTrustees);
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
                await NewestAsync(cancel);
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
        account.State.Content.CheckedHeads.Add(name);
        await account.State.SaveAsync();
    }

    /// <summary>An entry by its place, proven to be there under the newest head.</summary>
    public async Task<LogEntry> EntryAsync(long index, CancellationToken cancel)
    {
        var head = Head ?? throw new InvalidOperationException("No head was accepted yet.");
        if (index >= head.Size)
            throw new AlarmException(AlarmKind.Withheld, $"The cloud shows {head.Size} entries of the log; there must be one at place {index}.");
        await _turn.WaitAsync(cancel);
        try
        {
            var tile = TreeTile.At(0, index / TreeTile.FullWidth, head.Size);
            var entry = Entries(await FetchAsync(() => account.Cloud.Log.EntriesAsync(tile, cancel))).ElementAtOrDefault((int)(index % TreeTile.FullWidth));
            if (entry is not null && await HashesAsync(TreeRange.Inclusion(index, head.Size), head.Size, cancel) is { } proof
                && MerkleTree.VerifyInclusion(entry.LeafHash, index, head.Size, proof, head.Root))
                return entry;
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

    /// <summary>Who has very many entries waits until the cloud gives out more proofs.</summary>
    private async Task<byte[]?> ProofAsync(byte[] leaf, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await account.Cloud.Log.ProofAsync(leaf, cancel);
            }
            catch (RefusedException refused) when (refused.Code == Problems.TooMany && attempt < Attempts && refused.RetryAfter is { } wait && wait <= MaxWait)
            {
                await Task.Delay(wait, account.Clock, cancel);
            }
    }

    /// <summary>A head and the one that was seen are of one log; a fork otherwise.</summary>
    private async Task FitAsync(SignedCheckpoint checkpoint, string told, CancellationToken cancel)
    {
        if (Head is not { } seen)
            return;
        var root = checkpoint.Root.ToArray();
        var isOlder = checkpoint.Size <= seen.Size;
        var (older, olderRoot) = isOlder ? (checkpoint.Size, root) : (seen.Size, seen.Root);
        var (newer, newerRoot) = isOlder ? (seen.Size, seen.Root) : (checkpoint.Size, root);
        if (await HashesAsync(TreeRange.Consistency(older, newer), newer, cancel) is { } proof && MerkleTree.VerifyConsistency(older, olderRoot, newer, newerRoot, proof))
            return;
        _tiles.Clear();
        throw new AlarmException(AlarmKind.Fork, $"The log that the cloud shows does not go on from the one that it showed {told} ({older} and {newer} entries): it tells two stories.");
    }

    /// <summary>The hashes of a proof from the log's tiles; null when they do not make any.</summary>
    private async Task<byte[]?> HashesAsync(IReadOnlyList<TreeRange> ranges, long size, CancellationToken cancel)
    {
        foreach (var tile in TreeTile.Needed(ranges, size).Where(tile => !_tiles.ContainsKey(tile)))
            _tiles[tile] = await FetchAsync(() => account.Cloud.Log.TileAsync(tile, cancel));
        return TreeTile.Hashes(ranges, size, tile => _tiles.TryGetValue(tile, out var bytes) ? bytes : null);
    }

    private static async Task<byte[]> FetchAsync(Func<Task<byte[]>> fetch)
    {
        try
        {
            return await fetch();
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw new AlarmException(AlarmKind.Withheld, "The cloud does not hand out a part of the log that it has signed.");
        }
    }

    /// <summary>A bundle (c2sp.org/tlog-tiles): each entry behind its length, 16 bits. What comes behind something that is no entry is left out.</summary>
    private static IEnumerable<LogEntry?> Entries(byte[] bundle)
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
