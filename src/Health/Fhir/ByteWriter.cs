using System.Buffers;
using System.Text;

namespace Salus.Health.Fhir;

/// <summary>Writes the compact encoding: numbers as LEB128, everything of varying size after its length.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public int Length => bytes.WrittenCount;

    public ByteWriter Number(ulong value)
    {
        var span = bytes.GetSpan(10);
        var n = 0;
        for (; value >= 0x80; value >>= 7)
            span[n++] = (byte)((value & 0x7F) | 0x80);
        span[n++] = (byte)value;
        bytes.Advance(n);
        return this;
    }

    public ByteWriter Number(long value) => Number((ulong)value);

    public ByteWriter Raw(ReadOnlySpan<byte> value)
    {
        bytes.Write(value);
        return this;
    }

    public ByteWriter Bytes(ReadOnlySpan<byte> value) => Number(value.Length).Raw(value);

    public ByteWriter Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <summary>0 for null, else the length plus one.</summary>
    public ByteWriter OptionalText(string? value)
    {
        if (value is null)
            return Number(0);
        var utf8 = Encoding.UTF8.GetBytes(value);
        return Number(utf8.Length + 1).Raw(utf8);
    }

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();
}
