using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>An account in which nothing is missing, old, slipped in or back.</summary>
/// <param name="Version">How many versions of it there were.</param>
/// <param name="Permissions">Deposit grants that hold.</param>
/// <param name="WaysIn">Passphrase, recovery kit and passkeys.</param>
/// <param name="IsProvenNewest">Whether two trustees know of no later version: else the cloud may show the account as it was.</param>
public sealed record CheckedAccount(ulong Version, DateTimeOffset At, int Records, int Grants, int Permissions, int Partitions, int WaysIn, bool IsProvenNewest);

/// <summary>Holds all that the cloud shows of the account against its signed inventory, and lists what is new. Whatever does not hold is an alarm.</summary>
public sealed class AccountCheck(Account account)
{
    public async Task<CheckedAccount> RunAsync(CancellationToken cancel)
    {
        var arrival = new Arrival(account, "check");
        await arrival.CheckAsync([], 0, cancel);
        var listed = await account.Inventory.ReadAsync(cancel) ?? throw new AlarmException(AlarmKind.Withheld, "The cloud does not show the signed list of what is in your account.");
        var changes = new List<InventoryItem>((await new PartitionKeys(account).AllAsync(cancel)).Select(partition => Items.Of(partition.Head)));
        foreach (var grant in await new OwnGrants(account).AllAsync(cancel))
            changes.Add(Same(listed, Items.Of(grant), $"the grant {grant.Grant.Terms.Id}"));
        foreach (var deposit in await new KnownDeposits(account).OfAsync(account.Keys.Identity.PublicKey, cancel))
            changes.Add(Same(listed, Items.Of(deposit), $"the permission {deposit.Terms.Id} to add records"));
        var sources = PermittedSources.Own(account);
        var check = new RecordCheck(account, listed);
        var judged = await check.JudgeAsync(await new Catalogue(account).SealedAsync(cancel), cancel);
        if (judged.LeftOut.Select(left => left.Alarm).Prepend(judged.Withheld).OfType<AlarmException>().ToArray() is [var first, .. var others])
        {
            foreach (var alarm in others)
                account.Raise(alarm);
            throw first;
        }
        changes.AddRange(judged.Changes);
        foreach (var record in judged.Records)
            if (record.Header.Context.Owner != account.Id
                || !await sources.MayWriteAsync(record.Header.Author, record.Header.Context.Partition, record.Header.SealedAt, cancel))
                throw new AlarmException(AlarmKind.Injected, $"The record {record.Header.Context.Record} was written by someone who may not add to your records.");
        var after = await account.Inventory.UpdateAsync(changes, cancel);
        return new CheckedAccount(after.Head.Counter, after.Head.At, Count(after, ItemKind.Record), Count(after, ItemKind.Grant), Count(after, ItemKind.Deposit),
            Count(after, ItemKind.Partition), Count(after, ItemKind.Wrapping), arrival.IsProvenNewest);
    }

    /// <summary>What is shown, unless something else is listed as the same version of it.</summary>
    private static InventoryItem Same(Listed listed, InventoryItem shown, string name) =>
        shown.IsLive && listed.Find(shown.Kind, shown.Id) is [{ IsLive: true } item] && item.Version == shown.Version && !item.Digest.AsSpan().SequenceEqual(shown.Digest)
            ? throw new AlarmException(AlarmKind.Fork, $"The cloud shows something else as version {shown.Version} of {name} than before.")
            : shown;

    private static int Count(Listed listed, ItemKind kind) => listed.Of(kind).Count(item => item.IsLive);
}
