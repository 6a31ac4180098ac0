using System.Numerics;

namespace Salus.Crypto.Merkle;

/// <summary>The complete subtree of 2^<see cref="Height"/> leaves that begins at leaf <see cref="Index"/> · 2^<see cref="Height"/>.</summary>
public readonly record struct TreeNode(int Height, long Index);

/// <summary>
/// Leaves <see cref="First"/> to <see cref="End"/> (excluded) of a <see cref="MerkleTree"/>, a subtree of which that is one hash of a proof: it begins where a complete subtree of at least
/// its size may begin.
/// </summary>
public readonly record struct TreeRange(long First, long End)
{
    /// <summary>The hashes of an inclusion proof (RFC 9162, section 2.1.3.1) of leaf <paramref name="index"/> in a tree of <paramref name="size"/> leaves, from the leaf up.</summary>
    public static IReadOnlyList<TreeRange> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<TreeRange>();
        for (var (first, end) = (0L, size); end - first > 1;)
        {
            var middle = first + LargestPowerBelow(end - first);
            ranges.Add(index < middle ? new(middle, end) : new(first, middle));
            (first, end) = index < middle ? (first, middle) : (middle, end);
        }
        ranges.Reverse();
        return ranges;
    }

    /// <summary>The hashes of a consistency proof (RFC 9162, section 2.1.4.1) from <paramref name="oldSize"/> to <paramref name="newSize"/> leaves; none when one of them is trivial.</summary>
    public static IReadOnlyList<TreeRange> Consistency(long oldSize, long newSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        var ranges = new List<TreeRange>();
        if (oldSize == 0 || oldSize == newSize)
            return ranges;
        var (first, end) = (0L, newSize);
        while (end != oldSize)
        {
            var middle = first + LargestPowerBelow(end - first);
            ranges.Add(oldSize <= middle ? new(middle, end) : new(first, middle));
            (first, end) = oldSize <= middle ? (first, middle) : (middle, end);
        }
        // A verifier has the old root already when the old tree is this subtree from the first leaf on.
        if (first > 0)
            ranges.Add(new(first, end));
        ranges.Reverse();
        return ranges;
    }

    /// <summary>The complete subtrees of which the range consists, from the left.</summary>
    public IEnumerable<TreeNode> Nodes()
    {
        for (var first = First; first < End;)
        {
            var height = BitOperations.Log2((ulong)(End - first));
            yield return new TreeNode(height, first >> height);
            first += 1L << height;
        }
    }

    private static long LargestPowerBelow(long count) => (long)BitOperations.RoundUpToPowerOf2((ulong)count) >> 1;
}
