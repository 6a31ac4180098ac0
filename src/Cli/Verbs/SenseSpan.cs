using System.CommandLine;
using Salus.Client;
using Salus.Client.Readings;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`SERIES --from D --to D`, wherever readings are named.</summary>
internal sealed class SenseSpan
{
    private const int DateLength = 10;

    private readonly Argument<string> _series = new("SERIES") { Description = "its name, as `salus sense series` shows it" };
    private readonly Option<string> _from = new("--from") { Description = "from when: 2026-05-01, or with time 2026-05-01T09:00 (the first)", HelpName = "D" };
    private readonly Option<string> _to = new("--to") { Description = "until when, included (the last)", HelpName = "D" };

    public void AddTo(Command verb)
    {
        verb.Add(_series);
        verb.Add(_from);
        verb.Add(_to);
    }

    /// <summary>Both null when the whole is meant.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) Of(Call call)
    {
        var to = Choice.Date(call.Value(_to), "--to");
        // A day is included until its end.
        if (to is { } day && call.Value(_to)!.Length == DateLength)
            to = day.AddDays(1).AddMilliseconds(-1);
        return (Choice.Date(call.Value(_from), "--from"), to);
    }

    public async Task<SeriesInfo> SeriesAsync(Call call, ReadingStore store, string? owner)
    {
        var name = call.Value(_series)!;
        var series = await store.ListSeriesAsync(owner, call.Cancel);
        foreach (var complaint in store.Complaints)
            Terminal.Say(complaint);
        return series.FirstOrDefault(one => one.Name == name || one.Id.ToString() == name)
            ?? throw new CannotException($"There is no series {name}. `salus sense series` shows those that there are.", Reasons.NoSeries);
    }

    /// <summary>A span with both its ends.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Whole((DateTimeOffset? From, DateTimeOffset? To) span) => (span.From ?? DateTimeOffset.UnixEpoch, span.To ?? Limits.NoEnd);
}
