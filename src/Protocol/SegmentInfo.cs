using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// What an index update says of a segment: where its key is, and what its dictionary and blocks must be.
/// Encoding: segment 16 | source 32 | epoch u32 | capsule 96 | wrapped key 80 | dictionary length u64 | dictionary hash 32 | blocks u32.
/// </summary>
/// <param name="Source">Who built it. A base of the owner's keeps the segments of other sources under their names.</param>
/// <param name="DictionaryLength">Bytes of the sealed dictionary.</param>
/// <param name="DictionaryHash">SHA-256 of the sealed dictionary.</param>
/// <param name="Blocks">Blocks at the cloud, of terms and documents and with their padding; 0 for a segment that is its dictionary alone.</param>
public sealed record SegmentInfo(
    SegmentId Id, VerifyingKey Source, EpochNumber Epoch, Capsule Capsule, WrappedKey Key, long DictionaryLength, byte[] DictionaryHash, int Blocks)
{
    public const int Size = Identifier.Size + VerifyingKey.Size + 4 + Capsule.Size + WrappedKey.Size + 8 + Sha256.Size + 4;

    /// <summary>What the capsule and the wrapped key are bound to: trustees re-encrypt for a segment as they do for a record.</summary>
    public RecordContext Context(AccountId owner, PartitionId partition) => new(owner, partition, Epoch, new RecordId(Id.Value));

    internal void Write(WireWriter writer) => writer.Id(Id).Key(Source).Epoch(Epoch).Bytes(Capsule.Bytes).Bytes(Key.Bytes).UInt64((ulong)DictionaryLength)
        .Fixed(Sha256.Size, DictionaryHash).UInt32((uint)Blocks);

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out SegmentInfo? segment)
    {
        segment = null;
        if (!reader.Id(out SegmentId id) || !reader.Key(out VerifyingKey source) || !reader.Epoch(out var epoch)
            || !reader.Bytes(Capsule.Size, out var capsuleBytes) || !Capsule.TryParse(capsuleBytes, out var capsule)
            || !reader.Bytes(WrappedKey.Size, out var keyBytes) || !WrappedKey.TryParse(keyBytes, out var key)
            || !reader.UInt64(out var length) || length > Limits.MaxDictionary || !ChunkedEncryption.TryPlaintextLength((long)length, out _)
            || !reader.Bytes(Sha256.Size, out var hash) || !reader.UInt32(out var blocks) || blocks > Limits.MaxSegmentBlocks)
            return false;
        segment = new SegmentInfo(id, source, epoch, capsule, key, (long)length, hash.ToArray(), (int)blocks);
        return true;
    }
}
