using Salus.Crypto.Merkle;

namespace Salus.Protocol.Dispersal;

/// <summary>
/// What the length alone of a fragment file says: where its leaves and their hashes are. For a store, which proves leaves of files whose bytes it knows nothing about;
/// everybody else has the <see cref="FragmentLayout"/>.
/// </summary>
public sealed class FragmentShape
{
    private const long HashedLeaf = FragmentLayout.LeafSize + MerkleTree.HashSize;

    private readonly long _unitsLength;

    private FragmentShape(long unitsLength) => _unitsLength = unitsLength;

    /// <summary>Header, units, next label.</summary>
    public long Leaves => FragmentTreeHasher.Leaves(_unitsLength) + 2;

    public long LeafHashesOffset => FragmentLayout.HeaderSize + _unitsLength;

    public long LeafHashesLength => Leaves * MerkleTree.HashSize;

    /// <summary>False for a length that no fragment has.</summary>
    public static bool TryOf(long fileLength, out FragmentShape? shape)
    {
        shape = null;
        if (fileLength is <= 0 or > 3 * FragmentLayout.MaxBodyLength)
            return false;
        // Units and the hashes of their leaves; what else there is has one size in every fragment.
        var rest = fileLength - FragmentLayout.HeaderSize - 2 * MerkleTree.HashSize - FragmentLayout.LabelSize;
        if (rest <= 0)
            return false;
        var leaves = (rest + HashedLeaf - 1) / HashedLeaf;
        var units = rest - leaves * MerkleTree.HashSize;
        if (units <= 0 || units % FragmentLayout.UnitAlignment != 0 || FragmentTreeHasher.Leaves(units) != leaves)
            return false;
        shape = new FragmentShape(units);
        return true;
    }

    /// <summary>Where leaf <paramref name="index"/> is in the file, 0 &lt;= index &lt; <see cref="Leaves"/>.</summary>
    public (long Offset, int Length) Leaf(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Leaves);
        if (index == Leaves - 1)
            return (LeafHashesOffset + LeafHashesLength, FragmentLayout.LabelSize);
        var offset = index * FragmentLayout.LeafSize;
        return (offset, (int)Math.Min(FragmentLayout.LeafSize, LeafHashesOffset - offset));
    }
}
