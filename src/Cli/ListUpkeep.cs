using Salus.Cli.Parties;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Audit;

namespace Salus.Cli;

/// <summary>
/// The account's list at `up`, if it has left one, at the end of a verb that came upon other records than it names. What the verb did is done: when the list cannot follow now, that is
/// told, `status` says that it is behind, and the next such verb tries again. An alarm is an alarm.
/// </summary>
internal static class ListUpkeep
{
    /// <summary>What is new is entered, and what was deleted goes.</summary>
    public static Task CompleteAsync(Call call, Account account) =>
        RunAsync(call, account, (lists, list) => lists.CompleteAsync(list, new AuditSettings(), Verbs.AuditVerb.SequenceKey, call.Cancel));

    /// <summary>After a repair, which brings fragments to other places.</summary>
    public static Task RenewAsync(Call call, Account account) =>
        RunAsync(call, account, (lists, list) => lists.RenewAsync(list, new AuditSettings(), Verbs.AuditVerb.SequenceKey, null, call.Cancel));

    private static async Task RunAsync(Call call, Account account, Func<AuditLists, AuditList, Task<MadeList>> make)
    {
        var lists = new AuditLists(account);
        var kept = new ScheduledList(new DataFolder(call.Data), lists.FileName());
        if (!kept.Exists)
            return;
        kept.IsBehind = true;
        try
        {
            var made = await make(lists, kept.Read());
            made.List.Write(kept.Path);
            if (made.Unlisted == 0)
                kept.IsBehind = false;
            else
                Tell($"{made.Unlisted} fragments are in no store that answers.");
        }
        catch (Exception failure) when (failure is CannotException or RefusedException or UnreachableException or IOException or UnauthorizedAccessException)
        {
            Tell(failure.Message);
        }

        static void Tell(string why) => Terminal.Say($"The list that `salus up` audits is behind your records: {why} The next command tries again, and so does `salus audit --schedule`.");
    }
}
