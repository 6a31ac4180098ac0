using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>
/// Records that the cloud shows, held against an inventory that was read before: what is listed is there in that version or a later one, or its owner has deleted it; what is deleted stays
/// so. What is not listed yet is taken up when the owner wrote it, or somebody who may still add: whoever may not any more has no more to add.
/// </summary>
internal sealed class RecordCheck(Account account, Listed listed)
{
    /// <summary>Records that an alarm names, at most.</summary>
    private const int MaxNamed = 5;

    private const int MaxLookup = 256;

    private readonly PermittedSources _sources = PermittedSources.Own(account);

    /// <summary>Records of somebody else's that were found to be slipped in, or in the place of another: they are left out, and the others are not.</summary>
    public List<(SealedRecord Record, AlarmException Alarm)> SlippedIn { get; } = [];

    /// <summary>Listed records that are neither shown nor deleted, if there are any: that keeps nobody from those that are shown, and whoever looks at one of them, or at all, raises it.</summary>
    public AlarmException? Withheld { get; private set; }

    /// <summary>All of the account's own records. What the inventory is to list besides.</summary>
    public async Task<IReadOnlyList<InventoryItem>> JudgeAsync(IReadOnlyList<SealedRecord> shown, CancellationToken cancel)
    {
        var changes = new List<InventoryItem>();
        foreach (var record in shown)
            try
            {
                if (await JudgeAsync(record, cancel) is { } change)
                    changes.Add(change);
            }
            catch (AlarmException alarm) when (alarm.Kind is AlarmKind.Injected or AlarmKind.Integrity && !record.Header.Author.Equals(account.Keys.Identity.PublicKey))
            {
                SlippedIn.Add((record, alarm));
            }
        var there = shown.Select(record => ItemId.Of(record.Header.Context.Record)).ToHashSet();
        InventoryItem[] missing = [.. listed.Of(ItemKind.Record).Where(item => item.IsLive && !there.Contains(item.Id))];
        changes.AddRange(await FindAsync(missing, cancel));
        changes.AddRange(await ExpiredAsync(cancel));
        return changes;
    }

    /// <summary>What the inventory is to list besides, of records that are shown. One that does not hold keeps nobody from the others: whoever lists them raises its alarm.</summary>
    public async Task<IReadOnlyList<InventoryItem>> AddedAsync(IReadOnlyList<SealedRecord> shown, CancellationToken cancel)
    {
        var changes = new List<InventoryItem>();
        foreach (var record in shown)
            try
            {
                if (await JudgeAsync(record, cancel) is { } change)
                    changes.Add(change);
            }
            catch (AlarmException)
            {
                // Raised by every look at the records.
            }
        return changes;
    }

    /// <summary>One record that is shown; null when it is listed as it is.</summary>
    public async Task<InventoryItem?> JudgeAsync(SealedRecord record, CancellationToken cancel)
    {
        var item = Items.Of(record);
        var known = listed.Find(ItemKind.Record, item.Id);
        if (known is [{ IsLive: false }])
            throw new AlarmException(AlarmKind.Revived, $"The cloud shows a record that you have deleted: {await NameAsync(item.Id)}. It was not opened.");
        if (known is [var before] && before.Version >= item.Version)
            return before.Version > item.Version ? throw new AlarmException(AlarmKind.Rollback,
                    $"The cloud shows an older version of {await NameAsync(item.Id)} than there is: version {item.Version} instead of {before.Version}. It was not opened.")
                : before.Digest.AsSpan().SequenceEqual(item.Digest) ? null
                : throw new AlarmException(AlarmKind.Integrity, $"The cloud shows something else in the place of {await NameAsync(item.Id)}. It was not opened.");
        var header = record.Header;
        if (header.Author.Equals(account.Keys.Identity.PublicKey))
            return item;
        var permissions = await _sources.PermissionsAsync(header.Author, header.Context.Partition, header.SealedAt, cancel);
        return permissions.Count == 0 ? known.Count == 0 ? null // whoever opens it refuses it
                : throw new AlarmException(AlarmKind.Injected, $"The cloud shows a newer version of {await NameAsync(item.Id)}, written by someone who may not write there. It was not opened.")
            : permissions.Any(deposit => !listed.IsEnded(ItemKind.Deposit, ItemId.Of(deposit.Terms.Id))) ? item
            : throw new AlarmException(AlarmKind.Injected, $"The record {item.Id} was slipped in: its author may not add to your records any more, and it was not there when that ended. "
                + "It was not opened.");
    }

    /// <summary>What became of records that are not shown: the owner's own orders to delete them, or the records after all. What is neither there nor deleted is <see cref="Withheld"/>.</summary>
    public async Task<IReadOnlyList<InventoryItem>> FindAsync(IReadOnlyList<InventoryItem> missing, CancellationToken cancel)
    {
        var changes = new List<InventoryItem>();
        foreach (var chunk in missing.Chunk(MaxLookup))
        {
            var found = await account.Cloud.LookupRecordsAsync([.. chunk.Select(item => new RecordId(item.Id.Value))], cancel);
            foreach (var signed in found.Deletions ?? [])
                if (signed is not null && Deletion.TryVerify(signed, out var deletion) && deletion.Owner.Equals(account.Keys.Identity.PublicKey)
                    && chunk.Any(item => item.Id == ItemId.Of(deletion.Record) && deletion.Version >= item.Version))
                    changes.Add(Items.Of(deletion));
            foreach (var row in found.Records ?? [])
                if (row is { Signed: not null, SealedMetadata: not null } && SealedRecord.TryVerify(row.Signed, row.SealedMetadata, out var record)
                    && record.Header.Context.Owner == account.Id && chunk.Any(item => item.Id == ItemId.Of(record.Header.Context.Record)))
                    changes.Add(await JudgeAsync(record, cancel) ?? Items.Of(record));
        }
        InventoryItem[] gone = [.. missing.Where(item => changes.All(change => change.Id != item.Id))];
        if (gone.Length > 0)
            Withheld = new AlarmException(AlarmKind.Withheld, $"The cloud keeps back {await NamesAsync(gone)}. Nobody with your keys has deleted {(gone.Length == 1 ? "it" : "them")}: "
                + "what is shown is not all that you have.");
        return changes;
    }

    /// <summary>
    /// Permissions to add that are over by their date, and by as much as clocks differ: the cloud took nothing after that, so what came by them is listed now, and what comes later is not
    /// theirs, whatever time it bears.
    /// </summary>
    private async Task<IEnumerable<InventoryItem>> ExpiredAsync(CancellationToken cancel) => listed.Of(ItemKind.Deposit).Any(item => item.IsLive)
        ? from deposit in await _sources.AllAsync(cancel)
          where deposit.IsOver(account.Now) && listed.IsLive(ItemKind.Deposit, ItemId.Of(deposit.Terms.Id))
          select Items.Ended(Items.Of(deposit))
        : [];

    private async Task<string> NamesAsync(InventoryItem[] items)
    {
        var names = new List<string>();
        foreach (var item in items.Take(MaxNamed))
            names.Add(await NameAsync(item.Id));
        return (items.Length == 1 ? "" : $"{items.Length} of your records: ") + string.Join(", ", names) + (items.Length > MaxNamed ? " and others" : "");
    }

    private async Task<string> NameAsync(ItemId record) => await account.Inventory.NameOfAsync(record) is { } name ? $"“{name}” ({record})" : $"the record {record}";
}
