using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Readings;

namespace Salus.Trustee.Readings;

/// <summary>
/// Seals the times and shares of batches at rest (<see cref="AtRest"/>): the databases of two trustees alone open no reading. The content is length of the times u32 | times | parcel, and
/// authenticated with it is the hash of the signed batch.
/// </summary>
internal sealed class ReadingRest(Secret secret) : IDisposable
{
    private readonly AtRest _rest = new(secret);

    public async ValueTask<byte[]> SealAsync(ReadingBatch batch, ReadingTimes times, byte[] parcel)
    {
        var content = new byte[sizeof(uint) + times.Bytes.Length + parcel.Length];
        BinaryPrimitives.WriteInt32BigEndian(content, times.Bytes.Length);
        times.Bytes.CopyTo(content, sizeof(uint));
        parcel.CopyTo(content, sizeof(uint) + times.Bytes.Length);
        var output = await _rest.SealAsync(content, batch.Hash);
        CryptographicOperations.ZeroMemory(content);
        return output;
    }

    /// <summary>Throws when it is not as this trustee sealed it for the batch.</summary>
    public async ValueTask<(ReadingTimes Times, byte[] Parcel)> OpenAsync(ReadingBatch batch, byte[] sealedShares)
    {
        if (await _rest.OpenAsync(sealedShares, batch.Hash) is not { Length: >= sizeof(uint) } content
            || !ReadingTimes.TryParse(content.AsSpan(sizeof(uint), BinaryPrimitives.ReadInt32BigEndian(content)), out var times))
            throw new InvalidDataException("Readings in the database are not as this trustee wrote them.");
        return (times, content[(sizeof(uint) + times.Bytes.Length)..]);
    }

    public void Dispose() => _rest.Dispose();
}
