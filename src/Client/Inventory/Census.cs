using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>
/// All that the cloud shows of the account, each thing verified by itself. Records come last: whoever ended a permission to add before that is not in the middle of adding any more.
/// </summary>
internal sealed class Census(Account account)
{
    public async Task<IReadOnlyList<InventoryItem>> TakeAsync(CancellationToken cancel)
    {
        var items = new List<InventoryItem>((await account.Cloud.AccountAsync(cancel)).Secrets.Select(Items.InForce));
        items.AddRange((await new PartitionKeys(account).AllAsync(cancel)).Select(partition => Items.Of(partition.Head)));
        items.AddRange((await new OwnGrants(account).AllAsync(cancel)).Select(Items.Of));
        items.AddRange((await new KnownDeposits(account).OfAsync(account.Keys.Identity.PublicKey, cancel)).Select(Items.Of));
        if (Items.Device(account.Cloud.Token, account.Now) is { } device)
            items.Add(device);
        var sources = PermittedSources.Own(account);
        foreach (var record in await new Catalogue(account).SealedAsync(cancel))
            if (record.Header.Context.Owner == account.Id && await sources.MayWriteAsync(record.Header.Author, record.Header.Context.Partition, record.Header.SealedAt, cancel))
                items.Add(Items.Of(record));
        return items;
    }
}
