using System.Text;

namespace Salus.Client.Readings;

/// <summary>
/// Readings as CSV, line by line: a column of times and one or two of values, separated by commas, semicolons or tabs. A first line that names the columns says which they are;
/// without one the first column has the times. Each line has as many cells as the first, so that no decimal comma is taken for the end of a cell; cells may be quoted as by RFC 4180.
/// </summary>
internal sealed class CsvReadings
{
    public const string Systolic = "systolic";
    public const string Diastolic = "diastolic";
    public const string Second = "2";

    private const int MaxLine = 4096;
    private const int MaxColumns = 64;

    private static readonly string[] TimeNames = ["time", "timestamp", "datetime", "date"];
    private static readonly string[] ValueNames = ["value", "reading", "result"];

    private char _separator;
    private int _columns;
    private int _time;
    private (int Column, string Channel)[]? _values;

    /// <summary>Reads the next line; throws, naming it, when it is none of readings.</summary>
    public void Read(string line, long number, List<FileReading> into)
    {
        if (line.Length > MaxLine)
            throw SensedSeries.Wrong(number, $"it is longer than {MaxLine} characters");
        var text = number == 1 ? line.TrimStart('\ufeff') : line;
        if (text.AsSpan().Trim().IsEmpty || text[0] == '#')
            return;
        if (_values is null)
        {
            _separator = text.Contains('\t', StringComparison.Ordinal) ? '\t' : text.Contains(';', StringComparison.Ordinal) ? ';' : ',';
            var first = Cells(text, number);
            _columns = first.Length;
            if (!ReadingTime.TryParse(first[0], out _))
            {
                ReadHeader(first, number);
                return;
            }
            _values = _columns switch
            {
                2 => [(1, "")],
                3 when _separator == ',' => throw SensedSeries.Wrong(number,
                    "two values, or one with a decimal comma? Name the columns in a first line (time,value,value2), or separate them by semicolons or tabs"),
                3 => [(1, ""), (2, Second)],
                _ => throw SensedSeries.Wrong(number, "there are more than three columns and no line that names them"),
            };
        }
        var cells = Cells(text, number);
        if (cells.Length != _columns)
            throw SensedSeries.Wrong(number, $"it has {cells.Length} cells where the first line has {_columns}. Numbers have a decimal point, and a cell with a '{_separator}' in it stands in quotes");
        if (!ReadingTime.TryParse(cells[_time], out var time))
            throw SensedSeries.Wrong(number, $"'{Short(cells[_time])}' is no time: write 2026-03-04T05:06:07Z, or seconds or milliseconds since 1970");
        foreach (var (column, channel) in _values!)
        {
            // A sensor that has nothing to say leaves the cell empty.
            if (cells[column].Length == 0)
                continue;
            into.Add(DecimalText.TryParse(cells[column], out var value) ? new FileReading(number, channel, time, value, null)
                : throw SensedSeries.Wrong(number, $"'{Short(cells[column])}' is no number"));
        }
    }

    private void ReadHeader(string[] names, long number)
    {
        var lower = names.Select(name => name.ToLowerInvariant()).ToArray();
        _time = Array.FindIndex(lower, name => TimeNames.Contains(name));
        if (_time < 0)
            throw SensedSeries.Wrong(number, $"it names no column 'time', and its first cell '{Short(names[0])}' is no time");
        var (systolic, diastolic, value) = (Array.IndexOf(lower, Systolic), Array.IndexOf(lower, Diastolic), Array.FindIndex(lower, name => ValueNames.Contains(name)));
        var second = Array.IndexOf(lower, "value2");
        _values = (systolic, diastolic, value) switch
        {
            ( >= 0, >= 0, _) => [(systolic, Systolic), (diastolic, Diastolic)],
            (_, _, >= 0) => second >= 0 ? [(value, ""), (second, Second)] : [(value, "")],
            _ when names.Length == 2 => [(1 - _time, "")],
            _ => throw SensedSeries.Wrong(number, "none of its columns is called 'value', or 'systolic' and 'diastolic'"),
        };
    }

    private string[] Cells(string line, long number)
    {
        var cells = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            if (cells.Count == MaxColumns)
                throw SensedSeries.Wrong(number, $"it has more than {MaxColumns} columns");
            var begin = at;
            while (at < line.Length && line[at] == ' ')
                at++;
            if (at == line.Length || line[at] != '"')
            {
                at = line.IndexOf(_separator, at) is >= 0 and var next ? next : line.Length;
                cells.Add(line[begin..at].Trim());
                continue;
            }
            var cell = new StringBuilder();
            for (at++; ; at++)
            {
                if (at == line.Length)
                    throw SensedSeries.Wrong(number, "a quote does not end in it");
                if (line[at] == '"' && (++at == line.Length || line[at] != '"'))
                    break;
                cell.Append(line[at]);
            }
            var end = line.IndexOf(_separator, at) is >= 0 and var found ? found : line.Length;
            if (!line.AsSpan(at..end).IsWhiteSpace())
                throw SensedSeries.Wrong(number, "something stands behind a quoted cell");
            cells.Add(cell.ToString().Trim());
            at = end;
        }
        return [.. cells];
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
