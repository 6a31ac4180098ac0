using System.CommandLine;
using Salus.Client.Readings;

namespace Salus.Cli.Verbs;

/// <summary>`sense read SERIES`: readings back from the trustees, of a span of time.</summary>
internal sealed class SenseReadVerb : Verb
{
    private readonly SenseSpan _span = new();
    private readonly Option<string> _owner = new("--owner") { Description = "whose, of those who share with you (your own)", HelpName = "MAIL" };
    private readonly Option<string> _csv = new("--csv") { Description = "write them to a file", HelpName = "FILE" };

    public SenseReadVerb() : base("read", "readings of a span of time")
    {
        _span.AddTo(this);
        Add(_owner);
        Add(_csv);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (from, to) = SenseSpan.Whole(_span.Of(call));
        using var account = await Unlocked.OpenAsync(call);
        var store = new ReadingStore(account);
        var series = await _span.SeriesAsync(call, store, call.Value(_owner));
        var range = await store.ReadAsync(series, from, to, call.Cancel);
        if (call.Value(_csv) is { } path)
            await ReadingFile.WriteAsync(path, range.Readings, call.Cancel);
        else
            foreach (var reading in range.Readings)
                call.Terminal.Print($"{ReadingFile.Time(reading)}  {ReadingFile.Value(reading)}{(series.Unit.Length > 0 ? " " : "")}{series.Unit}");
        foreach (var complaint in range.Complaints)
            Terminal.Say(complaint);
        foreach (var alarm in range.Alarms)
            Terminal.Say($"ALARM ({alarm.Kind}): {alarm.Message} What is shown is from the other two trustees.");
        call.Terminal.Answer(new ReadingsDocument(SeriesDocument.Of(series), [.. range.Readings.Select(reading => new ReadingDocument(reading.Time, reading.Value))],
            range.Complaints, [.. range.Alarms.Select(alarm => alarm.Message)]), CliJson.Default.ReadingsDocument);
        return range.Alarms.Count > 0 ? ExitCode.Alarm : ExitCode.Done;
    }
}
