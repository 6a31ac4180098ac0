using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`resume`: goes on with uploads that a kill or a store that was away has left unfinished.</summary>
internal sealed class ResumeVerb() : Verb("resume", "finish uploads that were interrupted")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        using var progress = new TransferBar("resume");
        var stored = await new RecordStore(account).ResumeAsync(progress, call.Cancel);
        progress.Dispose();
        call.Terminal.Print(stored.Count == 0 ? "Nothing was waiting." : $"{stored.Count} record{(stored.Count == 1 ? "" : "s")} went on.");
        foreach (var record in stored)
            DispersalOptions.Warn(record.Missing, record.IsSearchable);
        call.Terminal.Answer(new ResumeDocument([.. stored.Select(PutDocument.Of)]), CliJson.Default.ResumeDocument);
        return ExitCode.Done;
    }
}
