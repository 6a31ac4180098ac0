using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// Where a record belongs: hashed into its capsule, so that a capsule serves this record, epoch, partition and owner and no other.
/// Encoding: owner 16 | partition 16 | epoch u32 | record 16, 52 bytes.
/// </summary>
public readonly record struct RecordContext(AccountId Owner, PartitionId Partition, EpochNumber Epoch, RecordId Record)
{
    public byte[] ToBytes() => new WireWriter().Id(Owner).Id(Partition).Epoch(Epoch).Id(Record).ToArray();

    /// <summary>The context of the encrypted body: record 16 | version u32 | suite u8.</summary>
    public static byte[] Body(RecordId record, uint version) => new WireWriter().Id(record).UInt32(version).Byte(SealedRecord.Suite).ToArray();

    /// <summary>The context of an encrypted body that several records share: body 16 | 0 u32 | suite u8. No record has version 0.</summary>
    public static byte[] Body(BodyId body) => new WireWriter().Id(body).UInt32(0).Byte(SealedRecord.SharedSuite).ToArray();
}
