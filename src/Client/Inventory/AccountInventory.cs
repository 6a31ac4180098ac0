using System.Globalization;
using System.Security.Cryptography;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>
/// The signed inventory of the account: read with every suspicion, and brought up to date after every change with one update, whatever the change was made of. What it lists becomes what
/// this device remembers, so that whatever holds a server against that holds it against the inventory, too.
/// </summary>
internal sealed class AccountInventory(Account account) : IDisposable
{
    /// <summary>How often another device may be first.</summary>
    private const int MaxRaces = 8;

    /// <summary>States of this device that a login looks for in the log, at most.</summary>
    private const int MaxMade = 128;

    /// <summary>For how long a cloud may refuse the list before that is an alarm: longer than any restart or limit.</summary>
    private static readonly TimeSpan RefusedFor = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private KeptInventory? _kept;
    private Listed? _listed;

    /// <summary>The inventory as it was read last, by an earlier command perhaps; null when there is none here. No server is asked.</summary>
    public async Task<Listed?> KnownAsync() => _listed ??= (_kept ??= await InventoryFile.LoadAsync(account)).Read(account.Keys.Identity.PublicKey);

    private StateContent Remembered => account.State.Content;

    /// <summary>The newest inventory with what this device has noted besides: a cloud that does not take the list is held against that all the same. Null when the account has none yet.</summary>
    public Task<Listed?> ReadAsync(CancellationToken cancel) =>
        InTurnAsync(async () => (await SecondAnswer.TakeAsync(() => AskAsync(cancel)))?.Noting(Remembered.Unlisted.Select(Read).OfType<InventoryItem>()), cancel);

    /// <summary>Says that something has changed: it is listed by the next <see cref="FlushAsync"/>, of a later command after a kill. The caller saves the state.</summary>
    public void Note(InventoryItem item)
    {
        var unlisted = new UnlistedItem((byte)item.Kind, item.Id.ToString(), item.Digest, item.IsLive, item.Version);
        Remembered.Unlisted.RemoveAll(known => known.Kind == unlisted.Kind && known.Id == unlisted.Id && (item.Kind != ItemKind.Wrapping || known.Digest.AsSpan().SequenceEqual(unlisted.Digest)));
        Remembered.Unlisted.Add(unlisted);
    }

    /// <summary>
    /// Notes the end of a grant; that of a permission to add after all that was added until then: what its holder and a cloud bring later is not taken for it.
    /// </summary>
    public async Task NoteEndAsync(Revocation end, bool isDeposit, CancellationToken cancel)
    {
        if (isDeposit && await ReadAsync(cancel) is { } listed)
            foreach (var change in await new RecordCheck(account, listed).AddedAsync(await new Catalogue(account).SealedAsync(cancel), cancel))
                Note(change);
        Note(Items.Of(isDeposit ? ItemKind.Deposit : ItemKind.Grant, end));
        await account.State.SaveAsync();
    }

    /// <summary>Lists what has changed. What a server refuses now is listed by another command: nothing that was done is undone by it. A cloud that goes on refusing is an alarm.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (Remembered.Unlisted.Count == 0)
            return;
        try
        {
            await UpdateAsync([], cancel);
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
        {
            var since = Remembered.UnlistedSince ??= account.Now;
            await account.State.SaveAsync();
            if (failure is RefusedException && account.Now - since > RefusedFor)
                throw new AlarmException(AlarmKind.Withheld, $"The cloud has not taken the signed list of what is in your account since {since:yyyy-MM-dd HH:mm}Z ({failure.Message}). "
                    + "Your other devices cannot tell whether anything is missing.");
        }
    }

    /// <summary>Lists these changes and those that were noted before. An account without an inventory gets its first one, of all that is there.</summary>
    public Task<Listed> UpdateAsync(IReadOnlyList<InventoryItem> changes, CancellationToken cancel) => InTurnAsync(async () =>
    {
        for (var race = 0; ; race++)
        {
            var noted = Remembered.Unlisted.ToArray();
            var listed = await SecondAnswer.TakeAsync(() => AskAsync(cancel));
            InventoryItem[] all = [.. noted.Select(Read).OfType<InventoryItem>(), .. changes];
            var next = listed is not null ? listed.With(account.Keys, all, account.Now) : await FirstAsync(all, cancel);
            if (next is null || await TryPutAsync(listed, next, cancel))
            {
                Remembered.Unlisted.RemoveAll(noted.Contains);
                Remembered.UnlistedSince = null;
                await account.State.SaveAsync();
                return next ?? listed!;
            }
            if (race == MaxRaces)
                throw new RefusedException(Problems.Conflict, "Other devices of this account change it faster, or the cloud says so. Try again.", "the cloud");
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(20, 50 << race)), account.Clock, cancel);
        }
    }, cancel);

    /// <summary>The first state of an account that had none: so two trustees have to say, or what a cloud has thrown away would be begun anew.</summary>
    private async Task<Listed> FirstAsync(IEnumerable<InventoryItem> changes, CancellationToken cancel)
    {
        if (account.Content.Parties.Cloud.Log is not null)
        {
            var logged = await new LoggedStates(account).AtAsync(1, cancel)
                ?? throw new CannotException("The cloud shows no list of what is in your account, and fewer than two trustees answer and say whether there was one. "
                    + "Try again when `salus status` shows them.",
                    Reasons.TooFewTrustees);
            if (logged.Entries.Count > 0)
                throw LoggedStates.NoneShown();
        }
        return Listed.First(account.Keys, [.. await new Census(account).TakeAsync(cancel), .. changes], account.Now);
    }

    /// <summary>
    /// The first inventory of an account that was made just now: nothing is there but the ways into it and this device.
    /// </summary>
    public Task<bool> BeginAsync(IEnumerable<WrappedSecret> secrets, CancellationToken cancel) => InTurnAsync(async () =>
    {
        InventoryItem?[] items = [.. secrets.Select(Items.InForce), Items.Device(account.Cloud.Token, account.Now)];
        return await TryPutAsync(null, Listed.First(account.Keys, items.OfType<InventoryItem>(), account.Now), cancel);
    }, cancel);

    /// <summary>Remembers that there is a newer state than this device has seen, by the word of trustees or a recovery kit: the cloud has to show that one or a later one.</summary>
    /// <param name="state">Its hash may be empty when it is not known.</param>
    public Task ExpectAsync(SeenState state)
    {
        if (Remembered.Inventory is null || Remembered.Inventory.Counter < state.Counter)
            Remembered.Inventory = state;
        return account.State.SaveAsync();
    }

    /// <summary>Keeps the names of records, for the day on which only they are left.</summary>
    public async Task NameAsync(IEnumerable<(RecordId Record, string Name)> names)
    {
        var kept = _kept ??= await InventoryFile.LoadAsync(account);
        var hasChanged = false;
        foreach (var (record, name) in names)
            if (kept.Names.GetValueOrDefault(record.ToString()) != name)
            {
                kept.Names[record.ToString()] = name;
                hasChanged = true;
            }
        if (hasChanged)
            await InventoryFile.SaveAsync(account, kept);
    }

    /// <summary>What a record is called, as far as this device knows.</summary>
    public async Task<string?> NameOfAsync(ItemId record) => (_kept ??= await InventoryFile.LoadAsync(account)).Names.GetValueOrDefault(record.ToString());

    public void Dispose() => _turn.Dispose();

    private async Task<Listed?> AskAsync(CancellationToken cancel)
    {
        _kept ??= await InventoryFile.LoadAsync(account);
        _listed ??= _kept.Read(account.Keys.Identity.PublicKey);
        for (var race = 0; race <= MaxRaces; race++)
        {
            var head = await HeadAsync(cancel);
            if (head is null)
                return _listed = null;
            if (_listed is not null && head.Signed.AsSpan().SequenceEqual(_listed.Head.Signed))
                return await TakeOverAsync(_listed);
            if (await PagesAsync(head, cancel) is { } read)
                return await TakeOverAsync(read);
        }
        throw new AlarmException(AlarmKind.Integrity, "The cloud hands out pages of your account's signed list that are not those of the list.");
    }

    /// <summary>The newest head, held against what this device has seen. Null when the account has none.</summary>
    private async Task<InventoryHead?> HeadAsync(CancellationToken cancel)
    {
        var seen = Remembered.Inventory;
        byte[]? signed;
        try
        {
            signed = await account.Cloud.InventoryAsync(_listed?.Head.Hash, cancel) ?? _listed!.Head.Signed;
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return seen is null ? null : throw new AlarmException(AlarmKind.Withheld,
                $"The cloud does not show the signed list of what is in your account, of which there are {Number(seen.Counter)} versions. It may hide anything now: records, permissions, devices.");
        }
        if (!InventoryHead.TryVerify(signed, out var head) || !head.Owner.Equals(account.Keys.Identity.PublicKey))
            throw new AlarmException(AlarmKind.Integrity, "The cloud shows a list of what is in your account that this account has not signed.");
        if (seen is not null && head.Counter < seen.Counter)
            throw new AlarmException(AlarmKind.Rollback, $"The cloud shows your whole account as it was on {head.At:yyyy-MM-dd HH:mm}Z: version {Number(head.Counter)} of it, while version "
                + $"{Number(seen.Counter)} exists. What came later (records, deletions, revocations) may be missing. Nothing was changed.");
        if ((seen is not null && head.Counter == seen.Counter && seen.Hash.Length > 0 && !head.Hash.AsSpan().SequenceEqual(seen.Hash))
            || (_listed is not null && head.Counter == _listed.Head.Counter + 1 && !head.Follows(_listed.Head)))
            throw new AlarmException(AlarmKind.Fork, $"The cloud shows another version {Number(head.Counter)} of your account than before: it tells two stories of what is in it. "
                + "Nothing was changed.");
        return head;
    }

    /// <summary>All pages of a head; null when they have changed on the way.</summary>
    private async Task<Listed?> PagesAsync(InventoryHead head, CancellationToken cancel)
    {
        var pages = new Dictionary<int, InventoryPage>();
        var known = _listed?.Pages.Values.ToDictionary(page => Convert.ToHexString(page.Hash)) ?? [];
        var missing = new List<int>();
        for (var i = 0; i < head.Pages.Count; i++)
            if (known.TryGetValue(Convert.ToHexString(head.Pages[i]), out var page))
                pages[i] = page;
            else if (!InventoryHead.IsEmpty(head.Pages[i]))
                missing.Add(i);
        foreach (var chunk in missing.Chunk(InventoryPageRequest.MaxPages))
        {
            var answer = await account.Cloud.InventoryPagesAsync(chunk, cancel);
            if (answer.Head is null || !answer.Head.AsSpan().SequenceEqual(head.Signed))
                return null;
            foreach (var part in answer.Pages ?? [])
                if (part is { Content: not null } && chunk.Contains(part.Number) && InventoryPage.TryParse(part.Content, out var page))
                    pages[part.Number] = page;
        }
        return Listed.Of(head, pages);
    }

    /// <summary>False when another device was first.</summary>
    private async Task<bool> TryPutAsync(Listed? before, Listed next, CancellationToken cancel)
    {
        var brought = next.Pages.Where(page => before is null || before.Head.Bits != next.Head.Bits || !page.Value.Hash.AsSpan().SequenceEqual(before.Head.Pages[page.Key]));
        try
        {
            await account.Cloud.PutInventoryAsync(new InventoryPages(next.Head.Signed, [.. brought.Select(page => new InventoryPart(page.Key, page.Value.Bytes))]), cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.Conflict)
        {
            return false;
        }
        if (Remembered.MadeStates.Count == MaxMade)
            Remembered.MadeStates.RemoveAt(0);
        Remembered.MadeStates.Add(new MadeState(next.Head.Counter, next.Head.Hash, next.Head.At));
        await TakeOverAsync(next);
        return true;
    }

    /// <summary>From here on the cloud has to show what this state lists, or something newer.</summary>
    private async Task<Listed> TakeOverAsync(Listed listed)
    {
        var isNew = _listed is null || !_listed.Head.Signed.AsSpan().SequenceEqual(listed.Head.Signed);
        _listed = listed;
        if (!isNew && Remembered.Inventory is { } seen && seen.Counter == listed.Head.Counter)
            return listed;
        Remembered.Inventory = new SeenState(listed.Head.Counter, listed.Head.Hash);
        foreach (var item in listed.Of(ItemKind.Partition))
            if (Remembered.Epochs.GetValueOrDefault($"{account.Id}/{item.Id}") is not { } epoch || epoch.Epoch < item.Version)
                Remembered.Epochs[$"{account.Id}/{item.Id}"] = new SeenEpoch(item.Version, item.Digest);
        foreach (var item in listed.Of(ItemKind.Grant).Where(item => item.IsLive))
            Raise(Remembered.Grants, item);
        foreach (var item in listed.Of(ItemKind.Deposit).Where(item => item.IsLive))
            Remembered.Deposits.Add(item.Id.ToString());
        foreach (var item in listed.Of(ItemKind.Record).Where(item => item.IsLive))
            Raise(Remembered.Records, item);
        var names = (_kept ??= await InventoryFile.LoadAsync(account)).Names;
        _kept = new KeptInventory(listed.Head.Signed, listed.Pages.ToDictionary(page => page.Key, page => page.Value.Bytes), names);
        await InventoryFile.SaveAsync(account, _kept);
        await account.State.SaveAsync();
        return listed;
    }

    private static void Raise(Dictionary<string, uint> versions, InventoryItem item)
    {
        if (versions.GetValueOrDefault(item.Id.ToString()) < item.Version)
            versions[item.Id.ToString()] = item.Version;
    }

    private static InventoryItem? Read(UnlistedItem item) => Enum.IsDefined((ItemKind)item.Kind) && Identifier.TryParse(item.Id, out ItemId id) && item.Digest is { Length: InventoryItem.DigestSize }
        ? new InventoryItem((ItemKind)item.Kind, id, item.Digest, item.IsLive ? ItemState.Live : ItemState.Ended, item.Version)
        : null;

    private static string Number(ulong counter) => counter.ToString(CultureInfo.InvariantCulture);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
