using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>
/// What a login makes sure of before anything else is done: 1 that the account is not shown as it was before, 2 that the ways into it are those that its owner has made, no more and no less,
/// 3 that this device stands in the inventory, where the owner's other devices see it, 4 that the cloud shows nobody other keys for this account's address.
/// </summary>
/// <param name="operation">What is being done, for the list of alarms.</param>
internal sealed class Arrival(Account account, string operation)
{
    /// <summary>A change is in the log and with the trustees within seconds, and long before this.</summary>
    private static readonly TimeSpan LoggedWithin = TimeSpan.FromMinutes(10);

    private readonly List<AlarmException> _alarms = [];
    private readonly HashSet<InventoryItem> _refused = [];
    private int _kept;

    /// <summary>Whether two trustees said that there is no later version of the account, wherever there is a log.</summary>
    public bool IsProvenNewest { get; private set; } = true;

    /// <summary>Alarms are kept and raised whatever the cloud refuses after them, and the gravest of them is thrown.</summary>
    /// <param name="proved">Ways in that the owner has used or made just now: they hold the account secret, whatever is listed.</param>
    /// <param name="least">How many versions of the account there were when the recovery kit was made; 0 when that is not known.</param>
    public async Task CheckAsync(IReadOnlyList<WrappedSecret> proved, ulong least, CancellationToken cancel)
    {
        try
        {
            await RunAsync(proved, least, cancel);
        }
        catch (AlarmException alarm)
        {
            Add(alarm);
        }
        catch (Exception failure) when (_alarms.Count > 0 && failure is RefusedException or UnreachableException or CannotException)
        {
            // Whoever was caught does not get rid of the alarm by it.
        }
        finally
        {
            await KeepAsync();
        }
        if (_alarms.Count > 0)
            throw _alarms.MaxBy(alarm => AlarmLog.IsOtherHistory(alarm.Kind))!;
    }

    private async Task RunAsync(IReadOnlyList<WrappedSecret> proved, ulong least, CancellationToken cancel)
    {
        // 1
        if (least > 0)
            await account.Inventory.ExpectAsync(new SeenState(least, []));
        var listed = await ReadNewestAsync(cancel);
        await FindMadeAsync(cancel);
        // 2
        WrappedSecret[] shown = [.. ((await account.Cloud.AccountAsync(cancel)).Secrets ?? []).Where(secret => secret is { Kind: not null, Salt: not null, Ciphertext: not null })];
        var changes = listed is null ? [] : Judge(listed, shown, proved);
        account.KeepOnly([.. shown.Where(secret => !_refused.Contains(InventoryItem.Of(secret)))]);
        // 3
        if (Items.Device(account.Cloud.Token, account.Now) is { } device)
            changes.Add(device);
        foreach (var change in changes)
            account.Inventory.Note(change);
        await account.Inventory.FlushAsync(cancel);
        // 4
        await account.CheckCardAsync(cancel);
    }

    /// <summary>
    /// The newest inventory: the log has it, and two trustees know of none after it. While fewer answer, or from before there was a log, what this device has seen and the kit say have to do.
    /// </summary>
    private async Task<Listed?> ReadNewestAsync(CancellationToken cancel)
    {
        var logged = new LoggedStates(account);
        for (ulong? before = null; ;)
        {
            var listed = await account.Inventory.ReadAsync(cancel);
            var counter = listed?.Head.Counter ?? 0;
            if (account.Content.Parties.Cloud.Log is null)
                return listed;
            if (await logged.AtAsync(counter + 1, cancel) is not { } later)
            {
                IsProvenNewest = false;
                account.Warn("Fewer than two trustees answered and said which version of your account is the newest: what the cloud shows is yours, and may be older than what there is.",
                    Warning.NotProvenNewest);
                return listed;
            }
            if (listed is not null && await logged.AtAsync(counter, cancel) is { } same)
                CheckLogged(new MadeState(counter, listed.Head.Hash, listed.Head.At), same);
            if (later.Entries.Count == 0)
                return listed;
            // Another device may have been quicker than the trustees: then the cloud has that state now.
            if (before == counter)
                throw listed is null ? LoggedStates.NoneShown()
                    : new AlarmException(AlarmKind.Rollback, $"The cloud shows your whole account as it was on {listed.Head.At:yyyy-MM-dd HH:mm}Z, and the public log has a later version of it. "
                        + "What came later (records, deletions, revocations) may be missing. Nothing was changed.");
            before = counter;
        }
    }

    /// <summary>The states that this device has made are in the log, each of them: behind a gap a cloud could show a fresh device what was before it.</summary>
    private async Task FindMadeAsync(CancellationToken cancel)
    {
        var made = account.State.Content.MadeStates;
        foreach (var state in made.ToArray())
        {
            if (account.Content.Parties.Cloud.Log is null || await new LoggedStates(account).AtAsync(state.Counter, cancel) is not { } logged)
                return;
            CheckLogged(state, logged);
            // What was told once is among the alarms from then on.
            await KeepAsync();
            if (logged.Entries.Count > 0 || account.Now - state.At > LoggedWithin)
                made.Remove(state);
        }
        await account.State.SaveAsync();
    }

    private void CheckLogged(MadeState state, LoggedUnderTag logged)
    {
        if (logged.IsCut || logged.Entries.Any(entry => !entry.Digest.AsSpan().SequenceEqual(state.Hash)))
            throw new AlarmException(AlarmKind.Fork, $"The public log has another state of your account as version {state.Counter} of it: two stories are told of what is in it. Nothing was changed.");
        if (logged.Entries.Count == 0 && account.Now - state.At > LoggedWithin)
            Alarm(AlarmKind.Unlogged, $"The state of your account of {state.At:yyyy-MM-dd HH:mm}Z is not in the public log: a device that does not know it could be shown an older one.");
    }

    private List<InventoryItem> Judge(Listed listed, IReadOnlyList<WrappedSecret> shown, IReadOnlyList<WrappedSecret> proved)
    {
        var changes = new List<InventoryItem>();
        foreach (var secret in shown)
        {
            var item = InventoryItem.Of(secret);
            var known = listed.Find(ItemKind.Wrapping, item.Id).FirstOrDefault(one => one.Digest.AsSpan().SequenceEqual(item.Digest));
            var isProved = proved.Any(one => InventoryItem.Of(one).Equals(item));
            if (known is { IsLive: false } || (known is null && !isProved))
            {
                _refused.Add(item);
                Alarm(known is null ? AlarmKind.Injected : AlarmKind.Revived, known is null
                    ? $"The cloud shows {WayIn(secret.Kind)} that opens your account and that you have not made. It opens nothing on this device."
                    : $"{Capital(WayIn(secret.Kind))} that you had replaced or removed opens your account again at the cloud. It opens nothing on this device; set it anew, or remove it again.");
                continue;
            }
            // One that is in force ends nobody: another may be announced, and on its way.
            if (known is null or { Version: < Items.Confirmed })
                changes.AddRange(Settled(listed, item));
        }
        foreach (var hidden in listed.Of(ItemKind.Wrapping).Where(item => item is { IsLive: true, Version: Items.Confirmed } && shown.All(secret => ItemId.OfWrapping(secret.Kind) != item.Id)))
            Alarm(AlarmKind.Withheld, $"The cloud does not show {NameOf(hidden.Id)} that opens your account.");
        return changes;
    }

    /// <summary>A way in is in force, and those that it took the place of are not.</summary>
    public static IEnumerable<InventoryItem> Settled(Listed? listed, InventoryItem item) =>
    [
        item with { Version = Items.Confirmed },
        .. (listed?.Find(ItemKind.Wrapping, item.Id) ?? []).Where(other => other.IsLive && !other.Digest.AsSpan().SequenceEqual(item.Digest)).Select(other => Items.Ended(other)),
    ];

    private void Alarm(AlarmKind kind, string message) => Add(new AlarmException(kind, message));

    private void Add(AlarmException alarm)
    {
        _alarms.Add(alarm);
        account.Raise(alarm);
    }

    /// <summary>Whatever stands in the way of that, the alarms themselves are told.</summary>
    private async Task KeepAsync()
    {
        try
        {
            while (_kept < _alarms.Count)
                await new AlarmLog(account).KeepAsync(_alarms[_kept++], operation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They are in memory, and are written with whatever is written next.
        }
    }

    private static string WayIn(string kind) => kind switch { SecretKinds.Passphrase => "a passphrase", SecretKinds.Recovery => "a recovery kit", _ => "a passkey" };

    private static string NameOf(ItemId id) => id == ItemId.OfWrapping(SecretKinds.Passphrase) ? "the passphrase"
        : id == ItemId.OfWrapping(SecretKinds.Recovery) ? "the recovery kit" : "a passkey";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
