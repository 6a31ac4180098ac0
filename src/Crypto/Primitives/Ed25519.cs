namespace Salus.Crypto.Primitives;

/// <summary>
/// Ed25519 (RFC 8032): deterministic signatures from a seed of 32 bytes. Verification refuses keys and R of small order and scalars that are not
/// reduced,
/// so a signature cannot be altered into another valid one. Signing is constant time.
/// </summary>
public static class Ed25519
{
    public const int SeedSize = 32;
    public const int PublicKeySize = 32;
    public const int SignatureSize = 64;

    public static void PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, PublicKeySize, nameof(publicKey));
        PrimitivesBackEnd.Current.Ed25519PublicKey(seed, publicKey);
    }

    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignatureSize, nameof(signature));
        PrimitivesBackEnd.Current.Ed25519Sign(seed, message, signature);
    }

    /// <summary>False for anything that is not a signature of the message under the key, wrong lengths among it.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == PublicKeySize
        && signature.Length == SignatureSize
        && PrimitivesBackEnd.Current.Ed25519Verify(publicKey, message, signature);
}
