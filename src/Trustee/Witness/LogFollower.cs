using Microsoft.EntityFrameworkCore;
using Salus.Crypto.Merkle;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Trustee.Witness;

/// <summary>A push that does not begin where this trustee is.</summary>
internal sealed class OtherSizeException(long size) : Exception
{
    public long Size { get; } = size;
}

/// <summary>
/// Follows the cloud's log: takes entries in behind those that it has, keeps what it needs to go on, and only then cosigns. What it has followed once it never takes back, so of one size it cosigns
/// one tree, and no smaller one afterwards.
/// </summary>
internal sealed partial class LogFollower(
    ServerIdentity self, TrusteeOptions options, LogKeys keys, NoteSigner witness, TrusteeDatabase database, TimeProvider time, ILogger<LogFollower> log)
{
    /// <summary>The line of the cosignature. Throws when the push is not the log's, does not begin here (<see cref="OtherSizeException"/>) or leads to another tree.</summary>
    public async Task<string> FollowAsync(byte[] body, CancellationToken cancel)
    {
        // 1 Of this log.
        if (!WitnessPush.TryReadNote(body, out var note) || !SignedCheckpoint.TryRead(note, keys, out var signed) || !WitnessPush.TryParse(body, out var push))
            throw ProblemException.BadRequest("This is no push of the log that this trustee follows.");
        if (signed.Size != push.OldSize + push.Entries.Count)
            throw ProblemException.BadRequest("The checkpoint is of another size than the entries lead to.");

        // 2 Behind what was followed before, to the very tree that the checkpoint names. Who has the log's checkpoint and other entries holds nobody up.
        var leaves = push.Entries.Select(entry => entry.LeafHash).ToArray();
        var (frontier, root) = Grown(await database.Followed.AsNoTracking().SingleOrDefaultAsync(cancel), push, leaves, signed);

        // 3 One at a time.
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.LockFollowedAsync(self.Key, cancel);
        var followed = await database.Followed.SingleOrDefaultAsync(cancel);
        if ((followed?.Size ?? 0) is var size && size != push.OldSize)
            throw new OtherSizeException(size);

        // 4 On the disk, and then cosigned.
        if (followed is null)
            database.Followed.Add(new FollowedRow { Size = signed.Size, Frontier = frontier, Root = root, Note = signed.Note });
        else
            (followed.Size, followed.Frontier, followed.Root, followed.Note) = (signed.Size, frontier, root, signed.Note);
        await database.SaveChangesAsync(cancel);
        await database.EnterAsync([.. push.Entries.Select((entry, i) => (entry, size + i)).Where(one => one.entry.IsTagged)], cancel);
        // Signed while nobody else can, so that no smaller tree is cosigned of a later time; given out when it is durable.
        var now = time.GetUtcNow();
        var accesses = Enumerable.Range(0, leaves.Length).Where(i => push.Entries[i].Kind == LogKind.Access).ToArray();
        await database.SeeAccessesAsync([.. accesses.Select(i => size + i)], [.. accesses.Select(i => leaves[i])], now, cancel);
        var line = Cosignature.Sign(witness, signed.Checkpoint, now).ToLine();
        await transaction.CommitAsync(cancel);
        return line;
    }

    /// <summary>What the log has under a tag, as far as it was followed.</summary>
    public async Task<WitnessedTag> NewestAsync(LogKind kind, byte[] tag, byte[] nonce, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var followed = await database.Followed.AsNoTracking().SingleOrDefaultAsync(cancel);
        var code = (short)kind;
        var rows = database.Tagged.AsNoTracking().Where(row => row.Kind == code && row.Tag == tag);
        var total = await rows.LongCountAsync(cancel);
        var newest = await rows.OrderByDescending(row => row.Version).ThenByDescending(row => row.Index).Take(Limits.MaxTagged).ToListAsync(cancel);
        var root = new byte[MerkleTree.HashSize];
        MerkleTree.Root([], root);
        return WitnessedTag.Create(self.Signing, (byte)kind, tag, nonce, time.GetUtcNow(), followed?.Size ?? 0, followed?.Root ?? root, (uint)Math.Min(total, uint.MaxValue),
            [.. newest.Select(row => new TaggedDigest(WitnessTables.Number(row.Version), row.Index, row.Digest))], kind == LogKind.Card ? options.DirectoryKey : []);
    }

    private (byte[] Frontier, byte[] Root) Grown(FollowedRow? followed, WitnessPush push, byte[][] leaves, SignedCheckpoint signed)
    {
        if ((followed?.Size ?? 0) is var size && push.OldSize != size)
            throw new OtherSizeException(size);
        if (!TreeHasher.TryRestore(size, followed?.Frontier ?? [], out var tree))
            throw new InvalidDataException("What this trustee keeps of the log is not as it wrote it.");
        using (tree)
        {
            foreach (var leaf in leaves)
                tree.Append(leaf);
            var root = new byte[MerkleTree.HashSize];
            tree.Root(root);
            if (signed.Root.SequenceEqual(root))
                return (tree.Frontier.ToArray(), root);
            LogOtherTree(signed.Size);
            throw new ProblemException(Problems.OtherTree, StatusCodes.Status422UnprocessableEntity, "The entries do not lead to the checkpoint's tree.");
        }
    }

    // Anybody may push, and a checkpoint of the log is public: what leads elsewhere may be made up by who brings it.
    [LoggerMessage(Level = LogLevel.Warning, Message = "A push has brought entries that do not lead from those that this trustee has seen to the log's checkpoint of {Size} entries. "
        + "When it is the cloud's own, the log has changed what it had.")]
    private partial void LogOtherTree(long size);
}
