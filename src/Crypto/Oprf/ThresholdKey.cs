using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>
/// The public side of a key that three hold in shares, any two of whom evaluate: the group key and the three public shares, 128 bytes.
/// Share i lies at the point i = 1, 2, 3 of a line whose value at 0 is the key that nobody holds.
/// </summary>
public sealed class ThresholdKey : IEquatable<ThresholdKey>
{
    public const int Holders = 3;
    public const int Threshold = 2;
    public const int Size = (1 + Holders) * OprfElement.Size;

    private readonly OprfElement[] _shares;

    private ThresholdKey(OprfElement group, OprfElement[] shares) => (Group, _shares) = (group, shares);

    /// <summary>The public key of the OPRF itself.</summary>
    public OprfElement Group { get; }

    /// <summary>The group key, then the shares in order.</summary>
    public byte[] ToBytes() => [.. Group.Bytes, .. _shares.SelectMany(share => share.Bytes.ToArray())];

    /// <summary>The public share of a holder, 0 &lt;= index &lt; 3.</summary>
    public OprfElement Share(int index) => _shares[index];

    /// <summary>False for a wrong length, for points that are not canonical or the identity, and for shares that are not on one line with the group key, or on a level one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ThresholdKey? key)
    {
        key = null;
        if (bytes.Length != Size || !OprfElement.TryParse(bytes[..OprfElement.Size], out var group))
            return false;
        var shares = new OprfElement[Holders];
        for (var i = 0; i < Holders; i++)
        {
            if (!OprfElement.TryParse(bytes.Slice((1 + i) * OprfElement.Size, OprfElement.Size), out var share))
                return false;
            shares[i] = share;
        }
        // Equal steps from 0 to 1, 1 to 2 and 2 to 3.
        Span<byte> step = stackalloc byte[OprfElement.Size];
        Span<byte> next = stackalloc byte[OprfElement.Size];
        if (!Ristretto255.TrySubtract(shares[0].Bytes, group.Bytes, step) || !Ristretto255.IsPoint(step))
            return false;
        for (var i = 1; i < Holders; i++)
            if (!Ristretto255.TrySubtract(shares[i].Bytes, shares[i - 1].Bytes, next) || !next.SequenceEqual(step))
                return false;
        key = new ThresholdKey(group, shares);
        return true;
    }

    public bool Equals([NotNullWhen(true)] ThresholdKey? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    public override bool Equals(object? obj) => Equals(obj as ThresholdKey);

    public override int GetHashCode() => Group.GetHashCode();

    /// <summary>
    /// What the whole key would have answered, by Lagrange at 0: with i and j the points, j/(j-i) of the first and -i/(j-i) of the second. False when both are of one
    /// holder, of two keys or for two inputs.
    /// </summary>
    internal static bool TryCombine(VerifiedEvaluation first, VerifiedEvaluation second, Span<byte> element)
    {
        if (first.Index == second.Index || !first.Key.Equals(second.Key) || !first.Blinded.Equals(second.Blinded))
            return false;
        Span<byte> i = stackalloc byte[Voprf.ScalarSize];
        Span<byte> j = stackalloc byte[Voprf.ScalarSize];
        Span<byte> inverse = stackalloc byte[Voprf.ScalarSize];
        Span<byte> subtrahend = stackalloc byte[OprfElement.Size];
        Point(first.Index, i);
        Point(second.Index, j);
        Ristretto255.Subtract(j, i, inverse);
        if (!Ristretto255.TryInvert(inverse, inverse))
            return false;
        Ristretto255.Multiply(j, inverse, j);
        Ristretto255.Multiply(i, inverse, i);
        return Ristretto255.TryMultiply(j, first.Evaluation.Element, element)
            && Ristretto255.TryMultiply(i, second.Evaluation.Element, subtrahend)
            && Ristretto255.TrySubtract(element, subtrahend, element)
            && Ristretto255.IsPoint(element);
    }

    /// <summary>Where on the line a holder's share lies: its number from 1, as a scalar.</summary>
    internal static void Point(int index, Span<byte> scalar)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Holders);
        scalar.Clear();
        scalar[0] = (byte)(index + 1);
    }
}
