using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Sealing;

/// <summary>
/// Encryption of large messages with authenticated random access: salt 24 | commitment 32 | chunks of 16 KiB, each followed by its tag of 16 bytes,
/// the last one always shorter than 16 KiB (empty, perhaps). Safe for any number of threads.
/// </summary>
/// <remarks>
/// Source: C2SP chunked-encryption (https://c2sp.org/chunked-encryption), bit-exact with AES-256-GCM and SHA-256:
/// <code>
/// key 32 | base nonce 12 | commitment 32 = HKDF-Expand(input key, "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM" | 00 | salt | context)
/// chunk k = AES-256-GCM(key, base nonce XOR k, no AAD)
/// </code>
/// The fixed sequence of nonces is safe because the salt makes key and base nonce single-use: a chunk may be sealed again with the very same bytes
/// (after a
/// restart), never with others. The commitment keeps a message from opening under two input keys. Secret: input key, key, plaintext.
/// </remarks>
public sealed class ChunkedEncryption : IDisposable
{
    public const int KeySize = Aead.KeySize;
    public const int SaltSize = 24;
    public const int CommitmentSize = 32;
    public const int PrefixSize = SaltSize + CommitmentSize;
    public const int ChunkSize = 16384;
    public const int TagSize = Aead.TagSize;
    public const int SealedChunkSize = ChunkSize + TagSize;

    /// <summary>Chunks are numbered from 0 to this less one.</summary>
    public const long MaximumChunks = 1L << 38;

    /// <summary>The last chunk is never full.</summary>
    public const long MaximumPlaintextLength = (MaximumChunks * ChunkSize) - 1;

    private static ReadOnlySpan<byte> InfoPrefix => "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"u8;

    private readonly byte[] _prefix = new byte[PrefixSize];
    private readonly byte[] _baseNonce = new byte[Aead.NonceSize];
    private readonly AeadKey _key;

    /// <summary>
    /// For sealing under a salt that has not served with this key yet; <see cref="Create"/> draws one. <paramref name="context"/>: bound into the
    /// keys, may be empty.
    /// </summary>
    public ChunkedEncryption(Secret inputKey, ReadOnlySpan<byte> salt24, ReadOnlySpan<byte> context)
    {
        ArgumentNullException.ThrowIfNull(inputKey);
        ArgumentOutOfRangeException.ThrowIfNotEqual(inputKey.Length, KeySize, nameof(inputKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt24.Length, SaltSize, nameof(salt24));

        var info = new byte[InfoPrefix.Length + SaltSize + context.Length];
        InfoPrefix.CopyTo(info);
        salt24.CopyTo(info.AsSpan(InfoPrefix.Length));
        context.CopyTo(info.AsSpan(InfoPrefix.Length + SaltSize));

        using var derived = new Secret(KeySize + Aead.NonceSize + CommitmentSize);
        Kdf.Expand(inputKey.Bytes, info, derived.Writable);
        using var key = Secret.CopyOf(derived.Bytes[..KeySize]);
        derived.Bytes.Slice(KeySize, Aead.NonceSize).CopyTo(_baseNonce);
        salt24.CopyTo(_prefix);
        derived.Bytes[(KeySize + Aead.NonceSize)..].CopyTo(_prefix.AsSpan(SaltSize));
        _key = Aead.Import(key);
    }

    /// <summary>For sealing, under a fresh random salt.</summary>
    public static ChunkedEncryption Create(Secret inputKey, ReadOnlySpan<byte> context)
    {
        Span<byte> salt = stackalloc byte[SaltSize];
        RandomNumberGenerator.Fill(salt);
        return new ChunkedEncryption(inputKey, salt, context);
    }

    /// <summary>For opening a message that begins with <paramref name="prefix56"/>. False when it was not sealed under this key and
    /// context.</summary>
    public static bool TryOpen(
        Secret inputKey, ReadOnlySpan<byte> prefix56, ReadOnlySpan<byte> context, [NotNullWhen(true)] out ChunkedEncryption? message)
    {
        message = null;
        if (prefix56.Length != PrefixSize)
            return false;
        var derived = new ChunkedEncryption(inputKey, prefix56[..SaltSize], context);
        if (!CryptographicOperations.FixedTimeEquals(derived._prefix, prefix56))
        {
            derived.Dispose();
            return false;
        }
        message = derived;
        return true;
    }

    /// <summary>Salt and commitment: the first 56 bytes of the message.</summary>
    public ReadOnlySpan<byte> Prefix => _prefix;

    /// <summary>Bytes of the whole message, prefix and all tags among them.</summary>
    public static long CiphertextLength(long plaintextLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintextLength, MaximumPlaintextLength);
        return PrefixSize + plaintextLength + (ChunkCount(plaintextLength) * TagSize);
    }

    /// <summary>False for lengths that no message has: cut in the prefix or in a tag, after a full chunk, or too long.</summary>
    public static bool TryPlaintextLength(long ciphertextLength, out long plaintextLength)
    {
        plaintextLength = 0;
        var chunks = ciphertextLength - PrefixSize;
        if (chunks < TagSize || chunks > CiphertextLength(MaximumPlaintextLength) - PrefixSize || chunks % SealedChunkSize < TagSize)
            return false;
        plaintextLength = chunks - (((chunks / SealedChunkSize) + 1) * TagSize);
        return true;
    }

    /// <summary>Chunks of a message, the last and shorter one among them: at least 1.</summary>
    public static long ChunkCount(long plaintextLength) => (plaintextLength / ChunkSize) + 1;

    /// <summary>Where the sealed chunk begins in the message.</summary>
    public static long ChunkOffset(long chunk) => PrefixSize + (chunk * SealedChunkSize);

    /// <summary>Seals whole chunks of 16384 bytes, from number <paramref name="firstChunk"/> on; <paramref name="output"/>: 16400 bytes for
    /// each.</summary>
    public ValueTask SealAsync(ulong firstChunk, ReadOnlyMemory<byte> plaintext, Memory<byte> output)
    {
        if (plaintext.Length % ChunkSize != 0)
            throw new ArgumentException("Only the last chunks of a message may be short: SealFinalAsync.", nameof(plaintext));
        return Seal(Batch(firstChunk, plaintext.Length / ChunkSize), plaintext, output);
    }

    /// <summary>
    /// Seals the end of the message: any number of whole chunks and then the last one, with what is left. <paramref name="output"/>: plaintext and
    /// a tag for each chunk.
    /// </summary>
    public ValueTask SealFinalAsync(ulong firstChunk, ReadOnlyMemory<byte> plaintext, Memory<byte> output) =>
        Seal(Batch(firstChunk, (plaintext.Length / ChunkSize) + 1), plaintext, output);

    /// <summary>
    /// Opens whole chunks of 16400 bytes from number <paramref name="firstChunk"/> on. False when the length is not a multiple, or any chunk is
    /// not authentic:
    /// no plaintext is given out then. That the message goes on after them (is not truncated here) is what <see cref="OpenFinalAsync"/> of its end
    /// says.
    /// </summary>
    public ValueTask<bool> OpenAsync(ulong firstChunk, ReadOnlyMemory<byte> ciphertext, Memory<byte> plaintext)
    {
        if (ciphertext.Length % SealedChunkSize != 0)
            return Refuse(plaintext);
        return Open(Batch(firstChunk, ciphertext.Length / SealedChunkSize), ciphertext, plaintext);
    }

    /// <summary>Opens the end of the message: any number of whole chunks, and the last and shorter one. False also when that is missing: the
    /// message is truncated.</summary>
    public ValueTask<bool> OpenFinalAsync(ulong firstChunk, ReadOnlyMemory<byte> ciphertext, Memory<byte> plaintext)
    {
        if (ciphertext.Length % SealedChunkSize < TagSize)
            return Refuse(plaintext);
        return Open(Batch(firstChunk, (ciphertext.Length / SealedChunkSize) + 1), ciphertext, plaintext);
    }

    public void Dispose()
    {
        _key.Dispose();
        CryptographicOperations.ZeroMemory(_baseNonce);
    }

    private ChunkBatch Batch(ulong firstChunk, int count)
    {
        if (firstChunk > MaximumChunks || firstChunk + (ulong)count > MaximumChunks)
            throw new ArgumentOutOfRangeException(nameof(firstChunk), "A message has at most 2^38 chunks.");
        return new ChunkBatch(_baseNonce, firstChunk, count, ChunkSize);
    }

    private ValueTask Seal(ChunkBatch batch, ReadOnlyMemory<byte> plaintext, Memory<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, plaintext.Length + (batch.Count * TagSize), nameof(output));
        return _key.SealChunks(batch, plaintext, output);
    }

    private ValueTask<bool> Open(ChunkBatch batch, ReadOnlyMemory<byte> ciphertext, Memory<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, ciphertext.Length - (batch.Count * TagSize), nameof(plaintext));
        return _key.OpenChunks(batch, ciphertext, plaintext);
    }

    private static ValueTask<bool> Refuse(Memory<byte> plaintext)
    {
        plaintext.Span.Clear();
        return ValueTask.FromResult(false);
    }
}
