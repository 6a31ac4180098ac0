using System.CommandLine;
using Salus.Client.Readings;

namespace Salus.Cli.Verbs;

/// <summary>`sense series`: which series there are.</summary>
internal sealed class SenseSeriesVerb : Verb
{
    private readonly Option<string> _owner = new("--owner") { Description = "whose, of those who share with you (your own)", HelpName = "MAIL" };

    public SenseSeriesVerb() : base("series", "which series there are") => Add(_owner);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var store = new ReadingStore(account);
        var all = await store.ListSeriesAsync(call.Value(_owner), call.Cancel);
        if (all.Count == 0)
            call.Terminal.Print("No series yet. `salus sense SERIES FILE` adds readings.");
        foreach (var series in all)
            call.Terminal.Print($"{series.Id}  {series.Name}{(series.Code is { } code ? $", LOINC {code}" : "")}{(series.Unit.Length > 0 ? $", {series.Unit}" : "")}; {series.Partition}");
        foreach (var complaint in store.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Answer(new SeriesListDocument([.. all.Select(SeriesDocument.Of)], store.Complaints), CliJson.Default.SeriesListDocument);
        return ExitCode.Done;
    }
}
