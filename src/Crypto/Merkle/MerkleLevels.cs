namespace Salus.Crypto.Merkle;

/// <summary>
/// All nodes of a <see cref="MerkleTree"/> over leaf hashes that are in memory: the root, and the proofs of many leaves for the price of one pass. Level by level
/// a node without a right neighbour rises unchanged, which is the tree of RFC 9162.
/// </summary>
public sealed class MerkleLevels
{
    private readonly List<byte[]> _levels = [];

    /// <summary>One leaf hash at least, 32 bytes each. Roots of complete subtrees of one height (and of a last, smaller one) work alike.</summary>
    public MerkleLevels(ReadOnlySpan<byte> leafHashes)
    {
        if (leafHashes.IsEmpty || leafHashes.Length % MerkleTree.HashSize != 0)
            throw new ArgumentException($"{leafHashes.Length} bytes are no list of hashes.", nameof(leafHashes));
        using var hasher = new LeafHasher();
        var level = leafHashes.ToArray();
        _levels.Add(level);
        while (level.Length > MerkleTree.HashSize)
            _levels.Add(level = Above(hasher, level));
    }

    /// <summary>32 bytes.</summary>
    public ReadOnlySpan<byte> Root => _levels[^1];

    /// <summary>Inclusion proof of a leaf (RFC 9162, section 2.1.3.1), as <see cref="MerkleTree.VerifyInclusion"/> takes it.</summary>
    public byte[] Prove(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _levels[0].Length / MerkleTree.HashSize);
        var proof = new List<byte>(_levels.Count * MerkleTree.HashSize);
        foreach (var level in _levels)
        {
            var sibling = (index ^ 1) * MerkleTree.HashSize;
            if (sibling < level.Length)
                proof.AddRange(level.AsSpan(sibling, MerkleTree.HashSize));
            index >>= 1;
        }
        return [.. proof];
    }

    private static byte[] Above(LeafHasher hasher, byte[] level)
    {
        var nodes = level.Length / MerkleTree.HashSize;
        var above = new byte[(nodes + 1) / 2 * MerkleTree.HashSize];
        for (var node = 0; node < nodes; node += 2)
        {
            var left = level.AsSpan(node * MerkleTree.HashSize, MerkleTree.HashSize);
            var place = above.AsSpan(node / 2 * MerkleTree.HashSize, MerkleTree.HashSize);
            if (node + 1 < nodes)
                hasher.Node(left, level.AsSpan((node + 1) * MerkleTree.HashSize, MerkleTree.HashSize), place);
            else
                left.CopyTo(place);
        }
        return above;
    }
}
