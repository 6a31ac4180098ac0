using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Sealing;

/// <summary>
/// What tells a content from every other: SHA-256 of each of its chunks. Under the secret of a domain it becomes the print from which a shared body's key comes.
/// Holds hashes of plaintext: it stays in memory and is never stored or sent.
/// </summary>
/// <remarks>
/// <code>
/// print = HMAC-SHA256(KDF(domain secret, "content-print"), length u64 | SHA-256(chunk 0) | SHA-256(chunk 1) …)      chunks of 16 KiB, the last shorter
/// </code>
/// By chunks, so that sealing can hold every chunk that it reads a second time against the first: a source that changed in between would put two plaintexts under one nonce.
/// No hash of the content that others may know says anything of the print.
/// </remarks>
public sealed class ContentPrint : IDisposable
{
    public const int Size = Mac.Size;

    /// <summary>Longer contents are not printed: their hashes would take 32 MiB of memory.</summary>
    public const long MaxLength = 16L << 30;

    private readonly byte[] _hashes;

    private ContentPrint(long length, byte[] hashes) => (Length, _hashes) = (length, hashes);

    /// <summary>Bytes of the content.</summary>
    public long Length { get; }

    /// <summary>Reads a content from its stream's position to the end, which must be <paramref name="length"/> bytes on. Null when it is shorter or longer.</summary>
    public static async Task<ContentPrint?> ReadAsync(Stream content, long length, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        var hashes = new byte[ChunkedEncryption.ChunkCount(length) * Sha256.Size];
        var buffer = new byte[16 * ChunkedEncryption.ChunkSize];
        try
        {
            for (long offset = 0; ;)
            {
                var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
                if (read > length - offset)
                    return null;
                Hash(buffer.AsSpan(0, read), hashes.AsSpan((int)(offset / ChunkedEncryption.ChunkSize) * Sha256.Size));
                offset += read;
                if (read < buffer.Length)
                    return offset == length ? new ContentPrint(length, hashes) : null;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <summary>Whether these are the content's bytes at <paramref name="offset"/>, a multiple of 16 KiB: whole chunks, or up to the end.</summary>
    public bool Matches(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset % ChunkedEncryption.ChunkSize != 0 || offset < 0 || bytes.Length > Length - offset
            || (bytes.Length % ChunkedEncryption.ChunkSize != 0 && offset + bytes.Length != Length))
            return false;
        var hashes = new byte[(bytes.Length + ChunkedEncryption.ChunkSize - 1) / ChunkedEncryption.ChunkSize * Sha256.Size];
        Hash(bytes, hashes);
        return hashes.AsSpan().SequenceEqual(_hashes.AsSpan((int)(offset / ChunkedEncryption.ChunkSize) * Sha256.Size, hashes.Length));
    }

    /// <summary>The print under the secret of a domain: 32 bytes.</summary>
    public Secret Under(Secret domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        using var key = Kdf.Derive(domain.Bytes, Domains.ContentPrint, Mac.Size);
        var data = new byte[sizeof(ulong) + _hashes.Length];
        BinaryPrimitives.WriteUInt64BigEndian(data, (ulong)Length);
        _hashes.CopyTo(data, sizeof(ulong));
        var print = new Secret(Size);
        Mac.HmacSha256(key.Bytes, data, print.Writable);
        CryptographicOperations.ZeroMemory(data);
        return print;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_hashes);

    public override string ToString() => "[redacted]";

    private static void Hash(ReadOnlySpan<byte> bytes, Span<byte> hashes)
    {
        for (; bytes.Length > 0; hashes = hashes[Sha256.Size..])
        {
            var chunk = bytes[..Math.Min(bytes.Length, ChunkedEncryption.ChunkSize)];
            Sha256.Hash(chunk, hashes[..Sha256.Size]);
            bytes = bytes[chunk.Length..];
        }
    }
}
