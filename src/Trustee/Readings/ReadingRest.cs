using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Readings;

namespace Salus.Trustee.Readings;

/// <summary>
/// Seals the times and shares of batches at rest, as <see cref="Reencryption.RestKey"/> seals keys: the databases of two trustees alone open no reading.
/// Sealed: nonce 12 (random; the batches sealed by one trustee stay far below 2^32) | ciphertext of (length of the times u32 | times | parcel) | tag 16; AAD = hash of the
/// signed batch.
/// </summary>
internal sealed class ReadingRest : IDisposable
{
    private readonly Secret _secret;
    private readonly AeadKey _key;

    public ReadingRest(Secret secret)
    {
        _secret = secret;
        _key = Aead.Import(secret);
    }

    public async ValueTask<byte[]> SealAsync(ReadingBatch batch, ReadingTimes times, byte[] parcel)
    {
        var content = new byte[sizeof(uint) + times.Bytes.Length + parcel.Length];
        BinaryPrimitives.WriteInt32BigEndian(content, times.Bytes.Length);
        times.Bytes.CopyTo(content, sizeof(uint));
        parcel.CopyTo(content, sizeof(uint) + times.Bytes.Length);
        var output = new byte[Aead.NonceSize + content.Length + Aead.TagSize];
        RandomNumberGenerator.Fill(output.AsSpan(0, Aead.NonceSize));
        await _key.SealAsync(output.AsMemory(0, Aead.NonceSize), content, batch.Hash, output.AsMemory(Aead.NonceSize));
        CryptographicOperations.ZeroMemory(content);
        return output;
    }

    /// <summary>Throws when it is not as this trustee sealed it for the batch.</summary>
    public async ValueTask<(ReadingTimes Times, byte[] Parcel)> OpenAsync(ReadingBatch batch, byte[] sealedShares)
    {
        var content = new byte[Math.Max(0, sealedShares.Length - Aead.NonceSize - Aead.TagSize)];
        if (sealedShares.Length < Aead.NonceSize + Aead.TagSize + sizeof(uint)
            || !await _key.OpenAsync(sealedShares.AsMemory(0, Aead.NonceSize), sealedShares.AsMemory(Aead.NonceSize), batch.Hash, content)
            || !ReadingTimes.TryParse(content.AsSpan(sizeof(uint), BinaryPrimitives.ReadInt32BigEndian(content)), out var times))
            throw new InvalidDataException("Readings in the database are not as this trustee wrote them.");
        return (times, content[(sizeof(uint) + times.Bytes.Length)..]);
    }

    public void Dispose()
    {
        _key.Dispose();
        _secret.Dispose();
    }
}
