using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Reencryption;

/// <summary>
/// A capsule re-encrypted by one trustee, with the proof that the trustee used its share: E1 32 | V1 32 | challenge 32 | response 32.
/// </summary>
/// <remarks>
/// Source: Umbral (2018), algorithms ReEncapsulate and VerifyCFrag: a non-interactive proof (Chaum and Pedersen, Fiat and Shamir) that one rk
/// satisfies
/// E1 = rk·E, V1 = rk·V and U1 = rk·U. Sent as (challenge, response), so that no commitment has to be parsed. The request is hashed in: an answer
/// to one
/// request is none to another.
/// </remarks>
public sealed class CFrag
{
    public const int Size = 128;

    private const int Part = 32;
    private readonly byte[] _bytes;

    private CFrag(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlySpan<byte> E1 => _bytes.AsSpan(0, Part);
    internal ReadOnlySpan<byte> V1 => _bytes.AsSpan(Part, Part);
    private ReadOnlySpan<byte> C => _bytes.AsSpan(2 * Part, Part);
    private ReadOnlySpan<byte> Z => _bytes.AsSpan(3 * Part, Part);

    /// <summary>False for a wrong length, points that are not canonical or the identity, and scalars that are zero or not reduced.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CFrag? cfrag)
    {
        cfrag = null;
        if (bytes.Length != Size
            || !Ristretto255.IsPoint(bytes[..Part])
            || !Ristretto255.IsPoint(bytes[Part..(2 * Part)])
            || !Ristretto255.IsScalar(bytes[(2 * Part)..(3 * Part)])
            || !Ristretto255.IsScalar(bytes[(3 * Part)..]))
            return false;
        cfrag = new CFrag(bytes);
        return true;
    }

    /// <summary>
    /// Whether the holder of <paramref name="share"/> re-encrypted this capsule, for this request (nonce, time and the rest of it, as the trustee
    /// hashed them).
    /// The share's bytes must come under the owner's signature.
    /// </summary>
    public bool TryVerify(
        VerifiedCapsule capsule, PublicShare share, ReadOnlySpan<byte> request, [NotNullWhen(true)] out VerifiedCFrag? verified)
    {
        ArgumentNullException.ThrowIfNull(capsule);
        ArgumentNullException.ThrowIfNull(share);
        verified = null;
        Span<byte> e2 = stackalloc byte[Part];
        Span<byte> v2 = stackalloc byte[Part];
        Span<byte> u2 = stackalloc byte[Part];
        Span<byte> c = stackalloc byte[Part];
        if (!TryCommitment(capsule.Capsule.E, E1, e2)
            || !TryCommitment(capsule.Capsule.V, V1, v2)
            || !TryCommitment(SecondGenerator.Bytes, share.U1, u2))
            return false;
        Challenge(capsule, share, request, E1, V1, e2, v2, u2, c);
        if (!CryptographicOperations.FixedTimeEquals(c, C))
            return false;
        verified = new VerifiedCFrag(this, capsule, share);
        return true;
    }

    /// <summary>rk applied to the capsule, and the proof; <paramref name="entropy32"/> is fresh and random but for vectors.</summary>
    internal static CFrag Make(VerifiedCapsule capsule, KeyShare share, ReadOnlySpan<byte> request, ReadOnlySpan<byte> entropy32)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> e1 = bytes[..Part], v1 = bytes[Part..(2 * Part)], c = bytes[(2 * Part)..(3 * Part)], z = bytes[(3 * Part)..];
        Span<byte> commitments = stackalloc byte[3 * Part];
        Span<byte> e2 = commitments[..Part], v2 = commitments[Part..(2 * Part)], u2 = commitments[(2 * Part)..];
        Span<byte> k = stackalloc byte[Part];
        using var wiped = new Wiped(k);

        // The nonce is hashed from rk and all that is signed, besides the entropy: a trustee restored from a snapshot repeats its randomness,
        // and one nonce under two challenges would give rk away.
        using (var nonce = new Transcript(Domains.ReEncryptionNonce))
            nonce.Append(share.Rk.Bytes).Append(entropy32).Append(share.Public.Bytes)
                .Append(capsule.Capsule.Bytes).Append(capsule.H).Append(request).ToScalar(k);

        var rk = share.Rk.Bytes;
        var made = Ristretto255.TryMultiply(rk, capsule.Capsule.E, e1)
            & Ristretto255.TryMultiply(rk, capsule.Capsule.V, v1)
            & Ristretto255.TryMultiply(k, capsule.Capsule.E, e2)
            & Ristretto255.TryMultiply(k, capsule.Capsule.V, v2)
            & Ristretto255.TryMultiply(k, SecondGenerator.Bytes, u2);
        Challenge(capsule, share.Public, request, e1, v1, e2, v2, u2, c);
        Ristretto255.Multiply(c, rk, z);
        Ristretto255.Add(k, z, z);
        return made && TryParse(bytes, out var cfrag)
            ? cfrag
            : throw new CryptographicException("The random scalar is degenerate.");
    }

    /// <summary>response·point - challenge·image.</summary>
    private bool TryCommitment(ReadOnlySpan<byte> point, ReadOnlySpan<byte> image, Span<byte> commitment)
    {
        Span<byte> subtrahend = stackalloc byte[Part];
        return Ristretto255.TryMultiply(Z, point, commitment)
            && Ristretto255.TryMultiply(C, image, subtrahend)
            && Ristretto255.TrySubtract(commitment, subtrahend, commitment);
    }

    private static void Challenge(
        VerifiedCapsule capsule, PublicShare share, ReadOnlySpan<byte> request, ReadOnlySpan<byte> e1, ReadOnlySpan<byte> v1,
        ReadOnlySpan<byte> e2, ReadOnlySpan<byte> v2, ReadOnlySpan<byte> u2, Span<byte> challenge)
    {
        using var transcript = new Transcript(Domains.ReEncryptionProof);
        transcript
            .Append(share.Bytes).Append(capsule.Capsule.Bytes).Append(capsule.H)
            .Append(e1).Append(v1).Append(e2).Append(v2).Append(u2)
            .Append(request).ToScalar(challenge);
    }
}
