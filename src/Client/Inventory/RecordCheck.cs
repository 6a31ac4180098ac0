using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>What the cloud shows of the account's own records, judged.</summary>
/// <param name="Changes">What the inventory is to list besides.</param>
/// <param name="Records">Those that may be opened.</param>
/// <param name="LeftOut">Those that may not, and keep nobody from the others: slipped in, in the place of another, or deleted before.</param>
/// <param name="Withheld">The alarm about listed ones that are neither there nor deleted.</param>
internal sealed record JudgedRecords(IReadOnlyList<InventoryItem> Changes, IReadOnlyList<SealedRecord> Records, IReadOnlyList<(SealedRecord Record, AlarmException Alarm)> LeftOut,
    AlarmException? Withheld);

/// <summary>
/// Records that the cloud shows, held against an inventory that was read before: what is listed is there in that version or a later one, or its owner has deleted it; what is deleted stays
/// so. What is not listed yet is taken up when the owner wrote it, or somebody who may still add: whoever may not any more has no more to add. Made before the cloud is asked for them.
/// </summary>
internal sealed class RecordCheck(Account account, Listed listed)
{
    /// <summary>Records that an alarm names, at most.</summary>
    private const int MaxNamed = 5;

    private const int MaxLookup = 256;

    private readonly PermittedSources _sources = PermittedSources.Own(account);
    private readonly DateTimeOffset _asked = account.Now;

    /// <summary>All of the account's own records.</summary>
    public async Task<JudgedRecords> JudgeAsync(IReadOnlyList<SealedRecord> shown, CancellationToken cancel)
    {
        var (changes, leftOut) = (new List<InventoryItem>(), new List<(SealedRecord Record, AlarmException Alarm)>());
        foreach (var record in shown)
            try
            {
                if (await JudgeAsync(record, cancel) is { } change)
                    changes.Add(change);
            }
            catch (AlarmException alarm) when (alarm.Kind == AlarmKind.Revived
                || (alarm.Kind is AlarmKind.Injected or AlarmKind.Integrity && !record.Header.Author.Equals(account.Keys.Identity.PublicKey)))
            {
                leftOut.Add((record, alarm));
            }
        var there = shown.Select(record => ItemId.Of(record.Header.Context.Record)).ToHashSet();
        var missing = await FindAsync([.. listed.Of(ItemKind.Record).Where(item => item.IsLive && !there.Contains(item.Id))], cancel);
        return new JudgedRecords([.. changes, .. missing.Changes, .. await ExpiredAsync(cancel)], [.. shown.Except(leftOut.Select(left => left.Record)), .. missing.Records],
            leftOut, missing.Withheld);
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

    /// <summary>What became of listed records that are not shown: the owner's own orders to delete them, or the records after all.</summary>
    public async Task<JudgedRecords> FindAsync(IReadOnlyList<InventoryItem> missing, CancellationToken cancel)
    {
        var (changes, records) = (new List<InventoryItem>(), new List<SealedRecord>());
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
                {
                    changes.Add(await JudgeAsync(record, cancel) ?? Items.Of(record));
                    records.Add(record);
                }
        }
        InventoryItem[] gone = [.. missing.Where(item => changes.All(change => change.Id != item.Id))];
        return new JudgedRecords(changes, [.. records.DistinctBy(record => record.Header.Context.Record)], [], gone.Length == 0 ? null
            : new AlarmException(AlarmKind.Withheld, $"The cloud keeps back {await NamesAsync(gone)}. Nobody with your keys has deleted {(gone.Length == 1 ? "it" : "them")}: "
                + "what is shown is not all that you have."));
    }

    /// <summary>
    /// Permissions to add that are over by their date: the cloud took nothing after that, so what came by them is listed now, and what comes later is not theirs, whatever time it bears. There is
    /// no way back from that list, so the trustees' clocks have to agree that it is so late.
    /// </summary>
    private async Task<IReadOnlyList<InventoryItem>> ExpiredAsync(CancellationToken cancel)
    {
        if (account.Content.Parties.Cloud.Log is null || !listed.Of(ItemKind.Deposit).Any(item => item.IsLive))
            return [];
        InventoryItem[] over = [.. (await _sources.AllAsync(cancel)).Where(deposit => deposit.IsOver(_asked) && listed.IsLive(ItemKind.Deposit, ItemId.Of(deposit.Terms.Id)))
            .Select(deposit => Items.Over(deposit.Grant))];
        if (over.Length == 0)
            return [];
        try
        {
            await account.Log.NewestAsync(cancel);
            return over;
        }
        catch (Exception failure) when (failure is RefusedException or UnreachableException or CannotException)
        {
            // Trustees are away, or this device's clock is wrong: a later look lists it.
            return [];
        }
        catch (AlarmException alarm)
        {
            // It is the log's, and hides no record.
            account.Raise(alarm);
            return [];
        }
    }

    private async Task<string> NamesAsync(InventoryItem[] items)
    {
        var names = new List<string>();
        foreach (var item in items.Take(MaxNamed))
            names.Add(await NameAsync(item.Id));
        return (items.Length == 1 ? "" : $"{items.Length} of your records: ") + string.Join(", ", names) + (items.Length > MaxNamed ? " and others" : "");
    }

    private async Task<string> NameAsync(ItemId record) => await account.Inventory.NameOfAsync(record) is { } name ? $"“{name}” ({record})" : $"the record {record}";
}
