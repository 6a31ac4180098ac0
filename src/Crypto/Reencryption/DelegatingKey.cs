using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>A delegator's secret key <c>a</c>: opens every capsule of one partition and epoch, and can delegate that.</summary>
public sealed class DelegatingKey : IDisposable
{
    public const int SeedSize = Ristretto255.WideSize;

    private DelegatingKey(Secret scalar)
    {
        Scalar = scalar;
        PublicKey = PublicKey.Of(scalar.Bytes);
    }

    public PublicKey PublicKey { get; }

    internal Secret Scalar { get; }

    /// <summary>From 64 derived bytes, reduced modulo the group order.</summary>
    public static DelegatingKey FromSeed(ReadOnlySpan<byte> seed64) => new(SecretScalar.FromSeed(seed64));

    public void Dispose() => Scalar.Dispose();

    public override string ToString() => "[redacted]";
}
