using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Search.Segments;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Search;

/// <summary>
/// Opens the segments of partitions: dictionaries from the cache or the cloud, keys by the account's own delegating keys or through the trustees, those of one partition and epoch
/// together.
/// </summary>
internal sealed class SegmentOpener(Account account, Suspicions suspicions, ICollection<string> complaints)
{
    /// <summary>Bytes of dictionaries of one source that is not the owner, at most.</summary>
    public const long MaxForeign = 512L * 1024 * 1024;

    private const int AtOnce = 8;

    private readonly Dictionary<(VerifyingKey Owner, VerifyingKey Source), long> _foreign = [];
    private readonly ContentKeys _keys = new(account);
    private readonly DictionaryCache _dictionaries = new(account);

    public async Task<IReadOnlyList<LiveSegment>> OpenAsync(IReadOnlyList<SearchedPartition> partitions, CancellationToken cancel)
    {
        var open = new List<LiveSegment>();
        try
        {
            foreach (var partition in partitions)
                foreach (var epoch in partition.Readable.GroupBy(segment => segment.Epoch))
                    await OpenAsync(partition, epoch.Key, [.. epoch.Where(segment => IsAffordable(partition, segment))], open, cancel);
            return open;
        }
        catch
        {
            open.ForEach(segment => segment.Dispose());
            throw;
        }
    }

    private async Task OpenAsync(SearchedPartition partition, EpochNumber epoch, SegmentInfo[] segments, List<LiveSegment> open, CancellationToken cancel)
    {
        if (segments.Length == 0)
            return;
        var keys = await KeysAsync(partition, epoch, segments, cancel);
        try
        {
            foreach (var chunk in segments.Where(keys.ContainsKey).Chunk(AtOnce))
            {
                var dictionaries = await Task.WhenAll(chunk.Select(segment => TryAsync(partition, segment, () => _dictionaries.GetAsync(segment, cancel))));
                for (var i = 0; i < chunk.Length; i++)
                    if (dictionaries[i] is { } dictionary && await TryAsync(partition, chunk[i],
                        () => OpenSegment.OpenAsync(partition.Owner.Identity.Account, chunk[i], keys[chunk[i]], dictionary)) is { } opened)
                        open.Add(new LiveSegment(partition, chunk[i], opened));
            }
        }
        finally
        {
            foreach (var key in keys.Values)
                key.Dispose();
        }
    }

    /// <summary>The keys of segments of one epoch: a source's capsule that does not hold leaves out that segment alone.</summary>
    private async Task<Dictionary<SegmentInfo, Secret>> KeysAsync(SearchedPartition partition, EpochNumber epoch, SegmentInfo[] segments, CancellationToken cancel)
    {
        var keys = new Dictionary<SegmentInfo, Secret>(ReferenceEqualityComparer.Instance);
        if (partition.Owner.Own is { } own)
        {
            foreach (var segment in segments)
                if (await TryAsync(partition, segment, () => _keys.OwnAsync(Item(partition, segment), own[partition.Id])) is { } key)
                    keys[segment] = key;
            return keys;
        }
        var grant = partition.GrantOf(epoch)!;
        var entry = grant.Grant.Entry(partition.Id, epoch)!;
        var header = partition.Owner.Chains.GetValueOrDefault(partition.Id)?.FirstOrDefault(header => header.Epoch == epoch)
            ?? throw new AlarmException(AlarmKind.Withheld, "The cloud withholds the epochs of a granted partition.");
        if (!header.Key.Equals(entry.DelegatingKey))
            throw new AlarmException(AlarmKind.Integrity, "A grant carries another key than its owner's partition.");
        IReadOnlyList<OpenedKey> opened;
        try
        {
            opened = await _keys.GrantedAsync(AccessKind.Search, [.. segments.Select(segment => Item(partition, segment))], grant, complaints, cancel);
        }
        catch (RefusedException refused) when (refused.Code != Problems.TooMany)
        {
            complaints.Add($"{refused.Party} refuses {partition.Owner.Name}'s {partition.Name}: {refused.Message}");
            return keys;
        }
        for (var i = 0; i < segments.Length; i++)
            if (opened[i].Key is { } key)
                keys[segments[i]] = key;
        try
        {
            for (var i = 0; i < segments.Length; i++)
                if (opened[i].Fault is { } fault)
                    suspicions.Add(partition.Owner.Identity, segments[i].Source, fault);
        }
        catch
        {
            foreach (var key in keys.Values)
                key.Dispose();
            throw;
        }
        return keys;
    }

    /// <summary>Whether a segment is the owner's, or its dictionary within what its source may make a reader fetch and hold.</summary>
    private bool IsAffordable(SearchedPartition partition, SegmentInfo segment)
    {
        var owner = partition.Owner.Identity;
        if (segment.Source.Equals(owner))
            return true;
        var taken = _foreign.GetValueOrDefault((owner, segment.Source)) + segment.DictionaryLength;
        if (taken <= MaxForeign)
        {
            _foreign[(owner, segment.Source)] = taken;
            return true;
        }
        suspicions.Add(owner, segment.Source, new AlarmException(AlarmKind.Integrity,
            $"One source has put more than {MaxForeign >> 20} MiB of dictionaries into the search index of {partition.Owner.Name}, which is more than is opened until the owner merges them."));
        return false;
    }

    private async Task<T?> TryAsync<T>(SearchedPartition partition, SegmentInfo segment, Func<Task<T>> work) where T : class
    {
        try
        {
            return await work();
        }
        catch (AlarmException alarm)
        {
            suspicions.Add(partition.Owner.Identity, segment.Source, alarm);
            return null;
        }
    }

    private static SealedKey Item(SearchedPartition partition, SegmentInfo segment) => SealedKey.Of(segment, partition.Owner.Identity.Account, partition.Id);
}
