using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Sealing;

/// <summary>
/// A small byte string (metadata, a dictionary, a wrapped secret) under a key: salt 24 | commitment 32 | ciphertext | tag 16. Its length shows;
/// padding is the caller's.
/// </summary>
/// <remarks>
/// <code>
/// key 32 | commitment 32 = KDF(secret, "sealed-blob", len(label) | label | salt | AAD)
/// blob = salt | commitment | AES-256-GCM(key, nonce 0, plaintext)
/// </code>
/// The nonce may be zero because the random salt makes the key single-use: 192 bits do not repeat, where 96-bit random nonces under one key
/// would wear out after 2^32 blobs. The commitment, an output of the same hash, binds secret, label and AAD: no blob opens under two of any of them.
/// </remarks>
public static class SealedBlob
{
    public const int SaltSize = 24;
    public const int CommitmentSize = 32;
    public const int Overhead = SaltSize + CommitmentSize + Aead.TagSize;

    /// <summary>Seals; the result is <see cref="Overhead"/> bytes longer. <paramref name="label"/> is one of <see cref="Domains"/>.</summary>
    public static ValueTask<byte[]> SealAsync(Secret key, string label, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad) =>
        SealAsync(key, label, plaintext, aad, RandomNumberGenerator.GetBytes(SaltSize));

    /// <summary>Seals a secret.</summary>
    public static ValueTask<byte[]> SealAsync(Secret key, string label, Secret content, ReadOnlyMemory<byte> aad)
    {
        ArgumentNullException.ThrowIfNull(content);
        return SealAsync(key, label, content.Memory, aad);
    }

    /// <summary>The plaintext; null when the blob was not sealed under exactly this key, label and AAD, or was altered.</summary>
    public static async ValueTask<byte[]?> OpenAsync(Secret key, string label, ReadOnlyMemory<byte> blob, ReadOnlyMemory<byte> aad)
    {
        if (blob.Length < Overhead)
            return null;
        var plaintext = new byte[blob.Length - Overhead];
        return await OpenIntoAsync(key, label, blob, aad, plaintext) ? plaintext : null;
    }

    /// <summary>As <see cref="OpenAsync"/>, for a secret; null also for an empty one.</summary>
    public static async ValueTask<Secret?> OpenSecretAsync(Secret key, string label, ReadOnlyMemory<byte> blob, ReadOnlyMemory<byte> aad)
    {
        if (blob.Length <= Overhead)
            return null;
        var content = new Secret(blob.Length - Overhead);
        if (await OpenIntoAsync(key, label, blob, aad, content.Memory))
            return content;
        content.Dispose();
        return null;
    }

    /// <summary>With a chosen salt, for vectors.</summary>
    internal static async ValueTask<byte[]> SealAsync(
        Secret key, string label, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad, ReadOnlyMemory<byte> salt)
    {
        var blob = new byte[plaintext.Length + Overhead];
        salt.CopyTo(blob);
        using var single = SingleUseKey(key, label, blob, aad.Span, blob.AsSpan(SaltSize, CommitmentSize));
        await Aead.SealAsync(single, new byte[Aead.NonceSize], plaintext, default, blob.AsMemory(SaltSize + CommitmentSize));
        return blob;
    }

    private static async ValueTask<bool> OpenIntoAsync(
        Secret key, string label, ReadOnlyMemory<byte> blob, ReadOnlyMemory<byte> aad, Memory<byte> plaintext)
    {
        var commitment = new byte[CommitmentSize];
        using var single = SingleUseKey(key, label, blob.Span, aad.Span, commitment);
        return CryptographicOperations.FixedTimeEquals(commitment, blob.Span.Slice(SaltSize, CommitmentSize))
            && await Aead.OpenAsync(single, new byte[Aead.NonceSize], blob[(SaltSize + CommitmentSize)..], default, plaintext);
    }

    private static Secret SingleUseKey(Secret key, string label, ReadOnlySpan<byte> blob, ReadOnlySpan<byte> aad, Span<byte> commitment)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(label);
        var labelBytes = Encoding.UTF8.GetBytes(label);
        var info = new byte[sizeof(ulong) + labelBytes.Length + SaltSize + aad.Length];
        BinaryPrimitives.WriteUInt64BigEndian(info, (ulong)labelBytes.Length);
        labelBytes.CopyTo(info, sizeof(ulong));
        blob[..SaltSize].CopyTo(info.AsSpan(sizeof(ulong) + labelBytes.Length));
        aad.CopyTo(info.AsSpan(info.Length - aad.Length));

        using var derived = Kdf.Derive(key.Bytes, Domains.SealedBlob, Aead.KeySize + CommitmentSize, info);
        derived.Bytes[Aead.KeySize..].CopyTo(commitment);
        return Secret.CopyOf(derived.Bytes[..Aead.KeySize]);
    }
}
