using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>
/// One trustee's share of a delegation (kfrag): the public part and the scalar rk, 32 bytes, secret. Alone it opens nothing; two of them and the
/// delegatee's key open the partition and epoch that were delegated.
/// </summary>
public sealed class KeyShare : IDisposable
{
    public const int RkSize = Ristretto255.ScalarSize;

    private KeyShare(PublicShare publicShare, Secret rk)
    {
        Public = publicShare;
        Rk = rk;
    }

    public PublicShare Public { get; }

    public Secret Rk { get; }

    /// <summary>False when rk is zero, not reduced, or not what U1 commits to (rk·U = U1).</summary>
    public static bool TryParse(PublicShare publicShare, ReadOnlySpan<byte> rk32, [NotNullWhen(true)] out KeyShare? share)
    {
        ArgumentNullException.ThrowIfNull(publicShare);
        share = null;
        if (!Ristretto255.IsScalar(rk32))
            return false;
        Span<byte> u1 = stackalloc byte[Ristretto255.PointSize];
        if (!Ristretto255.TryMultiply(rk32, SecondGenerator.Bytes, u1) || !CryptographicOperations.FixedTimeEquals(u1, publicShare.U1))
            return false;
        share = new KeyShare(publicShare, Secret.CopyOf(rk32));
        return true;
    }

    /// <summary>A share just made, whose U1 was computed from this rk.</summary>
    internal static KeyShare Of(PublicShare publicShare, ReadOnlySpan<byte> rk32) => new(publicShare, Secret.CopyOf(rk32));

    public void Dispose() => Rk.Dispose();

    public override string ToString() => "[redacted]";
}
