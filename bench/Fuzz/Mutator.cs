using System.Buffers.Binary;
using System.Text;

namespace Salus.Bench.Fuzz;

/// <summary>
/// Alters inputs: bits and bytes, numbers that look like lengths and counts, pieces cut out, repeated, moved, taken from another input; in text also words, numbers and
/// whole brackets. One seed gives one sequence of inputs.
/// </summary>
internal sealed class Mutator(int seed)
{
    private static readonly ulong[] Numbers =
        [0, 1, 2, 7, 8, 63, 64, 65, 127, 128, 255, 256, 1024, 4096, 0x7fff, 0x8000, 0xffff, 0x10000, 0xffffff, int.MaxValue,
            0x80000000, uint.MaxValue, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "null", "true", "false", "{}", "[]", "\"\"", "0", "-0", "-1", "1e999", "1E-400", "9223372036854775808", "0.1000000000000000055511151231257827", "\\u0000", "\\ud800", "\\udc00\\ud800",
            "\"", "'", ",", ":", ";", "~", "|", "^", "&", "\\", "/", "<", ">", "&#0;", "&amp;", "<!--", "<![CDATA[", "]]>",
            "<!DOCTYPE a [", "%", "\r\n", "\n", "\r", "\t", "\0", "+", "-", "*", "(", ")", ".", "$", "@",
            "\"resourceType\":\"Patient\"", "\"id\":\"a\"", "0001-01-01", "9999-12-31T23:59:59.999Z", "2024-02-30", "24:00", "+14:00",
            "MSH|^~\\&|", "DICM", "code:", "date:", "any:", "(a+)+$", "where(", "descendants()",
        }.Select(word => Encoding.UTF8.GetBytes(word)),
        [0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xe2, 0x80, 0xae], [0xcc, 0x81],
    ];

    private readonly Dice _dice = new(seed);

    public byte[] Alter(Target target, byte[] input, IReadOnlyList<byte[]> others)
    {
        var bytes = new List<byte>(input);
        for (var steps = 1 << _dice.Next(0, 4); steps > 0; steps--)
            Step(bytes, target, others);
        if (bytes.Count > target.Longest)
            bytes.RemoveRange(target.Longest, bytes.Count - target.Longest);
        return target.Mend is not null && _dice.Next(8) > 0 ? target.Mend([.. bytes]) : [.. bytes];
    }

    public T Pick<T>(IReadOnlyList<T> all) => all[_dice.Next(all.Count)];

    private void Step(List<byte> bytes, Target target, IReadOnlyList<byte[]> others)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Pick(others));
            return;
        }
        if (target.Shape == Shape.Text && _dice.Next(2) == 0)
        {
            InText(bytes);
            return;
        }
        var at = _dice.Next(bytes.Count);
        var (start, length) = Piece(bytes.Count);
        switch (_dice.Next(13))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _dice.Next(8));
                break;
            case 1:
                bytes[at] = (byte)_dice.Next(256);
                break;
            case 2:
                bytes[at] = unchecked((byte)(bytes[at] + _dice.Next(-3, 4)));
                break;
            case 3:
                Overwrite(bytes, at, Number(Pick(Numbers)));
                break;
            case 4 or 5:
                ChangeLength(bytes);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                bytes.RemoveRange(start, length);
                break;
            case 8:
                Repeat(bytes, start, length, target.Longest);
                break;
            case 9:
                var moved = bytes.GetRange(start, length);
                bytes.RemoveRange(start, length);
                bytes.InsertRange(_dice.Next(bytes.Count + 1), moved);
                break;
            case 10:
                bytes.InsertRange(at, _dice.Bytes(_dice.Next(1, 33)));
                break;
            case 11:
                Splice(bytes, at, Pick(others));
                break;
            default:
                for (var i = start; i < start + length; i++)
                    bytes[i] = (byte)(at % 3 == 0 ? 0 : at % 3 == 1 ? 0xff : _dice.Next(256));
                break;
        }
    }

    private void InText(List<byte> bytes)
    {
        var at = _dice.Next(bytes.Count);
        switch (_dice.Next(7))
        {
            case 0 or 1:
                bytes.InsertRange(at, Pick(Words));
                break;
            case 2:
                if (Bracket(bytes, at) is var (from, length))
                {
                    var whole = bytes.GetRange(from, length);
                    bytes.RemoveRange(from, length);
                    bytes.InsertRange(_dice.Next(3) == 0 ? _dice.Next(bytes.Count + 1) : from, _dice.Next(2) == 0 ? Pick(Words) : [.. whole, (byte)',', .. whole]);
                }
                break;
            case 3:
                // As deep as a tower: who reads brackets by recursion falls.
                if (Bracket(bytes, at) is var (inner, size))
                {
                    var levels = 1 << _dice.Next(2, 13);
                    var (open, close) = bytes[inner] == (byte)'{' ? ("{\"a\":"u8.ToArray(), (byte)'}') : ([bytes[inner]], Closing(bytes[inner]));
                    bytes.InsertRange(inner + size, Enumerable.Repeat(close, levels));
                    bytes.InsertRange(inner, Enumerable.Repeat(open, levels).SelectMany(part => part));
                }
                break;
            case 4:
                while (at < bytes.Count && !char.IsAsciiDigit((char)bytes[at]))
                    at++;
                var end = at;
                while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
                    end++;
                bytes.RemoveRange(at, end - at);
                bytes.InsertRange(at, _dice.Next(4) == 0 ? Enumerable.Repeat((byte)'9', _dice.Next(1, 400))
                    : Encoding.ASCII.GetBytes(Pick(Numbers).ToString(System.Globalization.CultureInfo.InvariantCulture)));
                break;
            case 5:
                // A line, or what stands between two marks, once more.
                var mark = Pick<byte>([(byte)'\n', (byte)',', (byte)'|', (byte)'"', (byte)' ', (byte)'~', (byte)'\r']);
                var first = bytes.IndexOf(mark, at);
                if (first >= 0 && bytes.IndexOf(mark, first + 1) is > 0 and var second)
                    Repeat(bytes, first, second - first, int.MaxValue);
                break;
            default:
                bytes[at] = Pick<byte>(Pick(Words));
                break;
        }
    }

    /// <summary>A bracket that opens at or behind a place, with what it holds.</summary>
    private static (int From, int Length)? Bracket(List<byte> bytes, int at)
    {
        while (at < bytes.Count && bytes[at] is not ((byte)'{' or (byte)'[' or (byte)'(' or (byte)'<'))
            at++;
        for (int i = at, depth = 0; i < bytes.Count; i++)
        {
            depth += bytes[i] == bytes[at] ? 1 : bytes[i] == Closing(bytes[at]) ? -1 : 0;
            if (depth == 0)
                return (at, i + 1 - at);
        }
        return null;
    }

    private static byte Closing(byte open) => open switch { (byte)'{' => (byte)'}', (byte)'[' => (byte)']', (byte)'(' => (byte)')', _ => (byte)'>' };

    /// <summary>A number that could be the length or the count of what follows, in the widths and orders that formats have.</summary>
    private void ChangeLength(List<byte> bytes)
    {
        Span<byte> field = stackalloc byte[8];
        for (var tries = 0; tries < 32; tries++)
        {
            var size = Pick<int>([1, 2, 2, 4, 4, 4, 8]);
            var big = _dice.Next(2) == 0;
            if (bytes.Count < size)
                return;
            var at = _dice.Next(bytes.Count - size + 1);
            ulong value = 0;
            for (var i = 0; i < size; i++)
                value |= (ulong)bytes[at + i] << (8 * (big ? size - 1 - i : i));
            var rest = (ulong)(bytes.Count - at - size);
            if (value > rest && value > 64)
                continue;
            var changed = _dice.Next(6) switch { 0 => value + 1, 1 => value == 0 ? 0 : value - 1, 2 => rest, 3 => rest + 1, 4 => value * 2, _ => Pick(Numbers) };
            if (big)
                BinaryPrimitives.WriteUInt64BigEndian(field, changed);
            else
                BinaryPrimitives.WriteUInt64LittleEndian(field, changed);
            for (var i = 0; i < size; i++)
                bytes[at + i] = big ? field[8 - size + i] : field[i];
            return;
        }
    }

    private byte[] Number(ulong value)
    {
        var field = new byte[8];
        var size = Pick<int>([1, 2, 4, 8]);
        if (_dice.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(field, value);
            return field[(8 - size)..];
        }
        BinaryPrimitives.WriteUInt64LittleEndian(field, value);
        return field[..size];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] field)
    {
        for (var i = 0; i < field.Length && at + i < bytes.Count; i++)
            bytes[at + i] = field[i];
    }

    private void Repeat(List<byte> bytes, int start, int length, int longest)
    {
        var piece = bytes.GetRange(start, length);
        var times = _dice.Next(8) == 0 ? _dice.Next(2, 600) : 1;
        for (var i = 0; i < times && bytes.Count < longest && bytes.Count < 1 << 20; i++)
            bytes.InsertRange(start, piece);
    }

    private void Splice(List<byte> bytes, int at, byte[] other)
    {
        if (other.Length == 0)
            return;
        var (start, length) = Piece(other.Length);
        if (_dice.Next(2) == 0)
            bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
        bytes.InsertRange(at, other[start..(start + length)]);
    }

    /// <summary>A short piece more often than a long one.</summary>
    private (int Start, int Length) Piece(int of)
    {
        var length = Math.Min(of, 1 + _dice.Next(_dice.Next(4) == 0 ? of : Math.Min(of, 40)));
        return (_dice.Next(of - length + 1), length);
    }
}
