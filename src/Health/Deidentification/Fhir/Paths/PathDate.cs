using System.Globalization;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>
/// A date, dateTime or instant of FHIR, as exact as it is written: year, month, day, and a time with its zone. Two of them are compared by what both
/// have; where that leaves it open, there is no answer.
/// </summary>
internal sealed class PathDate
{
    private readonly int[] parts = [0, 1, 1, 0, 0, 0];

    private PathDate(string text) => Text = text;

    public string Text { get; }

    /// <summary>1 year, 2 month, 3 day, 5 minute, 6 second.</summary>
    public int Precision { get; private set; }

    public int Year => parts[0];

    public int Month => parts[1];

    public int Day => parts[2];

    public bool HasDay => Precision >= 3;

    /// <summary>From the "T" on; empty without a time.</summary>
    public string TimeAndZone => Precision > 3 ? Text[10..] : "";

    private decimal Fraction { get; set; }

    private int? ZoneMinutes { get; set; }

    public static bool TryParse(string text, out PathDate date)
    {
        date = new PathDate(text);
        var rest = text.AsSpan();
        if (!Take(ref rest, 4, 1, 9999, out date.parts[0]))
            return false;
        date.Precision = 1;
        foreach (var (part, most) in (ReadOnlySpan<(int, int)>)[(1, 12), (2, 31)])
        {
            if (rest.IsEmpty || rest[0] == 'T')
                break;
            if (rest[0] != '-' || !Take(ref rest, 2, 1, most, out date.parts[part], skip: 1))
                return false;
            date.Precision = part + 1;
        }
        if (date.HasDay && date.Day > DateTime.DaysInMonth(date.Year, date.Month))
            return false;
        // "@2020T" is a literal of FHIRPath for a dateTime that ends with its year.
        return rest.IsEmpty || (rest[0] == 'T' && (rest.Length == 1 || (date.HasDay && date.TakeTime(rest))));
    }

    /// <summary>Below, equal or above zero; null where the less exact one leaves it open.</summary>
    public static int? Compare(PathDate a, PathDate b)
    {
        var (x, y) = (a.Moved(), b.Moved());
        var common = Math.Min(a.Precision, b.Precision);
        for (var i = 0; i < common; i++)
            if (x[i] != y[i])
                return x[i].CompareTo(y[i]);
        if (a.Precision != b.Precision)
            return null;
        return a.Fraction.CompareTo(b.Fraction);
    }

    /// <summary>The same day and year, moved by days; null beyond the calendar.</summary>
    public string? DayMovedBy(int days)
    {
        var day = new DateOnly(Year, Month, Day).DayNumber + days;
        return day < DateOnly.MinValue.DayNumber || day > DateOnly.MaxValue.DayNumber ? null
            : DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    public override string ToString() => Text;

    /// <summary>In UTC, when there is a time; without a zone it is taken for UTC.</summary>
    private int[] Moved()
    {
        if (Precision <= 3 || ZoneMinutes is null or 0)
            return parts;
        var minutes = new DateTime(Year, Month, Day, parts[3], parts[4], 0, DateTimeKind.Utc).Ticks / TimeSpan.TicksPerMinute - ZoneMinutes.Value;
        if (minutes < 0 || minutes > DateTime.MaxValue.Ticks / TimeSpan.TicksPerMinute)
            return parts;
        var moved = new DateTime(minutes * TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        return [moved.Year, moved.Month, moved.Day, moved.Hour, moved.Minute, parts[5]];
    }

    private bool TakeTime(ReadOnlySpan<char> rest)
    {
        if (!Take(ref rest, 2, 0, 23, out parts[3], skip: 1) || rest.IsEmpty || rest[0] != ':' || !Take(ref rest, 2, 0, 59, out parts[4], skip: 1))
            return false;
        Precision = 5;
        if (!rest.IsEmpty && rest[0] == ':')
        {
            if (!Take(ref rest, 2, 0, 60, out parts[5], skip: 1))
                return false;
            Precision = 6;
            if (!rest.IsEmpty && rest[0] == '.')
            {
                var end = rest[1..].IndexOfAnyExceptInRange('0', '9') is var stop and >= 0 ? stop + 1 : rest.Length;
                if (end is < 2 or > 20)
                    return false;
                Fraction = decimal.Parse(string.Concat("0", rest[..end]), CultureInfo.InvariantCulture);
                rest = rest[end..];
            }
        }
        if (rest.IsEmpty)
            return true;
        if (rest is "Z")
        {
            ZoneMinutes = 0;
            return true;
        }
        var sign = rest[0] switch { '+' => 1, '-' => -1, _ => 0 };
        if (sign == 0 || !Take(ref rest, 2, 0, 14, out var hours, skip: 1) || rest.IsEmpty || rest[0] != ':' || !Take(ref rest, 2, 0, 59, out var minutes, skip: 1))
            return false;
        ZoneMinutes = sign * (hours * 60 + minutes);
        return rest.IsEmpty;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, int digits, int least, int most, out int value, int skip = 0)
    {
        value = 0;
        if (rest.Length < skip + digits || rest.Slice(skip, digits).ContainsAnyExceptInRange('0', '9'))
            return false;
        value = int.Parse(rest.Slice(skip, digits), CultureInfo.InvariantCulture);
        rest = rest[(skip + digits)..];
        return value >= least && value <= most;
    }
}
