using Salus.Client.Readings;
using Salus.Client.Records;
using Salus.Client.Studies;

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
        var contributions = await ContributeAsync(call, new Participation(account), stored.Count + failures.Count > 0 || isSensing);
        call.Terminal.Print(stored.Count + failures.Count + contributions.Sent + contributions.Failures.Count + contributions.Later == 0
            ? "Nothing was waiting." : $"{stored.Count} record{(stored.Count == 1 ? "" : "s")} went on.");
        foreach (var record in stored)
            DispersalOptions.Warn(record.Missing, record.IsSearchable, record.Waiting);
        foreach (var failure in failures)
            Terminal.Say(failure);
        SenseVerb.Warn(missing);
        foreach (var failure in contributions.Failures)
            Terminal.Say(failure);
        call.Terminal.Answer(new ResumeDocument([.. stored.Select(PutDocument.Of)], [.. failures, .. contributions.Failures]), CliJson.Default.ResumeDocument);
        await ListUpkeep.CompleteAsync(call, account);
        return contributions.Failures.Count + failures.Count + missing.Count > 0 || stored.Any(record => record.Waiting is not null) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Contributions to studies go out in a run of their own: what was sent as the account a moment ago would tell whose they are.</summary>
    private static async Task<ResumedContributions> ContributeAsync(Call call, Participation participation, bool hasSent)
    {
        if (hasSent)
            return new ResumedContributions(0, 0, []);
        var contributions = await participation.ResumeAsync(call.Cancel);
        if (contributions.Sent > 0)
            call.Terminal.Print("Contributions to studies that waited are sent.");
        if (contributions.Later > 0)
            call.Terminal.Print("Contributions to studies wait for their moment.");
        return contributions;
    }
}
