using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Salus.Crypto.Primitives;

/// <summary>
/// Anonymous public-key encryption: libsodium's crypto_box_seal (X25519, XSalsa20-Poly1305; a box is an ephemeral key 32, a tag 16, the ciphertext).
/// It says nothing about the sender: what is inside is signed where that matters.
/// </summary>
public static class SealedBox
{
    public const int SeedSize = 32;
    public const int PublicKeySize = 32;
    public const int Overhead = 48;

    public static void PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, PublicKeySize, nameof(publicKey));
        PrimitivesBackEnd.Current.BoxPublicKey(seed, publicKey);
    }

    /// <summary>Seals to a key that the caller has verified; throws <see cref="CryptographicException"/> when it is of small order.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, PublicKeySize, nameof(publicKey));
        var box = new byte[message.Length + Overhead];
        return PrimitivesBackEnd.Current.BoxSeal(publicKey, message, box)
            ? box
            : throw new CryptographicException("The public key is of small order.");
    }

    /// <summary>
    /// X25519 (RFC 7748) of the key of <paramref name="seed"/> and another's public key, 32 bytes: to be hashed before use. False when the public key is of small order.
    /// </summary>
    public static bool TryAgree(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, PublicKeySize, nameof(publicKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(shared.Length, PublicKeySize, nameof(shared));
        return PrimitivesBackEnd.Current.BoxAgree(seed, publicKey, shared);
    }

    /// <summary>False when the box is too short, altered or for another key.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> box, [NotNullWhen(true)] out byte[]? message)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedSize, nameof(seed));
        message = null;
        if (box.Length < Overhead)
            return false;
        var opened = new byte[box.Length - Overhead];
        if (!PrimitivesBackEnd.Current.BoxOpen(seed, box, opened))
            return false;
        message = opened;
        return true;
    }
}
