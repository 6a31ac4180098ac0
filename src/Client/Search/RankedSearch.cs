using Salus.Client.Search.Ranking;
using Salus.Client.Search.Segments;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search;

/// <summary>A document that a query found.</summary>
internal sealed record RankedDocument(LiveSegment Segment, IndexedDocument Document, double Score);

/// <summary>
/// A query over open segments: which documents match and how well, best first. Equal scores are ordered by record, then resource.
/// </summary>
internal sealed class RankedSearch
{
    private readonly IReadOnlyList<LiveSegment> _segments;
    private readonly BestFirst _best;

    private RankedSearch(IReadOnlyList<LiveSegment> segments, BestFirst best) => (_segments, _best) = (segments, best);

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
        var fetched = await FetchAsync(segments.Where((_, i) => parts[i].Wanted.Count > 0), [.. able.SelectMany(part => part.Wanted)], blocks, cancel);
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
        return new RankedSearch(segments, new BestFirst(candidates));
    }

    private static async Task<IReadOnlyList<ReadOnlyMemory<byte>>> FetchAsync(IEnumerable<LiveSegment> asked, WantedBlock[] wanted, BlockReader blocks, CancellationToken cancel)
    {
        try
        {
            return await blocks.ReadAsync(wanted, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotGranted && asked.All(segment => segment.Partition.Owner.Own is not null))
        {
            throw new AlarmException(AlarmKind.Withheld, "The cloud withholds a part of your own search index: it refuses blocks of a segment that it shows. Nothing was searched.");
        }
    }

    /// <summary>The next documents, at least so many or all that are left. One that several segments name comes several times: which of them may name it is not known here.</summary>
    public IReadOnlyList<RankedDocument> Next(int atLeast) =>
        [.. _best.Take(atLeast).Select(candidate => new RankedDocument(_segments[candidate.Segment], _segments[candidate.Segment].Open.Document(candidate.Document), candidate.Score))
            .OrderByDescending(ranked => ranked.Score).ThenBy(ranked => ranked.Document.Record.Value).ThenBy(ranked => ranked.Document.Resource)];
}
