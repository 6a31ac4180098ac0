using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Salus.Health.Fhir;

/// <summary>Reads strings and numbers: checks every byte, and keeps the first bytes of the text, <see cref="FhirLimits.Text"/> when nobody asks for more.</summary>
internal sealed class JsonText(ScanBuffer buffer, int keep = FhirLimits.Text)
{
    /// <summary>ASCII that stands for itself in a string.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x60).Select(b => (byte)b).Where(b => b is not ((byte)'"' or (byte)'\\'))]);

    /// <summary>What ends a stretch of characters that stand for themselves.</summary>
    private static readonly SearchValues<byte> Stops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private byte[] own = new byte[FhirLimits.Text];
    private byte[] bytes = [];
    private int start, length;

    /// <summary>The text, unescaped; valid until the next read.</summary>
    public ReadOnlySpan<byte> Value => bytes.AsSpan(start, length);

    /// <summary>Whether there is more than <see cref="Value"/>.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether the bytes of the file are the text: no escapes, ASCII only.</summary>
    public bool IsRaw { get; private set; }

    /// <summary>Points to a text that is kept elsewhere.</summary>
    public void Set((byte[] Bytes, int Start, int Length) text) => (bytes, start, length) = text;

    /// <summary>Reads the string whose quote is next.</summary>
    public void ReadString()
    {
        buffer.Take(1);
        Begin();
        // The usual case: the whole string is in the buffer and plain.
        var n = buffer.Rest.IndexOfAnyExcept(Plain);
        if (n >= 0 && buffer.Rest[n] == '"')
        {
            IsCut = n > keep;
            (bytes, start, length) = (buffer.Bytes, buffer.At, Math.Min(n, keep));
            buffer.Take(n + 1);
            return;
        }
        var oneByOne = 0L;
        while (true)
        {
            var b = buffer.Peek();
            if (b < 0)
                throw buffer.Truncated();
            // Whole stretches at a time; one with a fault in it, or with a character that the buffer cuts, character by character.
            if (buffer.Position >= oneByOne && TakeStretch() > 0)
                continue;
            if (b == '"')
            {
                buffer.Take(1);
                return;
            }
            IsRaw = false;
            if (b == '\\')
                ReadEscape();
            else if (b < 0x20)
                throw buffer.Fault(FhirFault.NotJson, "A control character stands unescaped in a string");
            else if (b < 0x80)
                TakeOne();
            else
            {
                oneByOne = Math.Max(oneByOne, buffer.End);
                ReadMultiByte(b);
            }
        }
    }

    /// <summary>-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?, kept as it is written.</summary>
    public void ReadNumber()
    {
        Begin();
        if (buffer.Peek() == '-')
            TakeOne();
        if (buffer.Peek() == '0')
            TakeOne();
        else
            Digits();
        if (buffer.Peek() == '.')
        {
            TakeOne();
            Digits();
        }
        if (buffer.Peek() is 'e' or 'E')
        {
            TakeOne();
            if (buffer.Peek() is '+' or '-')
                TakeOne();
            Digits();
        }

        void Digits()
        {
            var b = buffer.Peek();
            if (b is not (>= '0' and <= '9'))
                throw buffer.Unexpected(b);
            while (buffer.Peek() is >= '0' and <= '9')
                TakeOne();
        }
    }

    private void Begin() => (bytes, start, length, IsCut, IsRaw) = (own, 0, 0, false, true);

    private void Append(ReadOnlySpan<byte> text)
    {
        var room = keep - length;
        if (text.Length > room)
        {
            IsCut = true;
            text = text[..room];
        }
        if (text.Length > own.Length - length)
        {
            Array.Resize(ref own, (int)Math.Min(keep, Math.Max(own.Length * 2L, length + text.Length)));
            bytes = own;
        }
        text.CopyTo(own.AsSpan(length));
        length += text.Length;
    }

    private void Append(Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        Append(utf8[..rune.EncodeToUtf8(utf8)]);
    }

    private void TakeOne()
    {
        Append(buffer.Rest[..1]);
        buffer.Take(1);
    }

    /// <summary>Takes what the buffer has of a string up to a quote, an escape or a fault; 0 when the next character needs a closer look.</summary>
    private int TakeStretch()
    {
        var n = buffer.Rest.IndexOfAny(Stops);
        var stretch = n < 0 ? buffer.Rest : buffer.Rest[..n];
        if (!Utf8.IsValid(stretch))
            stretch = stretch[..Math.Max(0, stretch.IndexOfAnyExcept(Plain))];
        else if (!Ascii.IsValid(stretch))
            IsRaw = false;
        Append(stretch);
        buffer.Take(stretch.Length);
        return stretch.Length;
    }

    /// <summary>A high surrogate takes the low one that follows it; a lone one is legal JSON, is kept in the bytes, and reads as U+FFFD.</summary>
    private void ReadEscape()
    {
        var high = '\0';
        do
        {
            buffer.Take(1);
            var b = buffer.Next();
            if (b == 'u')
            {
                var unit = ReadHex4();
                if (high != 0 && char.IsLowSurrogate(unit))
                {
                    Append(new Rune(high, unit));
                    return;
                }
                if (high != 0)
                    Append(Rune.ReplacementChar);
                high = unit;
                if (char.IsHighSurrogate(unit))
                    continue;
                Append(char.IsSurrogate(unit) ? Rune.ReplacementChar : new Rune(unit));
                return;
            }
            if (high != 0)
                Append(Rune.ReplacementChar);
            Append([(byte)(b switch
            {
                '"' or '\\' or '/' => b,
                'b' => 8,
                'f' => 12,
                'n' => 10,
                'r' => 13,
                't' => 9,
                _ => throw buffer.FaultBefore(b, "An escape that JSON does not know"),
            })]);
            return;
        }
        while (buffer.Peek() == '\\');
        Append(Rune.ReplacementChar);
    }

    private char ReadHex4()
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var b = buffer.Next();
            if (!char.IsAsciiHexDigit((char)b))
                throw buffer.FaultBefore(b, "\\u needs four hexadecimal digits");
            value = value * 16 + (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
        }
        return (char)value;
    }

    /// <summary>One character of two to four bytes: Unicode 15, table 3-7 (no overlong forms, no surrogates, nothing above U+10FFFF).</summary>
    private void ReadMultiByte(int lead)
    {
        var (size, low, high) = lead switch
        {
            >= 0xC2 and <= 0xDF => (2, 0x80, 0xBF),
            0xE0 => (3, 0xA0, 0xBF),
            0xED => (3, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => (3, 0x80, 0xBF),
            0xF0 => (4, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => (4, 0x80, 0xBF),
            0xF4 => (4, 0x80, 0x8F),
            _ => throw buffer.Fault(FhirFault.InvalidUtf8, "A byte that is not UTF-8"),
        };
        Span<byte> utf8 = stackalloc byte[4];
        utf8[0] = (byte)lead;
        buffer.Take(1);
        for (var i = 1; i < size; i++, low = 0x80, high = 0xBF)
        {
            var b = buffer.Peek();
            if (b < 0)
                throw buffer.Truncated();
            if (b < low || b > high)
                throw buffer.Fault(FhirFault.InvalidUtf8, "A byte that is not UTF-8");
            utf8[i] = (byte)b;
            buffer.Take(1);
        }
        Append(utf8[..size]);
    }
}
