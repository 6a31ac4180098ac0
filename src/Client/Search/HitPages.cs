using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Search.Segments;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search;

/// <summary>
/// From ranked documents to hits, a page at a time: their records are asked for together and verified, those of one grant and epoch opened together, and then each is looked into.
/// </summary>
internal sealed class HitPages(Account account, RunningSearch search, HitReader reader, List<string> complaints) : IAsyncDisposable
{
    private const int AtOnce = 4;

    private readonly Queue<RankedDocument> _waiting = [];
    private readonly Dictionary<RecordId, OpenedRecord?> _records = [];
    private readonly HashSet<IndexedDocument> _handedOut = [];
    private readonly SemaphoreSlim _reading = new(AtOnce);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _begun = [];

    /// <summary>Readings of the next documents, in their order, up to so many; empty at the end. A reading gives null for what is no hit after all.</summary>
    public async Task<IReadOnlyList<Task<SearchHit?>>> NextAsync(int count, CancellationToken cancel)
    {
        var page = new List<Task<SearchHit?>>();
        while (page.Count == 0)
        {
            if (_waiting.Count == 0)
                foreach (var ranked in search.Ranked.Next(count))
                    _waiting.Enqueue(ranked);
            if (_waiting.Count == 0 && search.Ranked.Count == 0)
                break;
            var documents = new List<RankedDocument>();
            while (documents.Count < count && _waiting.TryDequeue(out var ranked))
                documents.Add(ranked);
            foreach (var owner in documents.GroupBy(document => document.Segment.Partition.Owner))
                await OpenAsync(owner.Key, [.. owner.Where(document => !_records.ContainsKey(document.Document.Record))], cancel);
            page.AddRange(documents.Where(document => IsRight(document) && _handedOut.Add(document.Document)).Select(document => ReadAsync(document, cancel)));
        }
        _begun.RemoveAll(reading => reading.IsCompleted);
        _begun.AddRange(page);
        return page;
    }

    /// <summary>Stops what is still being read, and forgets the keys.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_begun).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Catalogue.Dispose(_records.Values.OfType<OpenedRecord>());
        _reading.Dispose();
        _ended.Dispose();
    }

    /// <summary>Fetches and opens records; one that is deleted, or that does not open, stands for null.</summary>
    private async Task OpenAsync(SearchedOwner owner, IReadOnlyList<RankedDocument> documents, CancellationToken cancel)
    {
        var segments = documents.GroupBy(document => document.Document.Record).ToDictionary(group => group.Key, group => group.First().Segment);
        foreach (var record in segments.Keys)
            _records[record] = null;
        var found = await new NamedRecords(account).FindAsync(owner.Identity.Account, segments.Keys,
            (record, alarm) => search.Suspicions.Add(owner.Identity, segments[record].Info.Source, alarm), cancel);
        var catalogue = new Catalogue(account);
        if (owner.Own is not null)
            Keep(await catalogue.OpenOwnAsync([.. found.Values], owner.Own, cancel));
        else
            foreach (var group in found.Values.GroupBy(record => (record.Header.Context.Partition, record.Header.Context.Epoch)))
                await OpenGrantedAsync(catalogue, segments[group.First().Header.Context.Record].Partition, group.Key.Partition, group.Key.Epoch, [.. group], cancel);
        complaints.AddRange(catalogue.Complaints);
        await account.State.SaveAsync();
    }

    private async Task OpenGrantedAsync(Catalogue catalogue, SearchedPartition searched, PartitionId partition, EpochNumber epoch, IReadOnlyList<SealedRecord> records,
        CancellationToken cancel)
    {
        try
        {
            if (searched.Owner.Grants.FirstOrDefault(grant => grant.Grant.Entry(partition, epoch) is not null) is { } grant)
                Keep(await catalogue.OpenGrantedAsync(grant, partition, records, cancel));
        }
        catch (RefusedException refused) when (refused.Code != Problems.TooMany)
        {
            complaints.Add($"{refused.Party} refuses {searched.Owner.Name}'s {searched.Name}: {refused.Message}");
        }
    }

    private void Keep(IEnumerable<OpenedRecord> records)
    {
        foreach (var record in records)
            _records[record.Id] = record;
    }

    /// <summary>
    /// Whether the hit's record is where its segment says: in the same partition, and, when somebody other than the owner wrote the segment, by that source. Nobody puts words to
    /// another's record.
    /// </summary>
    private bool IsRight(RankedDocument ranked)
    {
        if (_records[ranked.Document.Record] is not { } record)
            return false;
        var (partition, source) = (ranked.Segment.Partition, ranked.Segment.Info.Source);
        var header = record.Sealed.Header;
        if (header.Context.Partition == partition.Id && (source.Equals(partition.Owner.Identity) || source.Equals(header.Author)))
            return true;
        search.Suspicions.Add(partition.Owner.Identity, source, new AlarmException(AlarmKind.Integrity, $"The search index names the record {record.Id}, which belongs elsewhere."));
        return false;
    }

    private async Task<SearchHit?> ReadAsync(RankedDocument ranked, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        await _reading.WaitAsync(either.Token);
        try
        {
            return await reader.ReadAsync(ranked, _records[ranked.Document.Record]!, either.Token);
        }
        finally
        {
            _reading.Release();
        }
    }
}
