using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Protocol.Log;

namespace Salus.Client.Inventory;

/// <summary>The states of the account that the log has, each under a tag that only the account's secret makes.</summary>
internal sealed class LoggedStates(Account account)
{
    /// <summary>Those of one counter, by the words of two trustees at least; null while fewer answer.</summary>
    public async Task<LoggedUnderTag?> AtAsync(ulong counter, CancellationToken cancel)
    {
        try
        {
            return await new Witnesses(account).EntriesAsync(LogKind.State, LogEntry.StateTag(account.Keys.StateOpening(counter)), cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException)
        {
            return null;
        }
    }

    public static AlarmException NoneShown() => new(AlarmKind.Withheld,
        "The cloud does not show the signed list of what is in your account, and the public log has one. It may hide anything now: records, permissions, devices.");
}
