using Salus.Crypto.Merkle;

namespace Salus.Protocol.Dispersal;

/// <summary>
/// Where everything is in the n fragment files of one body. A file is: header (4096) | units | leaf hashes (32 each) | masked next label (32).
/// </summary>
/// <remarks>
/// A stripe is k units of 64 KiB of the body, unit i in fragment i, then n - k parity units. In the last stripe a unit is what remains divided by k,
/// rounded up to 64 bytes, and the body ends in zeros. Tree of a fragment: leaf 0 is the header, then 4 KiB leaves over the units, the last leaf is the
/// masked next label, so the root covers all that is not itself a leaf hash. All sizes follow from (body length, k, n): no other length is ever believed.
/// </remarks>
public sealed class FragmentLayout
{
    public const int HeaderSize = 4096;
    public const int UnitSize = 64 * 1024;
    public const int UnitAlignment = 64;
    public const int LeafSize = FragmentTreeHasher.LeafSize;
    public const int LeavesPerUnit = UnitSize / LeafSize;
    public const int LabelSize = 32;
    public const int MaxFragments = 64;

    /// <summary>The tag of an empty chunk: no sealed body is shorter.</summary>
    public const long MinBodyLength = 16;

    /// <summary>1 TiB.</summary>
    public const long MaxBodyLength = 1L << 40;

    /// <summary>The layout; impossible numbers throw. For numbers that came from elsewhere: <see cref="TryCreate"/>.</summary>
    public FragmentLayout(long bodyLength, int k, int n)
    {
        if (!IsPossible(bodyLength, k, n))
            throw new ArgumentOutOfRangeException(nameof(bodyLength), $"No layout for a body of {bodyLength} bytes, {k} of {n}.");
        BodyLength = bodyLength;
        DataUnits = k;
        Fragments = n;
        Stripes = (bodyLength + StripeLength - 1) / StripeLength;
        var rest = bodyLength - (Stripes - 1) * StripeLength;
        var share = (rest + k - 1) / k;
        LastUnitSize = (int)((share + UnitAlignment - 1) / UnitAlignment * UnitAlignment);
        UnitsLength = (Stripes - 1) * UnitSize + LastUnitSize;
        UnitLeaves = FragmentTreeHasher.Leaves(UnitsLength);
    }

    /// <summary>Bytes of the encrypted body.</summary>
    public long BodyLength { get; }

    /// <summary>k: data units of a stripe, and the fragments that suffice.</summary>
    public int DataUnits { get; }

    /// <summary>n.</summary>
    public int Fragments { get; }

    /// <summary>Body bytes of a full stripe.</summary>
    public int StripeLength => DataUnits * UnitSize;

    /// <summary>Stripes, one at least.</summary>
    public long Stripes { get; }

    /// <summary>Bytes of a unit of the last stripe.</summary>
    public int LastUnitSize { get; }

    /// <summary>Bytes of all units of a fragment.</summary>
    public long UnitsLength { get; }

    /// <summary>Leaves of the units.</summary>
    public long UnitLeaves { get; }

    /// <summary>All leaves: header, units, next label.</summary>
    public long Leaves => UnitLeaves + 2;

    public long LeafHashesOffset => HeaderSize + UnitsLength;

    public long LeafHashesLength => Leaves * MerkleTree.HashSize;

    public long NextLabelOffset => LeafHashesOffset + LeafHashesLength;

    /// <summary>Bytes of each fragment file.</summary>
    public long FileLength => NextLabelOffset + LabelSize;

    /// <summary>False for numbers outside the limits.</summary>
    public static bool TryCreate(long bodyLength, int k, int n, out FragmentLayout? layout)
    {
        layout = IsPossible(bodyLength, k, n) ? new FragmentLayout(bodyLength, k, n) : null;
        return layout is not null;
    }

    /// <summary>Bytes of a unit of <paramref name="stripe"/>, 0 &lt;= stripe &lt; <see cref="Stripes"/>.</summary>
    public int UnitSizeOf(long stripe) => stripe == Stripes - 1 ? LastUnitSize : UnitSize;

    /// <summary>Where the stripe's unit begins in a fragment file.</summary>
    public static long UnitOffset(long stripe) => HeaderSize + stripe * UnitSize;

    /// <summary>Index in the tree of the first leaf of a stripe's unit.</summary>
    public static long FirstLeaf(long stripe) => 1 + stripe * LeavesPerUnit;

    /// <summary>Body bytes of the stripe, without padding.</summary>
    public int BodyLengthOf(long stripe) => (int)Math.Min(StripeLength, BodyLength - stripe * StripeLength);

    private static bool IsPossible(long bodyLength, int k, int n) =>
        k >= 1 && n >= k && n <= MaxFragments && bodyLength >= MinBodyLength && bodyLength <= MaxBodyLength;
}
