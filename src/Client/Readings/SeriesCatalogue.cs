using Salus.Client.Accounts;
using Salus.Client.Log;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Log;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>
/// Which series there are, as two trustees at least say, opened with the keys of their partitions. The trustees know series by their numbers; what they measure is sealed.
/// </summary>
internal sealed class SeriesCatalogue(Account account)
{
    private const int Needed = 2;

    private readonly ContentKeys _keys = new(account);

    public List<string> Complaints { get; } = [];

    /// <summary>The account's own, and in which epoch each was described last.</summary>
    public async Task<IReadOnlyList<(SeriesInfo Series, EpochNumber Epoch)>> OwnAsync(CancellationToken cancel)
    {
        var partitions = (await new PartitionKeys(account).AllAsync(cancel)).ToDictionary(partition => partition.Id);
        var found = new List<(SeriesInfo, EpochNumber)>();
        foreach (var series in await AskAsync(ReadingAccess.Own(account.Id), [], cancel))
        {
            if (!partitions.TryGetValue(series.Partition, out var partition))
                throw new AlarmException(AlarmKind.Integrity, "A trustee shows a series in a partition that this account has not.");
            using var key = await _keys.OwnAsync(SealedKey.Of(series), partition);
            found.Add((await InfoAsync(series, key, partition.Name, account.Mail) with { PartitionId = partition.Id }, series.Epoch));
        }
        return [.. found.OrderBy(one => one.Item1.Name, StringComparer.Ordinal)];
    }

    /// <summary>Those that live grants of others open; of one owner, when an address is given.</summary>
    public async Task<IReadOnlyList<SeriesInfo>> SharedAsync(string? owner, CancellationToken cancel)
    {
        var grants = (await new ReceivedGrants(account).ListAsync(cancel)).Where(grant => grant.IsLive(account.Now)).ToArray();
        if (owner is not null)
        {
            var contact = await new Contacts(account).ResolveAsync(owner, cancel);
            grants = [.. grants.Where(grant => grant.Owner.Account == contact.Card.Account)];
            if (grants.Length == 0)
                throw new CannotException($"{owner} does not share anything with you at the moment.", Reasons.NotPermitted);
        }
        var found = new Dictionary<(AccountId, SeriesId), SeriesInfo>();
        foreach (var grant in grants)
            foreach (var partition in grant.Partitions)
                foreach (var info in await OfAsync(grant, partition.Key, partition.Value, cancel))
                    found.TryAdd((info.Owner, info.Id), info);
        return [.. found.Values.OrderBy(series => series.OwnerName, StringComparer.Ordinal).ThenBy(series => series.Name, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<SeriesInfo>> OfAsync(ReceivedGrant grant, PartitionId partition, string name, CancellationToken cancel)
    {
        var found = new List<SeriesInfo>();
        var access = new ReadingAccess(grant.Owner.Account, grant.Grant.Terms.Id, partition);
        var trace = await new Tracing(account).LeaveAsync(grant.Owner, new AccessSubject(AccessKind.Readings, access.Owner, access.Grant, partition, null, []), cancel);
        foreach (var epoch in (await AskAsync(access, trace, cancel)).GroupBy(series => series.Epoch))
        {
            var all = epoch.Where(series => series.Partition == partition && grant.Grant.Entry(partition, series.Epoch) is not null).ToArray();
            var keys = await _keys.GrantedAsync(AccessKind.Open, [.. all.Select(SealedKey.Of)], grant, Complaints, cancel);
            for (var i = 0; i < all.Length; i++)
                if (keys[i].Key is { } key)
                    using (key)
                        found.Add(await InfoAsync(all[i], key, name, grant.OwnerName) with { Grant = grant, PartitionId = partition });
                else
                    Complaints.Add(keys[i].Fault!.Message);
        }
        return found;
    }

    /// <summary>What the trustees list, together: the newest description of each series. One that does not list what others do is told of.</summary>
    private async Task<IReadOnlyList<Series>> AskAsync(ReadingAccess access, byte[] trace, CancellationToken cancel)
    {
        var lists = new List<(string Name, IReadOnlyList<Series> List)>();
        AlarmException? alarm = null;
        Exception? failure = null;
        await Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            try
            {
                var content = await SpanReader.AskAsync(account, trustee, access, null, trace, cancel);
                var list = SeriesList.TryDecode(content, access.Owner, out var read)
                    ? read : throw new AlarmException(AlarmKind.Integrity, $"{trustee.Name} sent an answer that is not what the protocol says.");
                lock (lists)
                    lists.Add((trustee.Name, list));
            }
            catch (Exception fault) when (fault is AlarmException or RefusedException or UnreachableException)
            {
                lock (lists)
                {
                    alarm ??= fault as AlarmException;
                    failure ??= fault;
                    Complaints.Add(fault is AlarmException ? fault.Message : $"{trustee.Name}: {fault.Message}");
                }
            }
        }));
        if (lists.Count < Needed)
            throw alarm ?? failure!;
        var newest = lists.SelectMany(one => one.List).GroupBy(series => series.Id).Select(group => group.MaxBy(series => series.Epoch.Value)!).ToArray();
        foreach (var (name, list) in lists.Where(one => one.List.Count < newest.Length))
            Complaints.Add($"{name} does not have all series yet");
        return newest;
    }

    private static async Task<SeriesInfo> InfoAsync(Series series, Secret key, string partition, string owner)
    {
        var description = await SeriesDescription.TryOpenAsync(series.SealedDescription, key, series.Context)
            ?? throw new AlarmException(AlarmKind.Integrity, $"The description of the series {series.Id} is not what its owner sealed.");
        return new SeriesInfo(series.Id, description.Name, description.Code, description.Unit, description.Decimals, partition, series.Owner.Account, owner);
    }
}
