using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>A capsule that <see cref="Reencryption.Capsule.TryVerify"/> has found to belong to a public key and a context. There is no other way
/// to one.</summary>
public sealed class VerifiedCapsule
{
    private readonly byte[] _context;
    private readonly byte[] _h;
    private readonly byte[] _sum;

    internal VerifiedCapsule(Capsule capsule, PublicKey publicKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> h, ReadOnlySpan<byte> sum)
    {
        Capsule = capsule;
        PublicKey = publicKey;
        _context = context.ToArray();
        _h = h.ToArray();
        _sum = sum.ToArray();
    }

    public Capsule Capsule { get; }

    /// <summary>The delegator's key that the capsule was made for.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>h = H(context, pk, E, V): stands for all four wherever a later hash has to be bound to them.</summary>
    internal ReadOnlySpan<byte> H => _h;

    /// <summary>The key that the capsule carries, by its owner: from a·(E + V). Throws when <paramref name="key"/> belongs to another public
    /// key.</summary>
    public Secret Open(DelegatingKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.PublicKey.Equals(PublicKey))
            throw new ArgumentException("The capsule was made for another key.", nameof(key));
        Span<byte> shared = stackalloc byte[Ristretto255.PointSize];
        using var wiped = new Wiped(shared);
        return Ristretto255.TryMultiply(key.Scalar.Bytes, _sum, shared)
            ? DeriveKey(shared)
            : throw new CryptographicException("The product of two elements other than zero was zero.");
    }

    internal Secret DeriveKey(ReadOnlySpan<byte> sharedPoint) => Capsule.DeriveKey(PublicKey, _context, sharedPoint);

    /// <summary>Same capsule, key and context.</summary>
    internal bool IsSameAs(VerifiedCapsule other) => H.SequenceEqual(other.H) && Capsule.Bytes.SequenceEqual(other.Capsule.Bytes);
}
