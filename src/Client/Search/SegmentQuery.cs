using Salus.Client.Search.Ranking;
using Salus.Client.Search.Segments;

namespace Salus.Client.Search;

/// <summary>What one segment has to say to a query: from its dictionary whether it can match at all and which blocks that takes, and from these its matches.</summary>
internal sealed class SegmentQuery
{
    private readonly OpenSegment _segment;
    private readonly ExpandedQuery _query;
    private readonly Dictionary<string, SegmentTerm> _terms = [];
    private readonly List<(SegmentTerm Term, int Blocks)> _needed = [];
    private readonly List<WantedBlock> _wanted = [];

    public SegmentQuery(OpenSegment segment, ExpandedQuery query)
    {
        (_segment, _query) = (segment, query);
        foreach (var form in query.Terms.SelectMany(term => term.Forms).Distinct())
            if (segment.Find(form) is { } found)
                _terms[form] = found;
        CanMatch = query.Groups.All(group => group.Any(IsHere));
        if (!CanMatch)
            return;
        foreach (var form in query.Groups.SelectMany(group => group).Concat(query.Without).Where(IsHere).SelectMany(terms => terms).SelectMany(term => term.Forms).Distinct())
            if (_terms.TryGetValue(form, out var term))
            {
                var addresses = segment.Addresses(term);
                _needed.Add((term, addresses.Length));
                _wanted.AddRange(addresses.Select(address => new WantedBlock(segment.Id, address)));
            }
    }

    /// <summary>Whether every group has an alternative whose words are all in the dictionary: else no block is asked for.</summary>
    public bool CanMatch { get; }

    /// <summary>The blocks that the matches take.</summary>
    public IReadOnlyList<WantedBlock> Wanted => _wanted;

    /// <summary>Of all forms of a term together.</summary>
    public long DocumentFrequency(ExpandedTerm term) => term.Forms.Sum(form => _terms.TryGetValue(form, out var found) ? (long)found.Documents : 0);

    /// <param name="blocks">What the cloud gave for <see cref="Wanted"/>, in that order.</param>
    /// <param name="weights">The inverse document frequency of each term that scores.</param>
    public async Task<IReadOnlyList<Match>> MatchAsync(IReadOnlyList<ReadOnlyMemory<byte>> blocks, IReadOnlyDictionary<ExpandedTerm, double> weights, Bm25 model)
    {
        var postings = new Dictionary<SegmentTerm, IReadOnlyList<Posting>>();
        var at = 0;
        foreach (var (term, count) in _needed)
        {
            postings[term] = await _segment.PostingsAsync(term, [.. blocks.Skip(at).Take(count)]);
            at += count;
        }
        var matches = Postings.All([.. _query.Groups.Select(group => Postings.Any([.. group.Where(IsHere).Select(terms => Postings.All([.. terms.Select(Scored)]))]))]);
        foreach (var excluded in _query.Without.Where(IsHere))
            matches = Postings.Without(matches, Postings.All([.. excluded.Select(term => Plain(Merged(term)))]));
        return matches;

        IReadOnlyList<Posting> Merged(ExpandedTerm term) => Postings.Union([.. term.Forms.Where(_terms.ContainsKey).Select(form => postings[_terms[form]])]);

        IReadOnlyList<Match> Scored(ExpandedTerm term)
        {
            if (!term.IsScored)
                return Plain(Merged(term));
            var weight = weights[term];
            return [.. Merged(term).Select(posting => new Match(posting.Document, model.Score(weight, posting.Frequency, posting.Length)))];
        }
    }

    private static IReadOnlyList<Match> Plain(IReadOnlyList<Posting> postings) => [.. postings.Select(posting => new Match(posting.Document, 0))];

    private bool IsHere(IReadOnlyList<ExpandedTerm> terms) => terms.All(term => term.Forms.Any(_terms.ContainsKey));
}
