using System.Text;
using Salus.Client.Accounts;

namespace Salus.Client.Readings;

/// <summary>Adds lines as they come: collects them for a second at most, then takes them in and sends them. A line that cannot be read ends it; what came before is in.</summary>
internal sealed class ReadingFollower(Account account, ReadingQueue queue, string name, SeriesOptions options, string? source, Action<AddedReadings>? report)
{
    /// <summary>Lines that are taken in at once, at most.</summary>
    private const int MaxPending = 64 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(800);

    private readonly ReadingWriter _writer = new(account, queue);
    private readonly ReadingSender _sender = new(account, queue);
    private readonly CsvReadings _csv = new();
    private readonly FhirReadings _fhir = new();
    private readonly List<FileReading> _rows = [];
    private readonly Dictionary<string, AddedReadings> _added = [];
    private readonly HashSet<string> _begun = [];
    private LineKind? _kind;
    private long _number;

    public async Task<IReadOnlyList<AddedReadings>> RunAsync(IAsyncEnumerable<string?> lines, CancellationToken cancel)
    {
        var since = account.Now;
        var isCaughtUp = source is null;
        try
        {
            await foreach (var line in lines.WithCancellation(cancel))
            {
                if (line is not null)
                    Read(line);
                // What a file holds at the start is one part, so that a second call knows it again.
                isCaughtUp |= line is null;
                if (isCaughtUp && _rows.Count > 0 && (_rows.Count >= MaxPending || account.Now - since >= Pause))
                {
                    await TakeAsync(cancel);
                    since = account.Now;
                }
                else if (_rows.Count == 0)
                    since = account.Now;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The end that the user asked for: what has come is still taken in.
        }
        catch (CannotException)
        {
            await TakeAsync(cancel);
            throw;
        }
        await TakeAsync(CancellationToken.None);
        return [.. _added.Values];
    }

    private void Read(string line)
    {
        _number++;
        if (string.IsNullOrWhiteSpace(line))
            return;
        _kind ??= LineFormat.OfFirst(Encoding.UTF8.GetBytes(line));
        if (_kind == LineKind.Csv)
            _csv.Read(line, _number, _rows);
        else
            _fhir.Read(Encoding.UTF8.GetBytes(line), _number, _rows);
    }

    private async Task TakeAsync(CancellationToken cancel)
    {
        if (_rows.Count == 0)
            return;
        // Other commands of this account go on meanwhile: none of what they have learnt may be turned back.
        await account.State.RefreshAsync(account.Id);
        var sensed = ReadingFile.Assign([.. _rows], name, options);
        _rows.Clear();
        var taken = new List<(KeptSeries Series, long Added, long Known)>();
        foreach (var one in sensed)
        {
            var series = await _writer.EnsureAsync(one.Name, one.Options, cancel);
            one.Check(series.Unit, series.Decimals);
            var from = source is null ? null : new ReadingSource(source, Continues: !_begun.Add(one.Name));
            (series, var added) = await _writer.AddAsync(series, one.Readings, from, cancel);
            taken.Add((series, added, one.Rows.Count - added));
        }
        var sent = await _sender.RunAsync(null, cancel);
        foreach (var (series, added, known) in taken)
        {
            var before = _added.GetValueOrDefault(series.Name);
            var now = new AddedReadings(_writer.Info(series), added + (before?.Added ?? 0), known + (before?.Known ?? 0), sent.IsStored, sent.Missing);
            _added[series.Name] = now;
            report?.Invoke(now);
        }
    }
}
