using System.Globalization;

namespace Salus.Store;

/// <summary>`Content-Range: bytes FIRST-LAST/TOTAL` of a request (RFC 9110, section 14.5): which bytes of the fragment the body holds.</summary>
internal readonly record struct UploadRange(long First, long Last, long Total)
{
    private const string Unit = "bytes ";

    public long Length => Last - First + 1;

    /// <summary>False unless 0 &lt;= first &lt;= last &lt; total, in plain decimal digits.</summary>
    public static bool TryParse(string? text, out UploadRange range)
    {
        range = default;
        if (text is null || !text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return false;
        var numbers = text.AsSpan(Unit.Length);
        var dash = numbers.IndexOf('-');
        var slash = numbers.IndexOf('/');
        if (dash < 0 || slash < dash
            || !TryReadNumber(numbers[..dash], out var first)
            || !TryReadNumber(numbers[(dash + 1)..slash], out var last)
            || !TryReadNumber(numbers[(slash + 1)..], out var total)
            || first > last || last >= total)
            return false;
        range = new UploadRange(first, last, total);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out long number) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
