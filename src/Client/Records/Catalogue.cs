using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Inventory;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Protocol.Log;

namespace Salus.Client.Records;

/// <summary>
/// The records that this account may read, own and granted, with their metadata opened. Whatever the cloud answers is verified: the author's signature, who may write there,
/// the capsule, the content key's commitment, the metadata, and the version against the newest that this device has seen. In a list, a record that somebody else wrote and that
/// does not hold is left out and named among the complaints: no depositor can keep an owner from the other records.
/// </summary>
internal sealed class Catalogue(Account account)
{
    private readonly PartitionKeys _partitions = new(account);
    private readonly ContentKeys _keys = new(account);

    /// <summary>What was wrong with one trustee while another could answer, or with a record that was left out: to be shown, for it is a sign of trouble.</summary>
    public ICollection<string> Complaints { get; } = [];

    /// <summary>Why <see cref="ShownAsync"/> did not give all own records, or none but those: some are kept back, or one is shown that was deleted. Null when it did.</summary>
    public AlarmException? Alarm { get; private set; }

    /// <summary>All own records, or an alarm.</summary>
    public async Task<IReadOnlyList<OpenedRecord>> OwnAsync(CancellationToken cancel)
    {
        var opened = await ShownAsync(cancel);
        if (Alarm is null)
            return opened;
        Dispose(opened);
        throw Alarm;
    }

    /// <summary>The own records that the cloud shows, for whoever goes on without the others and tells of <see cref="Alarm"/>.</summary>
    public async Task<IReadOnlyList<OpenedRecord>> ShownAsync(CancellationToken cancel)
    {
        // Read first: what is listed is shown from then on, or it is withheld.
        var listed = await account.Inventory.ReadAsync(cancel);
        var check = listed is null ? null : new RecordCheck(account, listed);
        var partitions = (await _partitions.AllAsync(cancel)).ToDictionary(partition => partition.Id);
        var opened = new List<OpenedRecord>();
        try
        {
            var shown = await SealedAsync(cancel);
            if (check is not null)
                shown = await ListedAsync(check, shown, cancel);
            opened.AddRange(await OpenOwnAsync(shown, partitions, cancel));
            await account.Inventory.NameAsync(opened.Select(record => (record.Id, record.Metadata.Name)));
            await account.State.SaveAsync();
            await account.Inventory.FlushAsync(cancel);
            return opened;
        }
        catch
        {
            Dispose(opened);
            throw;
        }
    }

    /// <summary>All own records as the cloud shows them: signed by somebody, and not more than that.</summary>
    public Task<IReadOnlyList<SealedRecord>> SealedAsync(CancellationToken cancel) => PagesAsync(account.Id, null, cancel);

    /// <summary>All records that others have granted, of live grants. A grant that a server refuses is reported among the complaints and does not hide the others.</summary>
    public Task<IReadOnlyList<OpenedRecord>> GrantedAsync(CancellationToken cancel) => SecondAnswer.TakeAsync(() => AskGrantedAsync(cancel));

    private async Task<IReadOnlyList<OpenedRecord>> AskGrantedAsync(CancellationToken cancel)
    {
        var opened = new List<OpenedRecord>();
        try
        {
            foreach (var grant in await new ReceivedGrants(account).ListAsync(cancel))
            {
                if (!grant.IsLive(account.Now))
                    continue;
                foreach (var partition in grant.Partitions.Keys)
                    await AddGrantedAsync(grant, partition, opened, cancel);
            }
            await account.State.SaveAsync();
            return opened;
        }
        catch
        {
            Dispose(opened);
            throw;
        }
    }

    /// <summary>One record by its identifier, own or granted. Its version is remembered by the device, and not by this command alone.</summary>
    public async Task<OpenedRecord> OneAsync(RecordId id, CancellationToken cancel)
    {
        var opened = await OpenOneAsync(id, cancel);
        try
        {
            await account.State.SaveAsync();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private async Task<OpenedRecord> OpenOneAsync(RecordId id, CancellationToken cancel)
    {
        var record = await SealedAsync(id, cancel);
        if (record.Header.Context.Owner == account.Id)
            return await OpenOwnAsync(await ListedAsync(record, cancel), (await _partitions.AllAsync(cancel)).ToDictionary(partition => partition.Id), PermittedSources.Own(account), cancel);
        // The grant may end between two of these questions, and then nothing is withheld.
        return await SecondAnswer.TakeAsync(() => OpenOneGrantedAsync(record, cancel));
    }

    private async Task<OpenedRecord> OpenOneGrantedAsync(SealedRecord record, CancellationToken cancel)
    {
        var context = record.Header.Context;
        var grants = (await new ReceivedGrants(account).ListAsync(cancel)).Where(g => g.Grant.Terms.Owner.Account == context.Owner).ToArray();
        var grant = grants.FirstOrDefault(g => g.IsLive(account.Now) && g.Grant.Entry(context.Partition, context.Epoch) is not null)
            ?? throw new RefusedException(Problems.NotGranted, $"No live grant opens the record {context.Record}.", "this client");
        return (await OpenGrantedAsync(grant, context.Partition, [record], PermittedSources.Of(account, grant.Owner.Identity, grant.OwnerName), (_, wrong) => throw wrong, cancel))[0];
    }

    /// <summary>An own record as it is listed, of which the cloud shows neither anything nor its deletion, and the alarm about that; null for any other.</summary>
    public async Task<(InventoryItem Item, AlarmException Alarm)?> KeptBackAsync(RecordId id, CancellationToken cancel)
    {
        if (await account.Inventory.ReadAsync(cancel) is not { } listed || listed.Find(ItemKind.Record, ItemId.Of(id)) is not [{ IsLive: true } item])
            return null;
        var found = await new RecordCheck(account, listed).FindAsync([item], cancel);
        return found.Withheld is null ? null : (item, found.Withheld);
    }

    /// <summary>
    /// Whether an own record is shown and opens, or is refused as its owner's: not what the cloud keeps back, and nothing that somebody who may add sealed so that it opens for nobody.
    /// </summary>
    public async Task<bool> IsUsableAsync(RecordId id, CancellationToken cancel)
    {
        try
        {
            var partitions = (await _partitions.AllAsync(cancel)).ToDictionary(partition => partition.Id);
            var opened = await OpenOwnAsync([await SealedAsync(id, cancel)], partitions, cancel);
            Dispose(opened);
            return opened.Count > 0;
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return true;
        }
        catch (AlarmException alarm) when (alarm.Kind == AlarmKind.Withheld)
        {
            return false;
        }
    }

    private async Task<SealedRecord> SealedAsync(RecordId id, CancellationToken cancel)
    {
        try
        {
            var record = Verify(await account.Cloud.RecordAsync(id, cancel));
            return record.Header.Context.Record == id ? record : throw new AlarmException(AlarmKind.Integrity, "The cloud answers with another record than was asked for.");
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            if (await KeptBackAsync(id, cancel) is (_, var alarm))
                throw alarm;
            throw new RefusedException(Problems.NotFound, $"There is no record {id} for you: it does not exist, or no live grant covers it.", refused.Party);
        }
    }

    /// <summary>Own records, held against the inventory that was read before: what was slipped in is left out, named, and kept among the alarms.</summary>
    private async Task<IReadOnlyList<SealedRecord>> ListedAsync(RecordCheck check, IReadOnlyList<SealedRecord> shown, CancellationToken cancel)
    {
        var judged = await check.JudgeAsync(shown, cancel);
        foreach (var change in judged.Changes)
            account.Inventory.Note(change);
        Alarm = judged.Withheld ?? judged.LeftOut.FirstOrDefault(left => left.Alarm.Kind == AlarmKind.Revived).Alarm;
        foreach (var (record, alarm) in judged.LeftOut.Where(left => left.Alarm.Kind != AlarmKind.Revived))
        {
            await LeaveOutAsync(record, alarm, account.Keys.Identity.PublicKey, PermittedSources.Own(account), cancel);
            await new AlarmLog(account).KeepAsync(alarm, "list");
        }
        return judged.Records;
    }

    /// <summary>
    /// An own record, held against the inventory. That is read after the record, so the record may have changed in between: it is asked for once more before an alarm is raised.
    /// </summary>
    private async Task<SealedRecord> ListedAsync(SealedRecord record, CancellationToken cancel)
    {
        if (await account.Inventory.ReadAsync(cancel) is not { } listed)
            return record;
        var check = new RecordCheck(account, listed);
        try
        {
            await check.JudgeAsync(record, cancel);
        }
        catch (AlarmException)
        {
            record = await SealedAsync(record.Header.Context.Record, cancel);
            await check.JudgeAsync(record, cancel);
        }
        return record;
    }

    /// <summary>Own records that are at hand, with their metadata opened.</summary>
    public async Task<IReadOnlyList<OpenedRecord>> OpenOwnAsync(IReadOnlyList<SealedRecord> records, IReadOnlyDictionary<PartitionId, Partition> partitions,
        CancellationToken cancel)
    {
        var sources = PermittedSources.Own(account);
        var opened = new List<OpenedRecord>();
        foreach (var record in records)
            try
            {
                opened.Add(await OpenOwnAsync(record, partitions, sources, cancel));
            }
            catch (AlarmException alarm)
            {
                await LeaveOutAsync(record, alarm, account.Keys.Identity.PublicKey, sources, cancel);
            }
        return opened;
    }

    /// <summary>Records of a granted partition that are at hand, with their metadata opened: those of one epoch through the trustees together.</summary>
    public async Task<IReadOnlyList<OpenedRecord>> OpenGrantedAsync(ReceivedGrant grant, PartitionId partition, IReadOnlyList<SealedRecord> records, CancellationToken cancel)
    {
        var sources = PermittedSources.Of(account, grant.Owner.Identity, grant.OwnerName);
        var opened = new List<OpenedRecord>();
        foreach (var batch in records.GroupBy(record => record.Header.Context.Epoch))
            opened.AddRange(await OpenGrantedAsync(grant, partition, [.. batch], sources, (record, alarm) => LeaveOutAsync(record, alarm, grant.Owner.Identity, sources, cancel), cancel));
        return opened;
    }

    /// <summary>A row of the cloud's, by its author's signature.</summary>
    public static SealedRecord Verify(CatalogueRecord row) => row is { Signed: not null, SealedMetadata: not null } && SealedRecord.TryVerify(row.Signed, row.SealedMetadata, out var record)
        ? record
        : throw new AlarmException(AlarmKind.Integrity, "The cloud shows a record whose author's signature does not hold.");

    public static void Dispose(IEnumerable<OpenedRecord> records)
    {
        foreach (var record in records)
            record.Dispose();
    }

    private async Task AddGrantedAsync(ReceivedGrant grant, PartitionId partition, List<OpenedRecord> opened, CancellationToken cancel)
    {
        try
        {
            var records = (await PagesAsync(grant.Owner.Account, partition, cancel))
                .Where(record => grant.Grant.Entry(partition, record.Header.Context.Epoch) is not null && opened.All(o => o.Id != record.Header.Context.Record));
            opened.AddRange(await OpenGrantedAsync(grant, partition, [.. records], cancel));
        }
        catch (RefusedException refused)
        {
            Complaints.Add($"{refused.Party} refuses {grant.OwnerName}'s {grant.Partitions[partition]}: {refused.Message}");
        }
    }

    /// <summary>Records of one epoch, each judged for itself, with one request to the trustees for all of them.</summary>
    /// <param name="wrong">What to do about one that does not hold: it is missing, unless this throws.</param>
    private async Task<IReadOnlyList<OpenedRecord>> OpenGrantedAsync(ReceivedGrant grant, PartitionId partition, IReadOnlyList<SealedRecord> records,
        PermittedSources sources, Func<SealedRecord, AlarmException, Task> wrong, CancellationToken cancel)
    {
        var chains = await _partitions.OfAsync(grant.Owner.Identity, cancel);
        var right = new List<SealedRecord>();
        foreach (var record in records)
            try
            {
                await CheckGrantedAsync(record, grant, partition, chains, sources, cancel);
                right.Add(record);
            }
            catch (AlarmException alarm)
            {
                await wrong(record, alarm);
            }
        var keys = await _keys.GrantedAsync(AccessKind.Open, [.. right.Select(SealedKey.Of)], grant, Complaints, cancel);
        var opened = new List<OpenedRecord>();
        for (var i = 0; i < right.Count; i++)
            try
            {
                opened.Add(await OpenAsync(right[i], keys[i].Key ?? throw keys[i].Fault!, grant.OwnerName, sources, cancel));
            }
            catch (AlarmException alarm)
            {
                await wrong(right[i], alarm);
            }
        return opened;
    }

    private static async Task CheckGrantedAsync(SealedRecord record, ReceivedGrant grant, PartitionId partition, IReadOnlyDictionary<PartitionId, IReadOnlyList<EpochHeader>> chains,
        PermittedSources sources, CancellationToken cancel)
    {
        await CheckAuthorAsync(record, grant.Owner.Identity, sources, cancel);
        if (record.Header.Context.Partition != partition)
            throw new AlarmException(AlarmKind.Integrity, "The cloud answers with a record of another partition.");
        var entry = grant.Grant.Entry(partition, record.Header.Context.Epoch)!;
        var header = chains.GetValueOrDefault(partition)?.FirstOrDefault(h => h.Epoch == record.Header.Context.Epoch)
            ?? throw new AlarmException(AlarmKind.Withheld, "The cloud does not show the epochs of a granted partition.");
        if (!header.Key.Equals(entry.DelegatingKey))
            throw new AlarmException(AlarmKind.Integrity, "A grant carries another key than its owner's partition.");
    }

    private async Task<OpenedRecord> OpenOwnAsync(SealedRecord record, IReadOnlyDictionary<PartitionId, Partition> partitions, PermittedSources sources, CancellationToken cancel)
    {
        await CheckAuthorAsync(record, account.Keys.Identity.PublicKey, sources, cancel);
        var partition = partitions.GetValueOrDefault(record.Header.Context.Partition)
            ?? throw new AlarmException(AlarmKind.Integrity, "The cloud shows a record in a partition that this account has not.");
        var opened = await OpenAsync(record, await _keys.OwnAsync(SealedKey.Of(record), partition), account.Mail, sources, cancel);
        return opened.Metadata.Partition == partition.Name
            ? opened
            : throw new AlarmException(AlarmKind.Integrity, $"The record {opened.Id} is in another partition than its author put it in.");
    }

    private async Task<OpenedRecord> OpenAsync(SealedRecord record, Secret contentKey, string owner, PermittedSources sources, CancellationToken cancel)
    {
        var id = record.Header.Context.Record.ToString();
        if (account.State.Content.Records.TryGetValue(id, out var seen) && record.Header.Version < seen)
            throw new AlarmException(AlarmKind.Rollback, $"The cloud shows version {record.Header.Version} of the record {id}; this device has seen version {seen}.");
        account.State.Content.Records[id] = record.Header.Version;
        var metadata = await RecordMetadata.TryOpenAsync(record, contentKey)
            ?? throw new AlarmException(AlarmKind.Integrity, $"The metadata of the record {id} is damaged, another record's or does not fit it.");
        return new OpenedRecord(record, metadata, contentKey, owner, await sources.NameAsync(record.Header.Author, cancel));
    }

    private async Task<IReadOnlyList<SealedRecord>> PagesAsync(AccountId owner, PartitionId? partition, CancellationToken cancel)
    {
        var records = new List<SealedRecord>();
        var cursors = new HashSet<string>();
        for (string? after = null; ;)
        {
            var page = await account.Cloud.RecordsAsync(owner, partition, after, cancel);
            records.AddRange(page.Records.Select(Verify));
            if (page.Next is null)
                return records;
            if (!cursors.Add(page.Next))
                throw new AlarmException(AlarmKind.Integrity, "The cloud's catalogue runs in a circle.");
            after = page.Next;
        }
    }

    /// <summary>What somebody other than the owner wrote and what does not hold is left out, and only that.</summary>
    private async Task LeaveOutAsync(SealedRecord record, AlarmException alarm, VerifyingKey owner, PermittedSources sources, CancellationToken cancel)
    {
        if (record.Header.Author.Equals(owner))
            throw alarm;
        Complaints.Add($"{await sources.NameAsync(record.Header.Author, cancel)}: {alarm.Message}");
    }

    /// <summary>The owner, or somebody with a deposit grant that covers the record; and that one adds records, and replaces none.</summary>
    private static async Task CheckAuthorAsync(SealedRecord record, VerifyingKey owner, PermittedSources sources, CancellationToken cancel)
    {
        var header = record.Header;
        if (header.Context.Owner != owner.Account || (!header.Author.Equals(owner) && header.Version != 1)
            || !await sources.MayWriteAsync(header.Author, header.Context.Partition, header.SealedAt, cancel))
            throw new AlarmException(AlarmKind.Injected, $"The record {header.Context.Record} was written by someone who may not write there. It was not opened.");
    }
}
