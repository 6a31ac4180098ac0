using System.Buffers;
using System.Buffers.Binary;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;

namespace Salus.Protocol.Wire;

/// <summary>
/// Writes the one canonical encoding of a message: fixed fields in order, integers big endian, variable fields after a 32-bit length.
/// </summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public WireWriter Bytes(ReadOnlySpan<byte> fixedField)
    {
        _buffer.Write(fixedField);
        return this;
    }

    /// <summary>A field of a fixed size that comes as an array: another length would shift what follows.</summary>
    public WireWriter Fixed(int size, ReadOnlySpan<byte> field)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(field.Length, size, nameof(field));
        return Bytes(field);
    }

    /// <summary>A variable field: its length as 32 bits, then the bytes.</summary>
    public WireWriter Variable(ReadOnlySpan<byte> field) => UInt32((uint)field.Length).Bytes(field);

    public WireWriter Byte(byte value) => Bytes([value]);

    public WireWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public WireWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>An instant, as milliseconds since 1970-01-01T00:00:00Z.</summary>
    public WireWriter Time(DateTimeOffset value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, DateTimeOffset.UnixEpoch);
        return UInt64((ulong)value.ToUnixTimeMilliseconds());
    }

    public WireWriter Id<T>(T id) where T : struct, IIdentifier<T>
    {
        Identifier.Write(id, _buffer.GetSpan(Identifier.Size));
        _buffer.Advance(Identifier.Size);
        return this;
    }

    public WireWriter Epoch(EpochNumber epoch) => UInt32(epoch.Value);

    public WireWriter Key(VerifyingKey key) => Bytes(key.Bytes);

    public WireWriter Key(PublicKey key) => Bytes(key.Bytes);

    public WireWriter Key(BoxKey key) => Bytes(key.Bytes);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}
