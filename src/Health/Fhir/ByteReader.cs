using System.Text;
using System.Text.Unicode;

namespace Salus.Health.Fhir;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote, from bytes that anyone may have made: the first fault sets <see cref="Failed"/>, and zeros follow.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool IsAtEnd => rest.IsEmpty;

    public readonly int Remaining => rest.Length;

    public ulong Number()
    {
        ulong value = 0;
        for (var i = 0; i < 10 && i < rest.Length; i++)
        {
            var b = rest[i];
            if (i == 9 && b > 1)
                break;
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b >= 0x80)
                continue;
            rest = rest[(i + 1)..];
            return value;
        }
        return Fail();
    }

    /// <summary>A number of at most <paramref name="max"/>.</summary>
    public long Number(long max)
    {
        var value = Number();
        return value <= (ulong)max ? (long)value : (long)Fail();
    }

    /// <summary>A count of things that take at least <paramref name="least"/> bytes each, so it is never more than the bytes can hold.</summary>
    public int Count(int least) => (int)Number(rest.Length / least);

    public ReadOnlySpan<byte> Raw(int length)
    {
        if (length > rest.Length)
        {
            Fail();
            return default;
        }
        var value = rest[..length];
        rest = rest[length..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes(int max) => Raw((int)Number(Math.Min(max, rest.Length)));

    public string Text(int maxUnits) => ToText(Bytes(maxUnits * 3), maxUnits);

    public string? OptionalText(int maxUnits)
    {
        var length = (int)Number(Math.Min(maxUnits * 3, rest.Length) + 1);
        return length == 0 ? null : ToText(Raw(length - 1), maxUnits);
    }

    private string ToText(ReadOnlySpan<byte> utf8, int maxUnits)
    {
        if (Utf8.IsValid(utf8) && Encoding.UTF8.GetString(utf8) is var text && text.Length <= maxUnits)
            return text;
        Fail();
        return "";
    }

    private ulong Fail()
    {
        Failed = true;
        rest = default;
        return 0;
    }
}
