using Salus.Client.Search.Indexing;
using Salus.Crypto.Dispersal;

namespace Salus.Cli.Verbs;

/// <summary>`index`: enters records into the search index that are not in it yet.</summary>
internal sealed class IndexVerb() : Verb("index", "enter records into the search index that are not in it")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        using var progress = new TransferBar("index");
        var asked = new Lazy<SequenceKey>(Unlocked.SequenceKey);
        var outcome = await new Reindexing(account).RunAsync(() => asked.Value, progress, call.Cancel);
        progress.Dispose();
        call.Terminal.Print(outcome.Records.Count == 0 ? "Nothing was entered." : $"{outcome.Records.Count} record{(outcome.Records.Count == 1 ? " is" : "s are")} in the search index now.");
        foreach (var complaint in outcome.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Answer(new IndexDocument([.. outcome.Records.Select(record => record.ToString())], outcome.Complaints), CliJson.Default.IndexDocument);
        return ExitCode.Done;
    }
}
