using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Sealing;

/// <summary>
/// A content key (DEK, 32 bytes) under the key of a capsule: commitment 32 | ciphertext 32 | tag 16.
/// </summary>
/// <remarks>
/// <code>
/// commitment = first 32 bytes of H("content-key-commitment"; DEK, context)
/// wrap       = AES-256-GCM(KDF(K, "content-key-wrap", commitment), nonce 0, DEK, AAD = context)
/// </code>
/// The nonce may be zero because the wrapping key is single-use: it is derived from the commitment, so K wraps two content keys, or one under two
/// contexts,
/// under two keys. The commitment says which DEK this is: AES-GCM alone opens under two keys for whoever chooses them, and two readers of one
/// record could be shown two bodies. It hides the DEK, which is random. Secret: K, DEK.
/// </remarks>
public sealed class WrappedKey
{
    public const int Size = CommitmentSize + ContentKeySize + Aead.TagSize;
    public const int ContentKeySize = 32;

    private const int CommitmentSize = 32;
    private readonly byte[] _bytes;

    private WrappedKey(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>False for another length than 80; whether it opens, <see cref="UnwrapAsync"/> says.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WrappedKey? wrapped)
    {
        wrapped = bytes.Length == Size ? new WrappedKey(bytes.ToArray()) : null;
        return wrapped is not null;
    }

    /// <summary>Wraps under a key of 32 bytes; <paramref name="context"/> is the capsule's.</summary>
    public static async ValueTask<WrappedKey> WrapAsync(Secret key, Secret contentKey, ReadOnlyMemory<byte> context)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(contentKey);
        ArgumentOutOfRangeException.ThrowIfNotEqual(contentKey.Length, ContentKeySize, nameof(contentKey));
        var bytes = new byte[Size];
        Commit(contentKey, context.Span, bytes.AsSpan(0, CommitmentSize));
        using var wrapping = WrappingKey(key, bytes);
        await Aead.SealAsync(wrapping, new byte[Aead.NonceSize], contentKey.Memory, context, bytes.AsMemory(CommitmentSize));
        return new WrappedKey(bytes);
    }

    /// <summary>The content key; null when this was not wrapped under the key and context, or does not hold what it commits to.</summary>
    public async ValueTask<Secret?> UnwrapAsync(Secret key, ReadOnlyMemory<byte> context)
    {
        ArgumentNullException.ThrowIfNull(key);
        var contentKey = new Secret(ContentKeySize);
        using var wrapping = WrappingKey(key, _bytes);
        if (await Aead.OpenAsync(wrapping, new byte[Aead.NonceSize], _bytes.AsMemory(CommitmentSize), context, contentKey.Memory)
            && Commits(contentKey, context.Span))
            return contentKey;
        contentKey.Dispose();
        return null;
    }

    private static Secret WrappingKey(Secret key, ReadOnlySpan<byte> wrapped) =>
        Kdf.Derive(key.Bytes, Domains.ContentKeyWrap, Aead.KeySize, wrapped[..CommitmentSize]);

    private bool Commits(Secret contentKey, ReadOnlySpan<byte> context)
    {
        Span<byte> commitment = stackalloc byte[CommitmentSize];
        Commit(contentKey, context, commitment);
        return CryptographicOperations.FixedTimeEquals(commitment, Bytes[..CommitmentSize]);
    }

    private static void Commit(Secret contentKey, ReadOnlySpan<byte> context, Span<byte> commitment)
    {
        using var transcript = new Transcript(Domains.ContentKeyCommitment);
        transcript.Append(contentKey.Bytes).Append(context).ToHash(commitment);
    }
}
