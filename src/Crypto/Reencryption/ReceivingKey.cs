using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>A delegatee's secret key <c>b</c>: opens what two trustees have re-encrypted for it.</summary>
public sealed class ReceivingKey : IDisposable
{
    public const int SeedSize = Ristretto255.WideSize;

    private ReceivingKey(Secret scalar)
    {
        Scalar = scalar;
        PublicKey = PublicKey.Of(scalar.Bytes);
    }

    public PublicKey PublicKey { get; }

    internal Secret Scalar { get; }

    /// <summary>From 64 derived bytes, reduced modulo the group order.</summary>
    public static ReceivingKey FromSeed(ReadOnlySpan<byte> seed64) => new(SecretScalar.FromSeed(seed64));

    public void Dispose() => Scalar.Dispose();

    public override string ToString() => "[redacted]";
}
