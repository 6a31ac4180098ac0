namespace Salus.Client.Search.Ranking;

/// <summary>A match and the segment it is in.</summary>
/// <param name="Segment">Index among the segments of the query.</param>
internal readonly record struct Candidate(int Segment, uint Document, double Score);

/// <summary>
/// Hands out candidates by falling score, as many as are asked for at a time and no more work than that: a heap is made once, whatever the number of hits shown.
/// </summary>
internal sealed class BestFirst
{
    private readonly PriorityQueue<Candidate, double> _heap;

    public BestFirst(IEnumerable<Candidate> candidates) =>
        _heap = new PriorityQueue<Candidate, double>(candidates.Select(candidate => (candidate, -candidate.Score)));

    public int Count => _heap.Count;

    /// <summary>
    /// At least so many, or all that are left: the last ones' equals come along, for only the records behind them say which of equals is first.
    /// </summary>
    public IReadOnlyList<Candidate> Take(int atLeast)
    {
        var taken = new List<Candidate>();
        while (_heap.TryPeek(out var best, out _) && (taken.Count < atLeast || best.Score.Equals(taken[^1].Score)))
            taken.Add(_heap.Dequeue());
        return taken;
    }
}
