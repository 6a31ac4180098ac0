using System.Text;
using System.Text.Json;

namespace Salus.Client.Readings;

/// <summary>How a file of readings is written.</summary>
internal enum LineKind
{
    Csv,
    Fhir,
}

/// <summary>Tells CSV from FHIR by the first character, and one document from one in each line.</summary>
internal static class LineFormat
{
    public static LineKind OfFirst(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var first = bytes.IndexOfAnyExcept(" \t\r\n"u8);
        return first >= 0 && bytes[first] is (byte)'{' or (byte)'[' ? LineKind.Fhir : LineKind.Csv;
    }

    /// <summary>Whether the first line is a whole document and something comes after it.</summary>
    public static bool IsLines(byte[] bytes)
    {
        var end = Array.IndexOf(bytes, (byte)'\n');
        if (end < 0 || bytes.AsSpan(end).IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return false;
        try
        {
            using var first = JsonDocument.Parse(bytes.AsMemory(0, end));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
