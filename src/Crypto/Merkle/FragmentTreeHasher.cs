namespace Salus.Crypto.Merkle;

/// <summary>
/// Tree of a fragment from its bytes as they come: leaves of 4 KiB, each leaf's hash handed on at once, the root in O(log n) memory.
/// Which parts of a fragment are leaves is the layout's matter (docs/spec/dispersal.md); <see cref="EndLeaf"/> ends a short one.
/// </summary>
public sealed class FragmentTreeHasher : IDisposable
{
    /// <summary>Bytes of a leaf, save the last of a part.</summary>
    public const int LeafSize = 4096;

    private readonly LeafHasher _leaves = new();
    private readonly TreeHasher _tree = new();
    private readonly byte[] _pending = new byte[LeafSize];
    private readonly Action<ReadOnlySpan<byte>>? _leafHash;
    private int _pendingLength;

    /// <summary><paramref name="leafHash"/> receives the hash of each leaf (32 bytes), in order.</summary>
    public FragmentTreeHasher(Action<ReadOnlySpan<byte>>? leafHash = null) => _leafHash = leafHash;

    /// <summary>Leaves of <paramref name="length"/> bytes.</summary>
    public static long Leaves(long length) => (length + LeafSize - 1) / LeafSize;

    /// <summary>Hashes whole leaves and a last, maybe shorter one: 32 bytes each into <paramref name="hashes"/>.</summary>
    public static void HashLeaves(LeafHasher hasher, ReadOnlySpan<byte> data, Span<byte> hashes)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        ArgumentOutOfRangeException.ThrowIfNotEqual(hashes.Length, (int)Leaves(data.Length) * MerkleTree.HashSize);
        hasher.Leaves(data, LeafSize, hashes);
    }

    /// <summary>Takes any number of bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (_pendingLength == 0 && data.Length >= LeafSize)
            {
                Add(data[..LeafSize]);
                data = data[LeafSize..];
                continue;
            }
            var taken = Math.Min(LeafSize - _pendingLength, data.Length);
            data[..taken].CopyTo(_pending.AsSpan(_pendingLength));
            data = data[taken..];
            _pendingLength += taken;
            if (_pendingLength == LeafSize)
                EndLeaf();
        }
    }

    /// <summary>Ends a leaf that is shorter than 4 KiB; without pending bytes it does nothing.</summary>
    public void EndLeaf()
    {
        if (_pendingLength == 0)
            return;
        Add(_pending.AsSpan(0, _pendingLength));
        _pendingLength = 0;
    }

    /// <summary>The root (32 bytes); pending bytes become the last leaf.</summary>
    public void Root(Span<byte> root)
    {
        EndLeaf();
        _tree.Root(root);
    }

    public void Dispose()
    {
        _leaves.Dispose();
        _tree.Dispose();
    }

    private void Add(ReadOnlySpan<byte> leaf)
    {
        Span<byte> hash = stackalloc byte[MerkleTree.HashSize];
        _leaves.Leaf(leaf, hash);
        _tree.Append(hash);
        _leafHash?.Invoke(hash);
    }
}
