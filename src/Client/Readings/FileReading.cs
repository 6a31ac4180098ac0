using System.Globalization;

namespace Salus.Client.Readings;

/// <summary>One reading in a file, and where it stands.</summary>
/// <param name="Channel">LOINC of a FHIR observation; of a CSV file the column: empty for the only one.</param>
/// <param name="Unit">As the file says; null when it does not.</param>
internal readonly record struct FileReading(long Line, string Channel, DateTimeOffset Time, decimal Value, string? Unit);

/// <summary>The readings of one series in a file, in the file's order.</summary>
internal sealed record SensedSeries(string Name, SeriesOptions Options, IReadOnlyList<FileReading> Rows)
{
    public IReadOnlyList<Reading> Readings => [.. Rows.Select(row => new Reading(row.Time, row.Value))];

    /// <summary>Throws, naming the line, when a row is of another unit than the series, or has more decimals.</summary>
    public void Check(string unit, int decimals)
    {
        foreach (var row in Rows)
        {
            if (row.Unit is { } given && given != unit)
                throw Wrong(row.Line, $"the unit is {given}, and that of {Name} is {(unit.Length > 0 ? unit : "none")}");
            if (!DecimalText.TryScale(row.Value, decimals, out _))
                throw Wrong(row.Line, $"{row.Value.ToString(CultureInfo.InvariantCulture)} does not fit {Name}, whose values have {decimals} decimals");
        }
    }

    public static CannotException Wrong(long line, string what) => new($"Line {line}: {what}. Nothing was added.", Reasons.BadReading);
}
