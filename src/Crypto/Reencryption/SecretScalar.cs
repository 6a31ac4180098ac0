using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>Secret scalars between 1 and L - 1.</summary>
internal static class SecretScalar
{
    public static Secret FromSeed(ReadOnlySpan<byte> seed64)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed64.Length, Ristretto255.WideSize, nameof(seed64));
        var scalar = new Secret(Ristretto255.ScalarSize);
        Ristretto255.Reduce(seed64, scalar.Writable);
        return scalar;
    }

    public static Secret Random()
    {
        var scalar = new Secret(Ristretto255.ScalarSize);
        Ristretto255.Random(scalar.Writable);
        return scalar;
    }
}
