using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>
/// A key encapsulated for one public key and bound to one context (owner, partition, epoch, record): E 32 | V 32 | s 32.
/// </summary>
/// <remarks>
/// Source: D. Nuñez, "Umbral: a threshold proxy re-encryption scheme" (2018), algorithm Encapsulate; here over ristretto255, with the context
/// hashed into h.
/// <code>
/// r, u random;  E = rG,  V = uG,  h = H(context, pk, E, V),  s = u + r·h,  K = KDF((r + u)·pk, E, V, pk, context)
/// </code>
/// (E, s) is a Schnorr-like proof that whoever made the capsule knew r: E and V altered together, or carried into another context, fail
/// s·G = V + h·E. Nothing but <see cref="TryVerify"/> leads to a capsule that can be opened or re-encrypted. Secret: r, u, K.
/// </remarks>
public sealed class Capsule
{
    public const int Size = 96;
    public const int KeySize = 32;

    private const int Part = 32;
    private readonly byte[] _bytes;

    private Capsule(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlySpan<byte> E => _bytes.AsSpan(0, Part);
    internal ReadOnlySpan<byte> V => _bytes.AsSpan(Part, Part);
    internal ReadOnlySpan<byte> S => _bytes.AsSpan(2 * Part, Part);

    /// <summary>False for a wrong length, points that are not canonical or the identity, and a scalar that is zero or not reduced.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Capsule? capsule)
    {
        capsule = null;
        if (bytes.Length != Size
            || !Ristretto255.IsPoint(bytes[..Part])
            || !Ristretto255.IsPoint(bytes[Part..(2 * Part)])
            || !Ristretto255.IsScalar(bytes[(2 * Part)..]))
            return false;
        capsule = new Capsule(bytes);
        return true;
    }

    /// <summary>A fresh capsule for <paramref name="publicKey"/> and the 32-byte key that it carries.</summary>
    public static Capsule Encapsulate(PublicKey publicKey, ReadOnlySpan<byte> context, out Secret key)
    {
        using var r = SecretScalar.Random();
        using var u = SecretScalar.Random();
        return Encapsulate(publicKey, context, r, u, out key);
    }

    /// <summary>With chosen scalars, for vectors.</summary>
    internal static Capsule Encapsulate(PublicKey publicKey, ReadOnlySpan<byte> context, Secret r, Secret u, out Secret key)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> e = bytes[..Part], v = bytes[Part..(2 * Part)], s = bytes[(2 * Part)..];
        Span<byte> work = stackalloc byte[3 * Part];
        using var wiped = new Wiped(work);
        Span<byte> h = work[..Part], sum = work[Part..(2 * Part)], shared = work[(2 * Part)..];

        var made = Ristretto255.TryMultiplyBase(r.Bytes, e) & Ristretto255.TryMultiplyBase(u.Bytes, v);
        Challenge(publicKey, context, e, v, h);
        Ristretto255.Multiply(r.Bytes, h, s);
        Ristretto255.Add(u.Bytes, s, s);
        Ristretto255.Add(r.Bytes, u.Bytes, sum);
        made &= Ristretto255.TryMultiply(sum, publicKey.Bytes, shared) & Ristretto255.IsScalar(s);
        if (!made)
            throw new CryptographicException("The random scalars are degenerate.");

        var capsule = new Capsule(bytes);
        key = capsule.DeriveKey(publicKey, context, shared);
        return capsule;
    }

    /// <summary>
    /// Whether this capsule was made for exactly this key and context: s·G = V + h·E. False also when E + V is the identity, for that key would be
    /// no secret.
    /// </summary>
    public bool TryVerify(PublicKey publicKey, ReadOnlySpan<byte> context, [NotNullWhen(true)] out VerifiedCapsule? verified)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        verified = null;
        Span<byte> h = stackalloc byte[Part];
        Span<byte> left = stackalloc byte[Part];
        Span<byte> right = stackalloc byte[Part];
        Span<byte> sum = stackalloc byte[Part];

        Challenge(publicKey, context, E, V, h);
        if (!Ristretto255.TryMultiplyBase(S, left)
            || !Ristretto255.TryMultiply(h, E, right)
            || !Ristretto255.TryAdd(V, right, right)
            || !CryptographicOperations.FixedTimeEquals(left, right)
            || !Ristretto255.TryAdd(E, V, sum)
            || !Ristretto255.IsPoint(sum))
            return false;
        verified = new VerifiedCapsule(this, publicKey, context, h, sum);
        return true;
    }

    /// <summary>K from (r + u)·pk, by whichever way that point was found.</summary>
    internal Secret DeriveKey(PublicKey publicKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sharedPoint)
    {
        Span<byte> ikm = stackalloc byte[4 * Part];
        using var wiped = new Wiped(ikm);
        sharedPoint.CopyTo(ikm);
        E.CopyTo(ikm[Part..]);
        V.CopyTo(ikm[(2 * Part)..]);
        publicKey.Bytes.CopyTo(ikm[(3 * Part)..]);
        return Kdf.Derive(ikm, Domains.CapsuleKey, KeySize, context);
    }

    private static void Challenge(PublicKey publicKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> e, ReadOnlySpan<byte> v, Span<byte> h)
    {
        using var transcript = new Transcript(Domains.Capsule);
        transcript.Append(context).Append(publicKey.Bytes).Append(e).Append(v).ToScalar(h);
    }
}
