namespace Salus.Client.Search.Segments;

/// <summary>Numbers of 32 bits, seven bits a byte, the lowest first, the highest bit of a byte set when more follow (LEB128); the shortest encoding alone is read.</summary>
internal static class Varint
{
    public const int MaximumSize = 5;

    public static int Size(uint value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7)
            size++;
        return size;
    }

    /// <summary>Bytes written, 1 to 5.</summary>
    public static int Write(uint value, Span<byte> output)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
            output[at++] = unchecked((byte)(value | 0x80));
        output[at] = (byte)value;
        return at + 1;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out uint value)
    {
        value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (at >= bytes.Length)
                return false;
            var next = bytes[at++];
            if (shift == 28 && next > 0x0f)
                return false;
            value |= unchecked((uint)(next & 0x7f) << shift);
            if (next < 0x80)
                return next != 0 || shift == 0;
        }
        return false;
    }
}
