using System.Collections.Concurrent;
using Salus.Crypto;
using Salus.Crypto.Merkle;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Trustee.Tests;

/// <summary>A log in memory, with three witnesses that cosign whatever it says: what trustees and clients that are tested alone take for the cloud's.</summary>
internal sealed class TestLog
{
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _entries = [];
    private readonly List<byte> _hashes = [];

    /// <summary>The log of all tests of a process: no place in it is given out twice.</summary>
    public static TestLog Shared { get; } = new();

    /// <summary>The cards of owners, by their accounts.</summary>
    public static ConcurrentDictionary<AccountId, AccountCard> Cards { get; } = [];

    /// <summary>The key by which the cloud makes tags of addresses.</summary>
    public static byte[] Directory { get; } = DirectoryKey();

    public NoteSigner Signer { get; } = NoteSigner.Log(Seed(9));

    /// <summary>Those of the second and third are what strangers among the trustees have.</summary>
    public NoteSigner[] Witnesses { get; } = [NoteSigner.Witness(Seed(10)), NoteSigner.Witness(Seed(11)), NoteSigner.Witness(Seed(12))];

    public LogKeys Keys => new(Signer.Key, [.. Witnesses.Select(witness => witness.Key)]);

    public long Size
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    private static byte[] DirectoryKey()
    {
        using var key = OprfKey.Derive(new byte[OprfKey.SeedSize], "tests"u8);
        return key.PublicKey.Bytes.ToArray();
    }

    public static Secret Seed(byte number) => Secret.CopyOf(Enumerable.Repeat(number, 32).ToArray());

    /// <summary>The place that the entry gets.</summary>
    public long Append(LogEntry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry.Bytes);
            _hashes.AddRange(entry.LeafHash);
            return _entries.Count - 1;
        }
    }

    /// <summary>The newest checkpoint, with cosignatures of a time.</summary>
    public byte[] Note(DateTimeOffset at, params NoteSigner[] witnesses)
    {
        lock (_lock)
            return Sign(_entries.Count, at, witnesses);
    }

    /// <summary>The checkpoint of a size.</summary>
    public byte[] Note(int size, DateTimeOffset at, params NoteSigner[] witnesses)
    {
        lock (_lock)
            return Sign(size, at, witnesses);
    }

    /// <summary>What a cloud answers at a path under /log (c2sp.org/tlog-tiles); null where there is nothing.</summary>
    /// <param name="size">Of the newest checkpoint, when not all are to be shown.</param>
    public byte[]? Answer(string path, int? size, DateTimeOffset at, params NoteSigner[] witnesses)
    {
        lock (_lock)
        {
            if (path == "/log/checkpoint")
                return Sign(size ?? _entries.Count, at, witnesses);
            if (!path.StartsWith("/log/tile/", StringComparison.Ordinal) || path["/log/tile/".Length..].Split('/', 2) is not [var level, var index])
                return null;
            if (!TreeTile.TryParse(level == "entries" ? 0 : int.Parse(level, System.Globalization.CultureInfo.InvariantCulture), index, out var tile) || tile.NeededSize > _entries.Count)
                return null;
            return level == "entries" ? Bundle(tile) : Hashes(tile);
        }
    }

    /// <summary>A .tlog-proof of an entry under the newest checkpoint.</summary>
    public byte[] Proof(long index, DateTimeOffset at, params NoteSigner[] witnesses)
    {
        lock (_lock)
            return LogProof.Encode(index, MerkleTree.Prove(_hashes.ToArray(), index), Sign(_entries.Count, at, witnesses));
    }

    /// <summary>Where an entry first is, by its leaf hash; null when it is nowhere.</summary>
    public long? Find(byte[] leaf)
    {
        lock (_lock)
            return _entries.FindIndex(entry => LogEntry.TryParse(entry.Span, out var read) && read.LeafHash.AsSpan().SequenceEqual(leaf)) is >= 0 and var at ? at : null;
    }

    /// <summary>What a witness keeps of the log at a size.</summary>
    public (byte[] Frontier, byte[] Root) Followed(long size)
    {
        lock (_lock)
        {
            using var tree = new TreeHasher();
            tree.Append(_hashes.GetRange(0, (int)size * MerkleTree.HashSize).ToArray());
            var root = new byte[MerkleTree.HashSize];
            tree.Root(root);
            return (tree.Frontier.ToArray(), root);
        }
    }

    /// <summary>The push that takes a witness from one size to another.</summary>
    public byte[] Push(long from, long to, DateTimeOffset at)
    {
        lock (_lock)
            return WitnessPush.Encode(from, Sign((int)to, at, []), [.. _entries.Skip((int)from).Take((int)(to - from))]);
    }

    /// <summary>The trace of an access that is in the log, right in everything that is not given.</summary>
    public byte[] Trace(SigningKey requester, AccessSubject subject, DateTimeOffset at, AccountCard? card = null, DateTimeOffset? cosigned = null, NoteSigner[]? witnesses = null) =>
        Trace(AccessStatement.Create(requester, subject, at), card ?? Cards[subject.Owner], cosigned ?? at, witnesses ?? Witnesses);

    public byte[] Trace(AccessStatement statement, AccountCard card, DateTimeOffset cosigned, params NoteSigner[] witnesses)
    {
        var seed = statement.Nonce;
        var index = Append(Entry(statement, card, seed));
        return new AccessTrace(card, statement, seed, Proof(index, cosigned, witnesses)).ToBytes();
    }

    public static LogEntry Entry(AccessStatement statement, AccountCard card, byte[] seed)
    {
        using var secret = Secret.CopyOf(seed);
        return AccessEntry.SealAsync(statement, card.Box, secret).AsTask().GetAwaiter().GetResult();
    }

    private byte[] Bundle(TreeTile tile) => [.. _entries.Skip((int)tile.Index * TreeTile.FullWidth).Take(tile.Width)
        .SelectMany(entry => (byte[])[(byte)(entry.Length >> 8), (byte)(entry.Length & 0xff), .. entry.Span])];

    private byte[] Hashes(TreeTile tile)
    {
        var (hashes, each) = (new byte[tile.Width * MerkleTree.HashSize], (1 << (8 * tile.Level)) * MerkleTree.HashSize);
        var all = _hashes.ToArray();
        for (var i = 0; i < tile.Width; i++)
            MerkleTree.Root(all.AsSpan((int)(tile.Index * TreeTile.FullWidth + i) * each, each), hashes.AsSpan(i * MerkleTree.HashSize, MerkleTree.HashSize));
        return hashes;
    }

    private byte[] Sign(int size, DateTimeOffset at, NoteSigner[] witnesses)
    {
        var root = new byte[MerkleTree.HashSize];
        MerkleTree.Root(_hashes.GetRange(0, size * MerkleTree.HashSize).ToArray(), root);
        var checkpoint = new Checkpoint(Signer.Key.Name, size, root);
        return SignedNote.Of(checkpoint.Text, [checkpoint.Sign(Signer), .. witnesses.Select(witness => Cosignature.Sign(witness, checkpoint, at))]).ToBytes();
    }
}
