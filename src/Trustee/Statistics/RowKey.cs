using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Trustee.Statistics;

/// <summary>
/// Seals the shares of rows at rest, so that two databases or their backups together still show nothing: AES-256-GCM under a key derived from the trustee's identity seed,
/// which is a file outside of the database. Study, contribution and commitments are authenticated with it: whoever can write rows cannot make one count for another.
/// Sealed: nonce 12 (random; the rows of one trustee stay far below 2^32) | ciphertext | tag 16.
/// </summary>
internal sealed class RowKey(Secret key) : IDisposable
{
    private readonly AeadKey _key = Aead.Import(key);

    public async Task<byte[]> SealAsync(byte[] parcel, ShareRow row)
    {
        var output = new byte[Aead.NonceSize + parcel.Length + Aead.TagSize];
        RandomNumberGenerator.Fill(output.AsSpan(0, Aead.NonceSize));
        await _key.SealAsync(output.AsMemory(0, Aead.NonceSize), parcel, Associated(row), output.AsMemory(Aead.NonceSize));
        return output;
    }

    /// <summary>The parcel of a row. Throws when the row is not as this trustee wrote it.</summary>
    public async Task<byte[]> OpenAsync(ShareRow row)
    {
        var parcel = new byte[Math.Max(0, row.SealedParcel.Length - Aead.NonceSize - Aead.TagSize)];
        return row.SealedParcel.Length >= Aead.NonceSize + Aead.TagSize
            && await _key.OpenAsync(row.SealedParcel.AsMemory(0, Aead.NonceSize), row.SealedParcel.AsMemory(Aead.NonceSize), Associated(row), parcel)
            ? parcel : throw new InvalidDataException("A row of shares in the database is not as this trustee wrote it.");
    }

    public void Dispose()
    {
        _key.Dispose();
        key.Dispose();
    }

    private static byte[] Associated(ShareRow row) => [.. Protocol.Identifier.ToBytes(row.Study), .. Protocol.Identifier.ToBytes(row.Contribution), .. row.Commitments];
}
