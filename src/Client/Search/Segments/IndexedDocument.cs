using System.Buffers.Binary;
using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>What a document's number stands for. Encoding: record 16 | resource u32.</summary>
/// <param name="Resource">Which of a slice's resources, in the order of its index; <see cref="WholeRecord"/> for a record that is one document.</param>
public readonly record struct IndexedDocument(RecordId Record, uint Resource)
{
    public const int Size = Identifier.Size + sizeof(uint);

    public const uint WholeRecord = uint.MaxValue;

    internal void Write(Span<byte> output)
    {
        Identifier.Write(Record, output);
        BinaryPrimitives.WriteUInt32BigEndian(output[Identifier.Size..], Resource);
    }

    internal static IndexedDocument Read(ReadOnlySpan<byte> bytes) =>
        new(Identifier.Read<RecordId>(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[Identifier.Size..]));
}
