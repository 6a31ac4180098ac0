namespace Salus.Client.Accounts;

/// <summary>
/// An answer may cross a change on its way: one of this device, or of another of the same owner's. So what a server seems to withhold or to turn back is asked for once more, and is an alarm
/// when it is so again. Each asking holds the answer against what was remembered when it was sent, for what is learnt afterwards the server need not have known.
/// </summary>
internal static class SecondAnswer
{
    public static async Task<T> TakeAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AlarmException alarm) when (alarm.Kind is AlarmKind.Withheld or AlarmKind.Rollback)
        {
            return await ask();
        }
    }
}
