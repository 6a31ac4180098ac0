using System.Globalization;
using System.Text.RegularExpressions;

namespace Salus.Client.Readings;

/// <summary>Times as sensors write them: ISO 8601 (in UTC when there is no zone), or seconds or milliseconds since 1970.</summary>
internal static partial class ReadingTime
{
    /// <summary>A number of this size or above counts milliseconds: as seconds it would be after the year 5000.</summary>
    private const decimal FirstMilliseconds = 100_000_000_000m;

    /// <summary>A number below it, of March 1973, is a year or a date without hyphens rather than seconds.</summary>
    private const decimal FirstSeconds = 100_000_000m;

    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (DecimalText.TryParse(text, out var number))
        {
            var milliseconds = number >= FirstMilliseconds ? number : number * 1000;
            if (number < FirstSeconds || milliseconds != decimal.Truncate(milliseconds) || milliseconds > Protocol.Limits.NoEnd.ToUnixTimeMilliseconds())
                return false;
            time = DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
            return true;
        }
        return TryParseIso(text, out time);
    }

    /// <summary>ISO 8601 alone, to the day at least: a bare number is no time.</summary>
    public static bool TryParseIso(string text, out DateTimeOffset time)
    {
        time = default;
        if (!Iso().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read)
            || read < DateTimeOffset.UnixEpoch)
            return false;
        // Readings are kept by the millisecond.
        time = DateTimeOffset.FromUnixTimeMilliseconds(read.ToUnixTimeMilliseconds());
        return true;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?\z")]
    private static partial Regex Iso();
}
