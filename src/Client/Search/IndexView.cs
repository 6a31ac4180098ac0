using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search;

/// <summary>
/// The search indexes that this account may read, as the cloud shows them and as they hold: every update's signature, its source's right to write, the chains since the owner's newest
/// base, and the newest of each that this device has seen (<see cref="PartitionIndex"/>).
/// </summary>
internal sealed class IndexView(Account account)
{
    private readonly PartitionKeys _partitions = new(account);

    /// <summary>What does not hold in the indexes of sources other than their owners.</summary>
    public Suspicions Suspicions { get; } = new();

    /// <summary>What a server refused, and so is not in the view.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>The account itself.</summary>
    public async Task<SearchedOwner> SelfAsync(CancellationToken cancel)
    {
        var own = (await _partitions.AllAsync(cancel)).ToDictionary(partition => partition.Id);
        return new SearchedOwner(account.Keys.Identity.PublicKey, account.Mail, own, [], own.ToDictionary(partition => partition.Key, partition => partition.Value.Chain));
    }

    /// <summary>The owners of live grants to this account.</summary>
    public async Task<IReadOnlyList<SearchedOwner>> OthersAsync(CancellationToken cancel)
    {
        var owners = new List<SearchedOwner>();
        foreach (var grants in (await new ReceivedGrants(account).ListAsync(cancel)).Where(grant => grant.IsLive(account.Now)).GroupBy(grant => grant.Owner.Account))
        {
            var owner = grants.First();
            try
            {
                owners.Add(new SearchedOwner(owner.Owner.Identity, owner.OwnerName, null, [.. grants], await _partitions.OfAsync(owner.Owner.Identity, cancel)));
            }
            catch (RefusedException refused) when (refused.Code != Problems.TooMany)
            {
                Complaints.Add($"{refused.Party} refuses {owner.OwnerName}'s partitions: {refused.Message}");
            }
        }
        return owners;
    }

    /// <summary>The partitions of an owner with their indexes. A granted partition that a server refuses is reported among the complaints and does not hide the others.</summary>
    public async Task<IReadOnlyList<SearchedPartition>> OfAsync(SearchedOwner owner, CancellationToken cancel)
    {
        var sources = owner.Own is null ? PermittedSources.Of(account, owner.Identity, owner.Name) : PermittedSources.Own(account);
        if (owner.Own is not null)
        {
            var names = owner.Own.ToDictionary(partition => partition.Key, partition => partition.Value.Name);
            return await VerifiedAsync(owner, names, null, sources, cancel);
        }
        var found = new List<SearchedPartition>();
        foreach (var (partition, name) in owner.Grants.SelectMany(grant => grant.Partitions).DistinctBy(partition => partition.Key))
            try
            {
                found.AddRange(await VerifiedAsync(owner, new Dictionary<PartitionId, string> { [partition] = name }, partition, sources, cancel));
            }
            catch (RefusedException refused) when (refused.Code != Problems.TooMany)
            {
                Complaints.Add($"{refused.Party} refuses {owner.Name}'s {name}: {refused.Message}");
            }
        return found;
    }

    private async Task<IReadOnlyList<SearchedPartition>> VerifiedAsync(SearchedOwner owner, Dictionary<PartitionId, string> names, PartitionId? only, PermittedSources sources,
        CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                var found = new List<SearchedPartition>();
                var remembered = new Dictionary<string, SeenIndexHead>(account.State.Content.IndexHeads);
                var updates = (await IndexUpdates.FetchAsync(account, owner.Identity.Account, only, cancel)).ToLookup(update => update.Partition);
                if (updates.FirstOrDefault(group => !names.ContainsKey(group.Key)) is not null)
                    throw new AlarmException(AlarmKind.Integrity, "The cloud shows the search index of a partition that its owner has not.");
                foreach (var (partition, name) in names)
                {
                    var refused = await RefusedAsync(owner, updates[partition], sources, cancel);
                    found.Add(new SearchedPartition(owner, partition, name,
                        PartitionIndex.Of(owner.Identity, partition, [.. updates[partition]], Seen(remembered, owner.Identity.Account, partition), update => !refused.Contains(update))));
                }
                foreach (var partition in found)
                    await AcceptAsync(partition);
                return found;
            }
            catch (AlarmException alarm) when (alarm.Kind == AlarmKind.Withheld && attempt == 1)
            {
                // Another device of the owner may have put a base in the place of what was just being read, page by page.
            }
    }

    private static async Task<HashSet<IndexUpdate>> RefusedAsync(SearchedOwner owner, IEnumerable<IndexUpdate> updates, PermittedSources sources, CancellationToken cancel)
    {
        var refused = new HashSet<IndexUpdate>();
        foreach (var update in updates)
            if (!update.Source.Equals(owner.Identity) && !await sources.MayWriteAsync(update.Source, update.Partition, update.At, cancel))
                refused.Add(update);
        return refused;
    }

    private static Dictionary<VerifyingKey, IndexHead> Seen(Dictionary<string, SeenIndexHead> remembered, AccountId owner, PartitionId partition)
    {
        var prefix = $"{owner}/{partition}/";
        return remembered.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
            entry => VerifyingKey.TryParse(Convert.FromHexString(entry.Key.AsSpan(prefix.Length)), out var source)
                ? source
                : throw new InvalidOperationException("A source is remembered by its key."),
            entry => new IndexHead(entry.Value.Sequence, entry.Value.Hash));
    }

    /// <summary>Remembers how far each chain has come, and says what nobody let its source write.</summary>
    private async Task AcceptAsync(SearchedPartition partition)
    {
        foreach (var (source, head) in partition.Index.Heads)
            account.State.Content.Saw($"{partition.Owner.Identity.Account}/{partition.Id}/{source}", new SeenIndexHead(head.Sequence, head.Hash));
        await account.State.SaveAsync();
        foreach (var update in partition.Index.Refused)
            Suspicions.Add(partition.Owner.Identity, update.Source,
                new AlarmException(AlarmKind.Integrity, $"A part of the search index of {partition.Name} was written by someone who may not write there."));
    }
}
