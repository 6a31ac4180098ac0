using Salus.Client.Search.Ranking;
using Salus.Client.Search.Segments;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>A document that a query found.</summary>
internal sealed record RankedDocument(LiveSegment Segment, IndexedDocument Document, double Score);

/// <summary>
/// A query over open segments: which documents match and how well, best first. Equal scores are ordered by record, then resource. What is behind a document's number is asked for
/// only when it is about to be shown.
/// </summary>
internal sealed class RankedSearch
{
    private readonly IReadOnlyList<LiveSegment> _segments;
    private readonly BlockReader _blocks;
    private readonly BestFirst _best;
    private readonly Suspicions _suspicions;
    private readonly HashSet<IndexedDocument> _handedOut = [];

    private RankedSearch(IReadOnlyList<LiveSegment> segments, BlockReader blocks, BestFirst best, Suspicions suspicions) =>
        (_segments, _blocks, _best, _suspicions) = (segments, blocks, best, suspicions);

    /// <summary>Matches that were not handed out yet.</summary>
    public int Count => _best.Count;

    /// <summary>1 what each segment knows of the terms, 2 statistics of all segments together, 3 the blocks of those that can match, in one request, 4 merged and scored.</summary>
    public static async Task<RankedSearch> RunAsync(IReadOnlyList<LiveSegment> segments, ExpandedQuery query, BlockReader blocks, Suspicions suspicions, CancellationToken cancel)
    {
        // 1
        var parts = segments.Select(segment => new SegmentQuery(segment.Open, query)).ToArray();
        // 2
        var model = new Bm25(segments.Sum(segment => (long)segment.Open.Documents), segments.Sum(segment => (double)segment.Open.TotalLength));
        var weights = query.Terms.Where(term => term.IsScored)
            .ToDictionary(term => term, term => model.InverseDocumentFrequency(parts.Sum(part => part.DocumentFrequency(term))));
        // 3
        var able = parts.Where(part => part.CanMatch).ToArray();
        var fetched = await blocks.ReadAsync([.. able.SelectMany(part => part.Wanted)], cancel);
        // 4
        var candidates = new List<Candidate>();
        var at = 0;
        for (var i = 0; i < parts.Length; i++)
            if (parts[i].CanMatch)
            {
                ReadOnlyMemory<byte>[] own = [.. fetched.Skip(at).Take(parts[i].Wanted.Count)];
                at += own.Length;
                try
                {
                    foreach (var match in await parts[i].MatchAsync(own, weights, model))
                        candidates.Add(new Candidate(i, match.Document, match.Score));
                }
                catch (AlarmException alarm)
                {
                    suspicions.Add(segments[i].Partition.Owner.Identity, segments[i].Info.Source, alarm);
                }
            }
        return new RankedSearch(segments, blocks, new BestFirst(candidates), suspicions);
    }

    /// <summary>The next documents, at least so many or all that are left.</summary>
    public async Task<IReadOnlyList<RankedDocument>> NextAsync(int atLeast, CancellationToken cancel)
    {
        var taken = _best.Take(atLeast);
        return [.. (await DocumentsAsync(taken, cancel))
            .OrderByDescending(ranked => ranked.Score).ThenBy(ranked => ranked.Document.Record.Value).ThenBy(ranked => ranked.Document.Resource)
            .Where(ranked => _handedOut.Add(ranked.Document))];
    }

    private async Task<IReadOnlyList<RankedDocument>> DocumentsAsync(IReadOnlyList<Candidate> candidates, CancellationToken cancel)
    {
        var places = candidates.Where(candidate => !_segments[candidate.Segment].Open.IsInline)
            .Select(candidate => (candidate.Segment, Block: OpenSegment.BlockOf(candidate.Document))).Distinct().ToArray();
        var fetched = await _blocks.ReadAsync(
            [.. places.Select(place => new WantedBlock(_segments[place.Segment].Info.Id, _segments[place.Segment].Open.DocumentsAddress(place.Block)))], cancel);
        var tables = new Dictionary<(int Segment, uint Block), IndexedDocument[]>();
        for (var i = 0; i < places.Length; i++)
        {
            var segment = _segments[places[i].Segment];
            try
            {
                tables[places[i]] = await segment.Open.DocumentsAsync(places[i].Block, fetched[i]);
            }
            catch (AlarmException alarm)
            {
                _suspicions.Add(segment.Partition.Owner.Identity, segment.Info.Source, alarm);
            }
        }
        var documents = new List<RankedDocument>();
        foreach (var (number, document, score) in candidates)
            if (_segments[number] is { Open.IsInline: true } inline)
                documents.Add(new RankedDocument(inline, inline.Open.Document(document), score));
            else if (tables.TryGetValue((number, OpenSegment.BlockOf(document)), out var table))
                documents.Add(new RankedDocument(_segments[number], table[document % DictionaryFormat.DocumentsInBlock], score));
        return documents;
    }
}
