using System.Runtime.CompilerServices;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>
/// Searches the records that this account may read, its own and granted ones, by their sealed indexes (docs/spec/search.md): 1 the indexes as they hold, 2 their segments opened,
/// 3 the query in their terms, 4 one request for all blocks, ranked, 5 page by page what the hits are, looked into. What a cloud hides is an alarm, and never "nothing found".
/// </summary>
public sealed class Searcher(Account account)
{
    private const int FirstPage = 10;
    private const int NextPages = 25;

    private readonly List<string> _complaints = [];

    /// <summary>What a server refused or answered wrongly although the search could go on, and what the asker should know about the answer. Complete when the hits are.</summary>
    public IReadOnlyCollection<string> Complaints => [.. _complaints.Distinct()];

    /// <summary>
    /// The hits, best first, each as soon as it is known. Ends with an alarm when a part of the index that somebody other than its owner wrote does not hold: what came before is
    /// verified.
    /// </summary>
    /// <param name="owner">The pinned mail address or the account's number of the one owner to search, or null for all.</param>
    /// <param name="limit">Hits, at most.</param>
    public async IAsyncEnumerable<SearchHit> FindAsync(Query query, string? owner, int limit, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var search = await SecondLook.TakeAsync(isLast => BeginAsync(query, owner, isLast, cancel));
        var snippets = new Snippets(query, search.Expanded);
        await using var hits = new HitPages(account, search, new HitReader(account, snippets), _complaints);
        var size = Math.Min(limit, FirstPage);
        for (var left = limit; left > 0;)
        {
            var page = await hits.NextAsync(snippets.HasPhrases ? size : Math.Min(size, left), cancel);
            if (page.Count == 0)
                break;
            foreach (var reading in page)
                if (await reading is { } hit && left-- > 0)
                    yield return hit;
            size = NextPages;
        }
        if (search.Suspicions.Alarm is { } alarm)
            throw alarm;
    }

    private async Task<RunningSearch> BeginAsync(Query query, string? owner, bool isLast, CancellationToken cancel)
    {
        _complaints.Clear();
        // 1
        var view = new IndexView(account);
        var owners = Named(owner, [await view.SelfAsync(cancel), .. await view.OthersAsync(cancel)]);
        var partitions = new List<SearchedPartition>();
        foreach (var searched in owners)
            partitions.AddRange(await view.OfAsync(searched, cancel));
        _complaints.AddRange(view.Complaints);
        if (owner is null)
            new DictionaryCache(account).Sweep(partitions.SelectMany(partition => partition.Index.Segments).Select(segment => segment.Id));
        var sources = await new SourceNames(account).ResolveAsync(query.Sources, owners, cancel);
        // 2
        var segments = await new SegmentOpener(account, view.Suspicions, _complaints).OpenAsync(Chosen(query, partitions), cancel);
        try
        {
            // 3
            var expanded = ExpandedQuery.Of(query, sources, (prefix, count) => segments.SelectMany(segment => segment.Open.WithPrefix(prefix, count))
                .Select(term => term.Text).Distinct().Order(StringComparer.Ordinal).Take(count));
            _complaints.AddRange(expanded.Notes);
            // 4
            var ranked = await RankedSearch.RunAsync(segments, expanded, new BlockReader(account.Cloud), view.Suspicions, cancel);
            if (!isLast && view.Suspicions.HasWithheld)
                throw view.Suspicions.Alarm!;
            return new RunningSearch(segments, expanded, ranked, view.Suspicions);
        }
        catch
        {
            foreach (var segment in segments)
                segment.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<SearchedOwner> Named(string? owner, IReadOnlyList<SearchedOwner> owners)
    {
        if (owner is null)
            return owners;
        var named = owners.Where(candidate => candidate.Name.Equals(owner.Trim(), StringComparison.OrdinalIgnoreCase)
            || candidate.Identity.Account.ToString().Equals(owner.Trim(), StringComparison.OrdinalIgnoreCase)).ToArray();
        return named.Length > 0 ? named
            : throw new CannotException($"You may read nothing of {owner}. There are: {string.Join(", ", owners.Select(candidate => candidate.Name))}.", Reasons.UnknownOwner);
    }

    private static IReadOnlyList<SearchedPartition> Chosen(Query query, IReadOnlyList<SearchedPartition> partitions)
    {
        foreach (var name in query.Partitions)
            if (partitions.All(partition => partition.Name != name))
                throw new CannotException($"There is no partition {name} for you. There are: {string.Join(", ", partitions.Select(partition => partition.Name).Distinct())}.", Reasons.NoPartition);
        return query.Partitions.Count == 0 ? partitions : [.. partitions.Where(partition => query.Partitions.Contains(partition.Name))];
    }
}

/// <summary>A search under way; its segments are closed with it.</summary>
internal sealed record RunningSearch(IReadOnlyList<LiveSegment> Segments, ExpandedQuery Expanded, RankedSearch Ranked, Suspicions Suspicions) : IDisposable
{
    public void Dispose()
    {
        foreach (var segment in Segments)
            segment.Dispose();
    }
}
