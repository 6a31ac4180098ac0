using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Salus.Crypto.Merkle;

/// <summary>
/// Root of a <see cref="MerkleTree"/> over leaf hashes that come one after another, in O(log n) memory: for every one bit of the count
/// the root of a complete subtree waits for its right neighbour.
/// </summary>
public sealed class TreeHasher : IDisposable
{
    private readonly LeafHasher _hasher = new();
    private readonly byte[] _waiting = new byte[MerkleTree.HashSize * (MerkleTree.MaxProofHashes + 1)];
    private int _depth;

    /// <summary>Leaves so far.</summary>
    public long Count { get; private set; }

    /// <summary>The roots that wait, from the left, 32 bytes each: with <see cref="Count"/> all that is needed to go on.</summary>
    public ReadOnlySpan<byte> Frontier => _waiting.AsSpan(0, _depth * MerkleTree.HashSize);

    /// <summary>Goes on from a count and its frontier. False when they do not fit each other.</summary>
    public static bool TryRestore(long count, ReadOnlySpan<byte> frontier, [NotNullWhen(true)] out TreeHasher? tree)
    {
        tree = null;
        if (count < 0 || count >> MerkleTree.MaxProofHashes != 0 || frontier.Length != BitOperations.PopCount((ulong)count) * MerkleTree.HashSize)
            return false;
        tree = new TreeHasher { Count = count, _depth = frontier.Length / MerkleTree.HashSize };
        frontier.CopyTo(tree._waiting);
        return true;
    }

    /// <summary>Appends leaf hashes: any number of 32 bytes each. Subtree roots of one common height that fill their trees work alike.</summary>
    public void Append(ReadOnlySpan<byte> leafHashes)
    {
        if (leafHashes.Length % MerkleTree.HashSize != 0)
            throw new ArgumentException($"{leafHashes.Length} bytes are no list of hashes.", nameof(leafHashes));
        for (; !leafHashes.IsEmpty; leafHashes = leafHashes[MerkleTree.HashSize..])
        {
            leafHashes[..MerkleTree.HashSize].CopyTo(Waiting(_depth++));
            for (var complete = ++Count; (complete & 1) == 0; complete >>= 1)
                Merge();
        }
    }

    /// <summary>The root so far (32 bytes); more leaves may follow. Without leaves: the hash of nothing (RFC 9162).</summary>
    public void Root(Span<byte> root)
    {
        if (_depth == 0)
        {
            System.Security.Cryptography.SHA256.HashData([], root);
            return;
        }
        Span<byte> hash = stackalloc byte[MerkleTree.HashSize];
        Waiting(_depth - 1).CopyTo(hash);
        for (var i = _depth - 2; i >= 0; i--)
            _hasher.Node(Waiting(i), hash, hash);
        hash.CopyTo(root);
    }

    public void Dispose() => _hasher.Dispose();

    private void Merge()
    {
        _depth--;
        _hasher.Node(Waiting(_depth - 1), Waiting(_depth), Waiting(_depth - 1));
    }

    private Span<byte> Waiting(int i) => _waiting.AsSpan(i * MerkleTree.HashSize, MerkleTree.HashSize);
}
