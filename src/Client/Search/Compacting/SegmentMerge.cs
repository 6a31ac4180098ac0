using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Search.Segments;
using Salus.Protocol;

namespace Salus.Client.Search.Compacting;

/// <summary>A segment of another source that does not hold: it is merged with nothing.</summary>
internal sealed class BadSegmentException(LiveSegment segment, AlarmException alarm) : Exception(alarm.Message)
{
    public LiveSegment Segment => segment;

    public AlarmException Alarm => alarm;
}

/// <summary>
/// Writes several segments of a partition as one, term by term: no more of them is in memory than their dictionaries and the blocks of one request. Documents of deleted records are
/// dropped, and those that a source has put words to although the record is not its own.
/// </summary>
internal sealed class SegmentMerge(Account account, IReadOnlyList<LiveSegment> segments, Action<long> progress)
{
    private const int BlocksAtOnce = 4096;

    private readonly BlockReader _blocks = new(account.Cloud);
    private readonly long[][] _numbers = new long[segments.Count][];

    /// <summary>Documents that were written.</summary>
    public int Documents { get; private set; }

    /// <summary>Documents that were not.</summary>
    public int Dropped { get; private set; }

    /// <summary>1 the documents, 2 what has become of their records, 3 new numbers for those that stay, 4 every term with all its postings.</summary>
    public async Task<BuiltSegment?> WriteAsync(SegmentWriter writer, CancellationToken cancel)
    {
        // 1
        var documents = segments.Select(segment => segment.Open.AllDocuments().ToArray()).ToList();
        // 2
        var records = await RecordsAsync(documents, cancel);
        // 3
        var seen = new HashSet<IndexedDocument>();
        for (var i = 0; i < segments.Count; i++)
        {
            _numbers[i] = new long[documents[i].Length];
            for (var number = 0; number < documents[i].Length; number++)
            {
                var document = documents[i][number];
                var stays = records.TryGetValue(document.Record, out var record) && IsRight(segments[i], record) && seen.Add(document);
                _numbers[i][number] = stays ? writer.AddDocument(document) : -1;
                (Documents, Dropped) = stays ? (Documents + 1, Dropped) : (Documents, Dropped + 1);
            }
        }
        if (Documents == 0)
            return null;
        // 4
        foreach (var batch in Batches())
            await WriteAsync(batch, writer, cancel);
        return await writer.FinishAsync(cancel);
    }

    private async Task<IReadOnlyDictionary<RecordId, SealedRecord>> RecordsAsync(List<IndexedDocument[]> documents, CancellationToken cancel)
    {
        var named = new Dictionary<RecordId, LiveSegment>();
        for (var i = 0; i < segments.Count; i++)
            foreach (var document in documents[i])
                named.TryAdd(document.Record, segments[i]);
        return await new NamedRecords(account).FindAsync(account.Id, named.Keys, (record, alarm) => throw Bad(named[record], alarm), cancel);
    }

    private static bool IsRight(LiveSegment segment, SealedRecord record) => record.Header.Context.Partition == segment.Partition.Id
        && (segment.Info.Source.Equals(segment.Partition.Owner.Identity) || segment.Info.Source.Equals(record.Header.Author));

    /// <summary>The terms of all segments in the order of their bytes, in batches whose blocks one request asks for.</summary>
    private IEnumerable<List<(byte[] Term, List<(int Segment, SegmentTerm Term)> In)>> Batches()
    {
        var heads = new PriorityQueue<(int Segment, IEnumerator<SegmentTerm> Terms), (byte[] Term, int Segment)>(Comparer<(byte[] Term, int Segment)>.Create((left, right) =>
            left.Term.AsSpan().SequenceCompareTo(right.Term) is var order and not 0 ? order : left.Segment.CompareTo(right.Segment)));
        for (var i = 0; i < segments.Count; i++)
            Push(i, segments[i].Open.AllTerms().GetEnumerator());
        var batch = new List<(byte[] Term, List<(int Segment, SegmentTerm Term)> In)>();
        var blocks = 0;
        while (heads.TryDequeue(out var head, out var key))
        {
            var term = head.Terms.Current;
            if (batch.Count == 0 || !batch[^1].Term.AsSpan().SequenceEqual(key.Term))
            {
                if (blocks >= BlocksAtOnce)
                {
                    yield return batch;
                    (batch, blocks) = ([], 0);
                }
                batch.Add((key.Term, []));
            }
            batch[^1].In.Add((head.Segment, term));
            blocks += Math.Max(1, term.PaddedBlocks);
            Push(head.Segment, head.Terms);
        }
        if (batch.Count > 0)
            yield return batch;

        void Push(int segment, IEnumerator<SegmentTerm> rest)
        {
            if (rest.MoveNext())
                heads.Enqueue((segment, rest), (rest.Current.Utf8, segment));
            else
                rest.Dispose();
        }
    }

    private async Task WriteAsync(List<(byte[] Term, List<(int Segment, SegmentTerm Term)> In)> batch, SegmentWriter writer, CancellationToken cancel)
    {
        var wanted = batch.SelectMany(entry => entry.In).SelectMany(part => segments[part.Segment].Open.Addresses(part.Term)
            .Select(address => new WantedBlock(segments[part.Segment].Info.Id, address))).ToArray();
        var fetched = await _blocks.ReadAsync(wanted, cancel);
        var at = 0;
        foreach (var (term, parts) in batch)
        {
            var postings = new List<Posting>();
            foreach (var (segment, part) in parts)
            {
                ReadOnlyMemory<byte>[] blocks = [.. fetched.Skip(at).Take(part.PaddedBlocks)];
                at += blocks.Length;
                // Segments come in their order and so do their documents' new numbers.
                foreach (var posting in await CheckedAsync(segments[segment], () => segments[segment].Open.PostingsAsync(part, blocks)))
                    if (_numbers[segment][posting.Document] is >= 0 and var number)
                        postings.Add(posting with { Document = (uint)number });
            }
            if (postings.Count > 0)
                await writer.AddTermAsync(term, postings, cancel);
        }
        progress(wanted.Length);
    }

    private static async ValueTask<T> CheckedAsync<T>(LiveSegment segment, Func<ValueTask<T>> work)
    {
        try
        {
            return await work();
        }
        catch (AlarmException alarm)
        {
            throw Bad(segment, alarm);
        }
    }

    private static Exception Bad(LiveSegment segment, AlarmException alarm) =>
        segment.Info.Source.Equals(segment.Partition.Owner.Identity) ? alarm : new BadSegmentException(segment, alarm);
}
