using Salus.Client.Accounts;
using Salus.Protocol;

namespace Salus.Client.Profiles;

/// <summary>The alarms that this device has raised, sealed with what it remembers: whoever was not looking when one came still learns of it.</summary>
public sealed class AlarmLog(Account account)
{
    /// <summary>
    /// Those that were acknowledged give way, then the oldest: but none that keeps from sharing while there is another, and of those the last of its kind never. Whoever was caught does not bury it
    /// under alarms that cost nothing.
    /// </summary>
    public const int Max = 200;

    private List<KeptAlarm> Kept => account.State.Content.Alarms;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<KeptAlarm> List() => [.. Kept.AsEnumerable().Reverse()];

    /// <summary>Keeps an alarm. One that is raised again before anybody has acknowledged it is the same alarm, at a later time.</summary>
    public Task KeepAsync(AlarmException alarm, string operation)
    {
        var kept = Kept.Find(known => !known.Acknowledged && known.Kind == alarm.Kind && known.Message == alarm.Message && known.Operation == operation);
        if (kept is not null)
            Kept.Remove(kept);
        Kept.Add(kept is null
            ? new KeptAlarm(Identifier.Random<RecordId>().ToString(), account.Now, alarm.Kind, alarm.Message, operation, Acknowledged: false)
            : kept with { At = account.Now });
        while (Kept.Count > Max)
            Kept.RemoveAt(GivingWay());
        return account.State.SaveAsync();
    }

    /// <summary>Whether an alarm says that this device is shown another history than before, or than others.</summary>
    public static bool IsOtherHistory(AlarmKind kind) => kind is AlarmKind.Fork or AlarmKind.Rollback;

    private int GivingWay()
    {
        if (Kept.FindIndex(alarm => alarm.Acknowledged) is var seen and >= 0)
            return seen;
        if (Kept.FindIndex(alarm => !IsOtherHistory(alarm.Kind)) is var slight and >= 0)
            return slight;
        return Kept.FindIndex(alarm => Kept.Count(other => other.Kind == alarm.Kind) > 1);
    }

    /// <summary>
    /// Whoever is shown another history than before, or than others, does not know to whom they give what: nothing new is shared until a person has looked at it. Throws <see
    /// cref="CannotException"/>.
    /// </summary>
    public void RequireNoOtherHistory()
    {
        if (Kept.Exists(alarm => !alarm.Acknowledged && IsOtherHistory(alarm.Kind)))
            throw new CannotException("A server has shown another history than before, or than to others. Look at the alarm and acknowledge it before anything is shared.", Reasons.OpenAlarm);
    }

    /// <summary>Remembers that it was seen. It stays in the list.</summary>
    public Task AcknowledgeAsync(string id)
    {
        var at = Kept.FindIndex(known => known.Id == id);
        if (at < 0 || Kept[at].Acknowledged)
            return Task.CompletedTask;
        Kept[at] = Kept[at] with { Acknowledged = true };
        return account.State.SaveAsync();
    }
}
