using Salus.Client.Audit;
using Salus.Protocol.Http;

namespace Salus.Cli.Parties;

/// <summary>
/// Audits the lists in DATA/audit/lists while `up` runs, each at its interval, and keeps what was found beside them for `status`. A list says nothing of its owner, and auditing needs no key.
/// </summary>
internal sealed class AuditSchedule(DataFolder data, PartyDirectory parties, TimeSpan interval)
{
    /// <summary>Unless `up` is told otherwise.</summary>
    public static readonly TimeSpan Daily = TimeSpan.FromHours(24);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    // A disk that takes no result is not asked to every few seconds.
    private static readonly TimeSpan Recovering = TimeSpan.FromMinutes(10);

    /// <summary>The lists, and what their last audits have found.</summary>
    public static IReadOnlyList<ScheduledAuditDocument> Read(DataFolder data) => [.. ScheduledList.All(data).Select(list => list.Describe())];

    /// <summary>Until it is stopped. Nothing that goes wrong here ends `up`.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (; ; await Task.Delay(Look, stop))
                foreach (var list in ScheduledList.All(data))
                    if (list.IsDue(interval))
                        await AuditAsync(list, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // `up` ends.
        }
    }

    private async Task AuditAsync(ScheduledList list, CancellationToken stop)
    {
        // Of the list as it is now: whoever writes it meanwhile has it audited again.
        var made = list.Made;
        ScheduledResult result;
        try
        {
            var report = await ListAudit.RunAsync(list.Read(), parties, new AuditSettings(), null, stop);
            result = new ScheduledResult(made, AuditDocument.Of(report), null);
            if (report.State != StoreState.Good)
                Terminal.Say($"audit of {list.Name}: {AuditText.Summary(result.Last!)}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            result = new ScheduledResult(made, null, failure.Message);
            Terminal.Say($"audit of {list.Name}: {failure.Message}");
        }
        try
        {
            list.Write(result);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"audit of {list.Name}: its result could not be written down ({failure.Message})");
            await Task.Delay(Recovering, stop);
        }
    }
}
