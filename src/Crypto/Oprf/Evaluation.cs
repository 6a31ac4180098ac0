using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Oprf;

/// <summary>
/// What the holder of a share answers to a blinded input: the element share · blinded 32 | proof, challenge 32 and response 32 (RFC 9497 section 2.2), that it is.
/// </summary>
public sealed class Evaluation
{
    public const int Size = Voprf.ElementSize + Voprf.ProofSize;

    private readonly byte[] _bytes;

    private Evaluation(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlySpan<byte> Element => _bytes.AsSpan(0, Voprf.ElementSize);

    private ReadOnlySpan<byte> Proof => _bytes.AsSpan(Voprf.ElementSize);

    /// <summary>False for a wrong length, a point that is not canonical or the identity, and scalars that are zero or not reduced.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Evaluation? evaluation)
    {
        evaluation = null;
        if (bytes.Length != Size || !Ristretto255.IsPoint(bytes[..Voprf.ElementSize])
            || !Ristretto255.IsScalar(bytes.Slice(Voprf.ElementSize, Voprf.ScalarSize)) || !Ristretto255.IsScalar(bytes[^Voprf.ScalarSize..]))
            return false;
        evaluation = new Evaluation(bytes);
        return true;
    }

    /// <summary>Whether holder number <paramref name="index"/> of the key evaluated this blinded input with its share.</summary>
    public bool TryVerify(ThresholdKey key, int index, OprfElement blinded, [NotNullWhen(true)] out VerifiedEvaluation? verified)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(blinded);
        verified = Voprf.Verify(key.Share(index).Bytes, blinded.Bytes, Element, Proof) ? new VerifiedEvaluation(key, index, blinded, this) : null;
        return verified is not null;
    }

    /// <summary>Whether the holder of this public key evaluated this blinded input with the whole of its key.</summary>
    internal bool IsBy(OprfElement publicKey, OprfElement blinded) => Voprf.Verify(publicKey.Bytes, blinded.Bytes, Element, Proof);

    /// <summary>share · blinded and a fresh proof.</summary>
    internal static Evaluation Make(ReadOnlySpan<byte> share, ReadOnlySpan<byte> publicShare, OprfElement blinded)
    {
        Span<byte> random = stackalloc byte[Voprf.ScalarSize];
        using var wiped = new Wiped(random);
        // Hashed from the share and the input besides fresh randomness: one nonce under two challenges would give the share away.
        Span<byte> entropy = stackalloc byte[Voprf.ScalarSize];
        RandomNumberGenerator.Fill(entropy);
        using (var nonce = new Transcript(Domains.OprfNonce))
            nonce.Append(share).Append(entropy).Append(blinded.Bytes).ToScalar(random);
        return Make(share, publicShare, blinded, random);
    }

    /// <summary>share · blinded and the proof; <paramref name="random"/> is fresh but for vectors.</summary>
    internal static Evaluation Make(ReadOnlySpan<byte> share, ReadOnlySpan<byte> publicShare, OprfElement blinded, ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (!Ristretto255.TryMultiply(share, blinded.Bytes, bytes[..Voprf.ElementSize]))
            throw new InvalidOperationException("A share is a scalar and a blinded input a point, so their product is a point.");
        Voprf.Prove(share, publicShare, blinded.Bytes, bytes[..Voprf.ElementSize], random, bytes[Voprf.ElementSize..]);
        return new Evaluation(bytes);
    }
}

/// <summary>An evaluation whose proof <see cref="Evaluation.TryVerify"/> has checked, and what it was checked against. There is no other way to one.</summary>
public sealed class VerifiedEvaluation
{
    internal VerifiedEvaluation(ThresholdKey key, int index, OprfElement blinded, Evaluation evaluation) =>
        (Key, Index, Blinded, Evaluation) = (key, index, blinded, evaluation);

    public OprfElement Blinded { get; }

    internal ThresholdKey Key { get; }

    internal int Index { get; }

    internal Evaluation Evaluation { get; }
}
