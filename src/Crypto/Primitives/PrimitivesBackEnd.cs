namespace Salus.Crypto.Primitives;

/// <summary>
/// What differs between the native client and the browser: AEAD, stream, curve, signature, sealed box and password hash. Nothing above this class knows
/// which one runs. SHA-2, HMAC and HKDF are .NET's on both and so are not here.
/// Lengths are checked by the callers in this folder; a back end may rely on them.
/// </summary>
internal abstract class PrimitivesBackEnd
{
    private static readonly Lazy<PrimitivesBackEnd> Chosen = new(() => OperatingSystem.IsBrowser() ? new BrowserBackEnd() : new NativeBackEnd());

    public static PrimitivesBackEnd Current => Chosen.Value;

    /// <summary>Imports an AES-256-GCM key of 32 bytes.</summary>
    public abstract AeadKey ImportAeadKey(Secret key);

    /// <summary>Seals every message of a batch; <see cref="AeadBatch.SealAsync"/> has checked the lengths.</summary>
    public abstract ValueTask SealEach(AeadBatch batch, ReadOnlyMemory<byte> plaintexts, Memory<byte> output, int stride);

    public abstract void Ed25519PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey);
    public abstract void Ed25519Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature);
    public abstract bool Ed25519Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    public abstract void BoxPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey);
    /// <summary>False when the public key is of small order.</summary>
    public abstract bool BoxSeal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, Span<byte> box);
    public abstract bool BoxOpen(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> box, Span<byte> message);
    /// <summary>X25519 of the box key of a seed and another's public key; false when that one is of small order.</summary>
    public abstract bool BoxAgree(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey, Span<byte> shared);

    /// <summary>Adds the key stream from a block on to what is there.</summary>
    public abstract void ChaCha20Xor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint block, Span<byte> bytes);

    /// <summary>False when there is not enough memory.</summary>
    public abstract bool Argon2id(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, Argon2Parameters parameters, Span<byte> output);

    /// <summary>Canonical encoding of a group element; the identity passes too.</summary>
    public abstract bool PointIsValid(ReadOnlySpan<byte> point);
    /// <summary>False when an operand is not a valid encoding.</summary>
    public abstract bool PointAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result);
    /// <summary>False when an operand is not a valid encoding.</summary>
    public abstract bool PointSubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result);
    /// <summary>The one-way map of RFC 9496 from 64 uniform bytes.</summary>
    public abstract void PointFromHash(ReadOnlySpan<byte> hash, Span<byte> point);
    /// <summary>False when the result is the identity or the point is not a valid encoding.</summary>
    public abstract bool PointMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result);
    /// <summary>False when the result is the identity.</summary>
    public abstract bool PointMultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> result);

    /// <summary>64 bytes, little-endian, modulo the group order.</summary>
    public abstract void ScalarReduce(ReadOnlySpan<byte> wide, Span<byte> scalar);
    public abstract void ScalarAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result);
    public abstract void ScalarSubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result);
    public abstract void ScalarMultiply(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result);
    /// <summary>False for zero.</summary>
    public abstract bool ScalarInvert(ReadOnlySpan<byte> scalar, Span<byte> result);
}
