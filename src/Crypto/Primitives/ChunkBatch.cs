using System.Buffers.Binary;

namespace Salus.Crypto.Primitives;

/// <summary>Which chunks an AEAD call covers: numbers <c>First .. First + Count - 1</c>, nonces <c>BaseNonce XOR number</c> (big-endian, 12
/// bytes).</summary>
internal readonly record struct ChunkBatch(ReadOnlyMemory<byte> BaseNonce, ulong First, int Count, int ChunkSize)
{
    /// <summary>Writes the nonce of the <paramref name="index"/>th chunk of the batch.</summary>
    public void Nonce(int index, Span<byte> nonce)
    {
        BaseNonce.Span.CopyTo(nonce);
        var low = nonce[^sizeof(ulong)..];
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ (First + (ulong)index));
    }
}
