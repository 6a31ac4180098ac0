using Salus.Client.Search.Segments;

namespace Salus.Client.Search.Ranking;

/// <summary>A document of a segment that matches so far, and what it has scored.</summary>
internal readonly record struct Match(uint Document, double Score);

/// <summary>Merging of postings and matches within one segment. All lists rise by document; what comes out does as well.</summary>
internal static class Postings
{
    /// <summary>The forms of one word as one list: a document's frequencies are summed.</summary>
    public static IReadOnlyList<Posting> Union(IReadOnlyList<IReadOnlyList<Posting>> lists)
    {
        if (lists.Count == 1)
            return lists[0];
        var merged = new List<Posting>();
        Merge(lists, posting => posting.Document, posting =>
        {
            if (merged.Count > 0 && merged[^1].Document == posting.Document)
                merged[^1] = merged[^1] with { Frequency = (uint)Math.Min(uint.MaxValue, (ulong)merged[^1].Frequency + posting.Frequency) };
            else
                merged.Add(posting);
        });
        return merged;
    }

    /// <summary>Documents that are in at least one list; scores are summed in the order of the lists.</summary>
    public static IReadOnlyList<Match> Any(IReadOnlyList<IReadOnlyList<Match>> lists)
    {
        if (lists.Count == 1)
            return lists[0];
        var merged = new List<Match>();
        Merge(lists, match => match.Document, match =>
        {
            if (merged.Count > 0 && merged[^1].Document == match.Document)
                merged[^1] = match with { Score = merged[^1].Score + match.Score };
            else
                merged.Add(match);
        });
        return merged;
    }

    /// <summary>
    /// Documents that are in every list; scores are summed in the order of the lists, not of their lengths, so that equal documents of different segments score equally to the last bit.
    /// </summary>
    public static IReadOnlyList<Match> All(IReadOnlyList<IReadOnlyList<Match>> lists)
    {
        if (lists.Count == 1)
            return lists[0];
        var rarest = lists.MinBy(list => list.Count)!;
        var at = new int[lists.Count];
        var common = new List<Match>();
        foreach (var candidate in rarest)
        {
            var (score, isEverywhere) = (0.0, true);
            for (var i = 0; i < lists.Count && isEverywhere; i++)
            {
                at[i] = Seek(lists[i], at[i], candidate.Document);
                isEverywhere = at[i] < lists[i].Count && lists[i][at[i]].Document == candidate.Document;
                if (isEverywhere)
                    score += lists[i][at[i]].Score;
            }
            if (isEverywhere)
                common.Add(new Match(candidate.Document, score));
        }
        return common;
    }

    /// <summary>Documents that are not among those excluded.</summary>
    public static IReadOnlyList<Match> Without(IReadOnlyList<Match> matches, IReadOnlyList<Match> excluded)
    {
        var at = 0;
        var rest = new List<Match>(matches.Count);
        foreach (var match in matches)
        {
            at = Seek(excluded, at, match.Document);
            if (at == excluded.Count || excluded[at].Document != match.Document)
                rest.Add(match);
        }
        return rest;
    }

    /// <summary>The first place from <paramref name="from"/> on whose document is not below the one sought: in steps that double, then by halves.</summary>
    private static int Seek(IReadOnlyList<Match> list, int from, uint document)
    {
        var step = 1;
        var low = from;
        while (low + step < list.Count && list[low + step].Document < document)
        {
            low += step;
            step = step > list.Count / 2 ? 1 : step * 2;
        }
        var high = Math.Min(list.Count, low + step + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (list[middle].Document < document)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Everything in all lists by rising document, and of one document by rising list.</summary>
    private static void Merge<T>(IReadOnlyList<IReadOnlyList<T>> lists, Func<T, uint> documentOf, Action<T> take)
    {
        var heads = new PriorityQueue<int, (uint Document, int List)>(lists.Count);
        var at = new int[lists.Count];
        for (var i = 0; i < lists.Count; i++)
            if (lists[i].Count > 0)
                heads.Enqueue(i, (documentOf(lists[i][0]), i));
        while (heads.TryDequeue(out var i, out _))
        {
            take(lists[i][at[i]]);
            if (++at[i] < lists[i].Count)
                heads.Enqueue(i, (documentOf(lists[i][at[i]]), i));
        }
    }
}
