using Salus.Client.Readings;

namespace Salus.Cli.Verbs;

/// <summary>`sense delete SERIES`: the whole series, or the readings of a span.</summary>
internal sealed class SenseDeleteVerb : Verb
{
    private readonly SenseSpan _span = new();

    public SenseDeleteVerb() : base("delete", "delete a series, or its readings of a span") => _span.AddTo(this);

    protected override async Task<int> RunAsync(Call call)
    {
        var (from, to) = _span.Of(call);
        using var account = await Unlocked.OpenAsync(call);
        var store = new ReadingStore(account);
        var series = await _span.SeriesAsync(call, store, null);
        var missing = await store.DeleteAsync(series, from, to, call.Cancel);
        call.Terminal.Print(from is null && to is null ? $"{series.Name} is deleted." : $"The readings of {series.Name} in that span are deleted.");
        SenseVerb.Warn(missing);
        call.Terminal.Answer(new ReadingsDeletedDocument(SeriesDocument.Of(series), missing), CliJson.Default.ReadingsDeletedDocument);
        return ExitCode.Done;
    }
}
