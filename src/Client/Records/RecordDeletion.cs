using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Client.Transport;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Records;

/// <summary>Whether a deletion reached every store.</summary>
/// <param name="Addresses">Where its fragments were or may have been, 64 hexadecimal digits: what lists for auditors named. None while other records need them.</param>
/// <param name="IsLeftToAuthor">Whether the body was shared within another account's domain: its key is gone here, and its author deletes the bytes when no other record needs them.</param>
public sealed record DeletedRecord(RecordId Record, IReadOnlyList<string> Unreached, IReadOnlyList<string> Addresses, bool IsLeftToAuthor = false);

/// <summary>What `salus delete` does.</summary>
internal sealed class RecordDeletion(Account account)
{
    /// <summary>
    /// Deletes a record: its tombstone at the cloud first, so that nobody finds it, then its fragments with the owner's capability. An owner-held sequence key is needed, for without it
    /// nobody can name the fragments. Those of a shared body go with the last record that names it.
    /// </summary>
    public async Task<DeletedRecord> RunAsync(RecordId id, Func<SequenceKey> sequenceKey, CancellationToken cancel)
    {
        using var record = await new Catalogue(account).OneAsync(id, cancel);
        if (record.Sealed.Header.Context.Owner != account.Id)
            throw new CannotException("Only its owner can delete a record.", Reasons.NotYours);
        using var keys = RecordReader.FragmentKeysOf(record, sequenceKey);
        if (record.Metadata.IsFindable)
            await new Requests.Directory(account).ExpectRefreshAsync();
        var deletion = Deletion.Create(account.Keys.Identity, id, record.Sealed.Header.Version, account.Now);
        await account.Cloud.DeleteRecordAsync(deletion, cancel);
        account.Inventory.Note(Items.Of(deletion));
        var isShared = record.Sealed.Header.Body is not null;
        var isOwn = record.Sealed.Header.Author.Equals(account.Keys.Identity.PublicKey);
        account.State.Content.Records.Remove(id.ToString());
        await account.State.SaveAsync();
        var freed = isShared && isOwn ? await new SharedBodies(account).FreeAsync(SharedBodies.Many, cancel) : new FreedFragments();
        if (!isShared)
            await DeleteFragmentsAsync(record, keys, freed.Unreached, cancel);
        if (!isShared || !isOwn)
            freed.Addresses.AddRange(PlacesOf(record, keys));
        await account.Inventory.FlushAsync(cancel);
        return new DeletedRecord(id, [.. freed.Unreached], freed.Addresses, isShared && !isOwn);
    }

    /// <summary>
    /// Takes a record off the list of what there is that the cloud does not show any more, that was deleted and is shown again, or that somebody who may add sealed so that it does not open: from
    /// here on it is deleted for every device. Nobody can name the fragments without it, so they stay; and a cloud that had kept it could go on serving it, which a revocation ends.
    /// </summary>
    public async Task<DeletedRecord> WriteOffAsync(RecordId id, CancellationToken cancel)
    {
        var listed = await account.Inventory.ReadAsync(cancel);
        if (listed?.Find(ItemKind.Record, ItemId.Of(id)) is not [var item] || (item.IsLive && await new Catalogue(account).IsUsableAsync(id, cancel)))
            throw new CannotException(
                $"The record {id} is not lost: the cloud shows it and it opens, or it never was on your list. `salus delete {id}` deletes it with its fragments.", Reasons.NotLost);
        var deletion = Deletion.Create(account.Keys.Identity, id, item.Version, account.Now);
        await new Requests.Directory(account).ExpectRefreshAsync();
        await account.Cloud.DeleteRecordAsync(deletion, cancel);
        account.Inventory.Note(Items.Of(deletion));
        account.State.Content.Records.Remove(id.ToString());
        await account.State.SaveAsync();
        await account.Inventory.FlushAsync(cancel);
        return new DeletedRecord(id, [], []);
    }

    /// <summary>Where the fragments are or may be: what becomes of them is no longer this account's to audit.</summary>
    private List<string> PlacesOf(OpenedRecord record, FragmentKeys keys)
    {
        var (places, addresses) = (new FragmentPlaces(account.Stores), new List<string>());
        for (var i = 0; i < keys.Count; i++)
        {
            var address = new byte[FragmentKeys.ValueSize];
            keys.Address(i, address);
            addresses.AddRange(places.Others(address).Select(place => place.Address).Append(address).Select(Convert.ToHexStringLower));
        }
        return addresses;
    }

    /// <summary>The record is deleted already: a store that does not answer or refuses is told of, and ends nothing. One that has not answered is not waited for again.</summary>
    private async Task DeleteFragmentsAsync(OpenedRecord record, FragmentKeys keys, HashSet<string> unreached, CancellationToken cancel)
    {
        var (places, gone) = (new FragmentPlaces(account.Stores), new HashSet<StoreApi>());
        for (var i = 0; i < keys.Count; i++)
        {
            var (address, owner) = (new byte[FragmentKeys.ValueSize], new byte[FragmentKeys.ValueSize]);
            keys.Address(i, address);
            keys.Owner(i, owner);
            var store = places.Placed(record, keys, i);
            var moved = await places.FindMovedAsync(address, record.Layout.FileLength, cancel);
            foreach (var place in store is null ? moved : [.. moved, new FragmentPlace(store, address)])
                if (!gone.Contains(place.Store))
                    await DeleteAsync(place, owner, cancel);
            if (store is null && moved.Count == 0)
                unreached.Add(record.Metadata.Stores[keys.Store(i, record.Metadata.Stores.Length)][..8]);
        }
        unreached.UnionWith(places.Unanswered.Select(store => store.Name));

        async Task DeleteAsync(FragmentPlace place, byte[] owner, CancellationToken cancel)
        {
            try
            {
                await place.Store.DeleteAsync(place.Address, owner, cancel);
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException)
            {
                unreached.Add(place.Store.Name);
                if (failure is UnreachableException)
                    gone.Add(place.Store);
            }
        }
    }
}
