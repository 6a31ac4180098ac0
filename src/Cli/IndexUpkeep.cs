using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Search.Compacting;

namespace Salus.Cli;

/// <summary>
/// Merging of the search index at the end of a verb that has changed it. What the verb did is done: when a server fails now, that is told and the next verb merges. An alarm is an alarm.
/// </summary>
internal static class IndexUpkeep
{
    /// <summary>After a put or an import into own partitions.</summary>
    public static Task AfterAddingAsync(Account account, IEnumerable<string> partitions, CancellationToken cancel) =>
        RunAsync(compaction => compaction.RunIfDueAsync([.. partitions.Distinct()], cancel), account);

    /// <summary>After a revocation has moved partitions on.</summary>
    public static Task AfterRevokingAsync(Account account, IEnumerable<string> partitions, CancellationToken cancel) =>
        RunAsync(compaction => compaction.RunDueAsync([.. partitions.Distinct()], cancel), account);

    private static async Task RunAsync(Func<Compaction, Task> work, Account account)
    {
        var compaction = new Compaction(account);
        try
        {
            await work(compaction);
        }
        catch (Exception failure) when (failure is CannotException or RefusedException or UnreachableException or IOException)
        {
            Terminal.Say($"The search index was not merged: {failure.Message}. It is done another time, or by `salus compact`.");
        }
        foreach (var complaint in compaction.Complaints)
            Terminal.Say(complaint);
    }
}
