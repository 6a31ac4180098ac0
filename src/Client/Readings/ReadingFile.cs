using System.Globalization;
using System.Text;
using Salus.Client.Records;

namespace Salus.Client.Readings;

/// <summary>
/// What <c>salus sense</c> reads: CSV with a column of times and one or two of values, or FHIR Observations. Two values of one row, as of a blood pressure, are two series.
/// </summary>
public static class ReadingFile
{
    private const int MaxDocument = 512 * 1024 * 1024;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes readings as CSV (<c>time,value</c>), whole or not at all, for its owner's eyes.</summary>
    public static Task WriteAsync(string path, IEnumerable<Reading> readings, CancellationToken cancel) => WholeFile.WriteAsync(path, async stream =>
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync("time,value\n");
        foreach (var reading in readings)
        {
            cancel.ThrowIfCancellationRequested();
            await writer.WriteAsync($"{Time(reading)},{Value(reading)}\n");
        }
        return true;
    });

    /// <summary>The time of a reading, in UTC.</summary>
    public static string Time(Reading reading) => reading.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Its value as it was given.</summary>
    public static string Value(Reading reading) => reading.Value.ToString(CultureInfo.InvariantCulture);

    internal static async Task<IReadOnlyList<SensedSeries>> ReadAsync(string path, string name, SeriesOptions options, CancellationToken cancel)
    {
        if (!File.Exists(path))
            throw new CannotException($"There is no file {path}.", Reasons.NoFile);
        if (new FileInfo(path).Length > MaxDocument)
            throw new CannotException($"{path} is larger than {MaxDocument >> 20} MiB: take it in in parts, or with --follow.", Reasons.BadReading);
        return Assign(Parse(await File.ReadAllBytesAsync(path, cancel)), name, options);
    }

    /// <summary>All readings of a file, in its order.</summary>
    internal static IReadOnlyList<FileReading> Parse(byte[] bytes)
    {
        var rows = new List<FileReading>();
        if (LineFormat.OfFirst(bytes) != LineKind.Fhir)
        {
            var csv = new CsvReadings();
            var number = 0L;
            foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n'))
                csv.Read(line.TrimEnd('\r'), ++number, rows);
            return rows;
        }
        var fhir = new FhirReadings();
        var at = 0;
        if (LineFormat.IsLines(bytes))
            for (var line = 1L; at < bytes.Length; line++)
            {
                var end = Array.IndexOf(bytes, (byte)'\n', at) is >= 0 and var found ? found : bytes.Length;
                if (bytes.AsSpan(at, end - at).IndexOfAnyExcept((byte)' ', (byte)'\r', (byte)'\t') >= 0)
                    fhir.Read(bytes.AsMemory(at, end - at), line, rows);
                at = end + 1;
            }
        else
            fhir.Read(bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0), 1, rows);
        return rows;
    }

    /// <summary>Which series each reading belongs to, by its column or its code.</summary>
    internal static IReadOnlyList<SensedSeries> Assign(IReadOnlyList<FileReading> rows, string name, SeriesOptions options)
    {
        var channels = rows.Select(row => row.Channel).Distinct(StringComparer.Ordinal).ToArray();
        if (channels.Length == 0)
            throw new CannotException("There are no readings in it. Nothing was added.", Reasons.BadReading);
        // A blood pressure, in columns or in components.
        if (channels.Any(channel => channel is CsvReadings.Systolic or CsvReadings.Diastolic))
            return Pressure(CsvReadings.Systolic, CsvReadings.Diastolic);
        if ((options.Code is null or UsualSeries.BloodPressure) && channels.Contains(UsualSeries.Systolic) && channels.Contains(UsualSeries.Diastolic))
            return Pressure(UsualSeries.Systolic, UsualSeries.Diastolic);
        if (channels.All(channel => channel is "" or CsvReadings.Second))
            return [.. channels.Select(channel => Of(channel, channel.Length > 0 ? "-" + channel : "", options.Code))];
        var code = options.Code ?? (channels.Length == 1 ? channels[0] : throw new CannotException(
            $"The file holds several kinds of readings ({string.Join(", ", channels.Take(8))}): name one with --loinc. Nothing was added.", Reasons.BadReading));
        return channels.Contains(code) ? [Of(code, "", code)] : throw new CannotException($"The file holds no readings of {code}. Nothing was added.", Reasons.BadReading);

        IReadOnlyList<SensedSeries> Pressure(string systolic, string diastolic) => [.. new[] { (systolic, "-systolic", UsualSeries.Systolic), (diastolic, "-diastolic", UsualSeries.Diastolic) }
            .Where(part => channels.Contains(part.Item1)).Select(part => Of(part.Item1, part.Item2, part.Item3))];

        SensedSeries Of(string channel, string suffix, string? code)
        {
            var own = rows.Where(row => row.Channel == channel).ToArray();
            return new SensedSeries(name + suffix, options with { Code = code, Unit = options.Unit ?? own[0].Unit }, own);
        }
    }
}
