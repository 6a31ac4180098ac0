namespace Salus.Bench.Harness;

/// <summary>Where results go: a line of JSON each on the standard output (and into a file), a table at the end on the standard error.</summary>
internal sealed class Reports : IDisposable
{
    private readonly List<Result> _results = [];
    private readonly StreamWriter? _file;

    public Reports(string? file) => _file = file is null ? null : new StreamWriter(file) { AutoFlush = true };

    public IReadOnlyList<Result> Results => _results;

    public void Add(Result result)
    {
        _results.Add(result);
        var line = result.ToJson();
        Console.WriteLine(line);
        _file?.WriteLine(line);
    }

    public void PrintTable(TextWriter writer)
    {
        string[] head = ["bench", "ours", "peer", "unit", "ratio", "goal", "holds"];
        var rows = _results.Select(Cells).Prepend(head).ToArray();
        var widths = Enumerable.Range(0, head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        writer.WriteLine();
        foreach (var row in rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, column) => column is 1 or 2 or 4 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        writer.WriteLine();
        foreach (var result in _results.Where(result => !result.WasRun))
            writer.WriteLine($"{result.Bench}: {result.Note}");
        var goals = _results.Count(result => result.Holds is not null);
        writer.WriteLine($"{_results.Count(result => result.Holds == true)} of {goals} goals hold; missed: {Missed()}");
    }

    public void Dispose() => _file?.Dispose();

    private string Missed()
    {
        var names = _results.Where(result => result.Holds == false).Select(result => result.Bench).ToArray();
        return names.Length == 0 ? "none" : string.Join(", ", names);
    }

    private static string[] Cells(Result result) =>
    [
        result.Bench, Markdown.Number(result.Ours), Markdown.Number(result.Peer), result.Unit, Markdown.Number(result.Ratio), result.Goal ?? "",
        result.Holds switch { true => "yes", false when result.WasRun => "NO", false => "NOT RUN", null => "" },
    ];
}
