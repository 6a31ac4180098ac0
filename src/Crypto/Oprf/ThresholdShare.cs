using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>One holder's share of a <see cref="ThresholdKey"/>, secret. Alone it evaluates nothing whole; two of them are the key.</summary>
public sealed class ThresholdShare : IDisposable
{
    public const int Size = Voprf.ScalarSize;

    private ThresholdShare(ThresholdKey key, int index, Secret scalar) => (Key, Index, Scalar) = (key, index, scalar);

    public ThresholdKey Key { get; }

    public int Index { get; }

    public Secret Scalar { get; }

    /// <summary>False when the scalar is zero, not reduced, or not that of the public share.</summary>
    public static bool TryParse(ThresholdKey key, int index, ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out ThresholdShare? share)
    {
        ArgumentNullException.ThrowIfNull(key);
        share = null;
        Span<byte> expected = stackalloc byte[OprfElement.Size];
        if (!Ristretto255.IsScalar(scalar) || !Ristretto255.TryMultiplyBase(scalar, expected)
            || !CryptographicOperations.FixedTimeEquals(expected, key.Share(index).Bytes))
            return false;
        share = new ThresholdShare(key, index, Secret.CopyOf(scalar));
        return true;
    }

    public Evaluation Evaluate(OprfElement blinded)
    {
        ArgumentNullException.ThrowIfNull(blinded);
        return Evaluation.Make(Scalar.Bytes, Key.Share(Index).Bytes, blinded);
    }

    public void Dispose() => Scalar.Dispose();

    public override string ToString() => "[redacted]";
}
