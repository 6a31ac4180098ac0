using Salus.Client.Readings;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`resume`: goes on with uploads that a kill or a store that was away has left unfinished.</summary>
internal sealed class ResumeVerb() : Verb("resume", "finish uploads that were interrupted")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        using var progress = new TransferBar("resume");
        var (stored, failures) = await new RecordStore(account).ResumeAsync(progress, call.Cancel);
        var readings = new ReadingStore(account);
        var isSensing = readings.IsWaiting;
        var missing = await readings.ResumeAsync(progress, call.Cancel);
        progress.Dispose();
        if (isSensing && missing.Count == 0)
            call.Terminal.Print("Readings that waited are sent.");
        call.Terminal.Print(stored.Count + failures.Count == 0 ? "Nothing was waiting." : $"{stored.Count} record{(stored.Count == 1 ? "" : "s")} went on.");
        foreach (var record in stored)
            DispersalOptions.Warn(record.Missing, record.IsSearchable, record.Waiting);
        foreach (var failure in failures)
            Terminal.Say(failure);
        SenseVerb.Warn(missing);
        call.Terminal.Answer(new ResumeDocument([.. stored.Select(PutDocument.Of)], failures), CliJson.Default.ResumeDocument);
        return failures.Count + missing.Count > 0 || stored.Any(record => record.Waiting is not null) ? ExitCode.Failed : ExitCode.Done;
    }
}
