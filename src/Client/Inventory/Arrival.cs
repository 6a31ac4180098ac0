using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Protocol.Log;

namespace Salus.Client.Inventory;

/// <summary>
/// What a login makes sure of before anything else is done: 1 that the account is not shown as it was before, 2 that the ways into it are those that its owner has made, no more and no less,
/// 3 that this device stands in the inventory, where the owner's other devices see it, 4 that the cloud shows nobody other keys for this account's address.
/// </summary>
internal sealed class Arrival(Account account)
{
    /// <summary>The version of a way in that was seen at the cloud. Before that it is announced: the change that brings it may not have come to its end.</summary>
    private const uint Confirmed = 2;

    private readonly List<AlarmException> _alarms = [];
    private readonly HashSet<InventoryItem> _refused = [];

    /// <param name="proved">Ways in that the owner has used or made just now: they hold the account secret, whatever is listed.</param>
    /// <param name="least">How many versions of the account there were when the recovery kit was made; 0 when that is not known.</param>
    public async Task CheckAsync(IReadOnlyList<WrappedSecret> proved, ulong least, CancellationToken cancel)
    {
        // 1
        if (least > 0)
            await account.Inventory.ExpectAsync(new SeenState(least, []));
        await ExpectNewestAsync(cancel);
        var listed = await account.Inventory.ReadAsync(cancel);
        // 2
        WrappedSecret[] shown = [.. ((await account.Cloud.AccountAsync(cancel)).Secrets ?? []).Where(secret => secret is { Kind: not null, Salt: not null, Ciphertext: not null })];
        var changes = listed is null ? [] : Judge(listed, shown, proved);
        account.KeepOnly([.. shown.Where(secret => !_refused.Contains(InventoryItem.Of(secret)))]);
        // 3
        if (Items.Device(account.Cloud.Token, account.Now) is { } device)
            changes.Add(device);
        await account.Inventory.UpdateAsync(changes, cancel);
        // 4
        await new CardDirectory(account).CheckOwnAsync(cancel);
        if (_alarms.Count > 0)
            throw new AlarmException(_alarms[0].Kind, string.Join(' ', _alarms.Select(alarm => alarm.Message)));
    }

    /// <summary>
    /// The newest state that two trustees know of from the log; of one counter there is one. While fewer answer, or from before there was a log, what this device has seen and the kit say have to do.
    /// </summary>
    private async Task ExpectNewestAsync(CancellationToken cancel)
    {
        if (account.Content.Parties.Cloud.Log is null)
            return;
        try
        {
            var words = await new Witnesses(account).NewestAsync(LogKind.State, LogEntry.StateTag(account.Id), cancel);
            var states = words.SelectMany(word => word.Entries).ToArray();
            if (states.Length == 0)
                return;
            var newest = states.MaxBy(state => state.Version)!;
            if (states.GroupBy(state => state.Version).Any(group => group.Any(state => !state.Digest.AsSpan().SequenceEqual(group.First().Digest))))
                throw new AlarmException(AlarmKind.Fork, "The public log has two different states of your account as one version of it: two stories are told of what is in it.");
            await account.Inventory.ExpectAsync(new SeenState(newest.Version, newest.Digest));
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException)
        {
            // Fewer than two trustees answer.
        }
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
            changes.AddRange(Settled(listed, item));
        }
        foreach (var hidden in listed.Of(ItemKind.Wrapping).Where(item => item is { IsLive: true, Version: Confirmed } && shown.All(secret => ItemId.OfWrapping(secret.Kind) != item.Id)))
            Alarm(AlarmKind.Withheld, $"The cloud does not show {NameOf(hidden.Id)} that opens your account.");
        return changes;
    }

    /// <summary>A way in is in force, and those that it took the place of are not.</summary>
    public static IEnumerable<InventoryItem> Settled(Listed? listed, InventoryItem item) =>
    [
        item with { Version = Confirmed },
        .. (listed?.Find(ItemKind.Wrapping, item.Id) ?? []).Where(other => other.IsLive && !other.Digest.AsSpan().SequenceEqual(item.Digest)).Select(other => Items.Ended(other)),
    ];

    private void Alarm(AlarmKind kind, string message) => _alarms.Add(new AlarmException(kind, message));

    private static string WayIn(string kind) => kind switch { SecretKinds.Passphrase => "a passphrase", SecretKinds.Recovery => "a recovery kit", _ => "a passkey" };

    private static string NameOf(ItemId id) => id == ItemId.OfWrapping(SecretKinds.Passphrase) ? "the passphrase"
        : id == ItemId.OfWrapping(SecretKinds.Recovery) ? "the recovery kit" : "a passkey";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
