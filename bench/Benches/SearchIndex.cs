using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Bench.Harness;
using Salus.Bench.Search;
using Salus.Client.Search;
using Salus.Cloud.Data;
using Salus.Testing;

namespace Salus.Bench.Benches;

/// <summary>
/// The encrypted index against PostgreSQL's full text search in clear, both in the same server in the same run: loading, size, words with 10 and with 1,000 hits, and the ten best of
/// two words. Ours counts everything from the typed word to the list of notes: stems, addresses, the query over all segments, decryption, merging, scores, the documents' numbers.
/// </summary>
internal static class SearchIndex
{
    public static readonly Benchmark Benchmark = new("search", "1 million notes in sealed segments, against full text search with GIN", bench => Run(bench, 1_000_000, "search"));
    public static readonly Benchmark Hospital = new("search-hospital", "the same with 5 million", bench => Run(bench, 5_000_000, "search-hospital"));

    private const int Runs = 5;

    private static void Run(Workbench bench, int notes, string name) => RunAsync(bench, notes, name).GetAwaiter().GetResult();

    private static async Task RunAsync(Workbench bench, int notes, string name)
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var connection = cluster.ConnectionString(await cluster.CreateDatabaseAsync("cloud"), "cloud");
        var options = new DbContextOptionsBuilder<CloudDatabase>();
        CloudDatabase.Configure(options, connection);
        await using (var cloud = new CloudDatabase(options.Options))
            await cloud.Database.MigrateAsync();
        await using var source = NpgsqlDataSource.Create(CloudDatabase.Connection(connection));
        var corpus = NoteCorpus.Write(bench.File("notes"), notes);
        var peer = new FullText(source);
        using var ours = new SealedIndex(source, bench.Folder("segments"));

        // Once each: a second load of either would take as long again, and meet tables that the first has grown.
        Workbench.Say($"{name}: loading full text");
        var peerLoad = await SecondsAsync(() => peer.LoadAsync(corpus));
        Workbench.Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {peerLoad:0} s; loading sealed segments"));
        var ourLoad = await SecondsAsync(() => ours.LoadAsync(corpus));
        var rate = string.Create(CultureInfo.InvariantCulture, $"one run; {notes / ourLoad:0} notes/s against {notes / peerLoad:0}; {ours.Segments} segments, {ours.Blocks} blocks");
        bench.Report(Result.Against($"{name}/load", ourLoad, peerLoad, "s", Goal.AtMost(0.5), rate));
        await peer.FreezeAsync();
        await ours.FreezeAsync();
        bench.Report(Result.Against($"{name}/size", await ours.SizeAsync() / 1e6, await peer.SizeAsync() / 1e6, "MB", Goal.AtMost(8),
            "the index alone on the other side, without the notes and their tsvector"));

        var segments = await ours.OpenAsync();
        try
        {
            var searcher = new SealedSearcher(source, ours, segments);
            foreach (var hits in new[] { 10, 1000 })
            {
                var words = NoteCorpus.MarkersOf(hits);
                await MeasureAsync(bench, $"{name}/{hits}-hits", words, word => searcher.FindAsync(word, int.MaxValue), peer.FindAsync, hits);
            }
            await MeasureAsync(bench, $"{name}/two-words-ranked", NoteCorpus.CommonPairs, pair => searcher.FindAsync($"{pair.Item1} {pair.Item2}", 10),
                pair => peer.RankedAsync(pair.Item1, pair.Item2), null);
        }
        finally
        {
            foreach (var (_, open) in segments)
                open.Dispose();
        }
    }

    /// <summary>All queries in turns, five rounds: medians and 99th percentiles of single queries.</summary>
    private static async Task MeasureAsync<T>(Workbench bench, string name, IReadOnlyList<T> queries, Func<T, Task<int>> ours, Func<T, Task<int>> peer, int? hits)
    {
        var (mine, theirs) = (new List<double>(), new List<double>());
        for (var run = 0; run <= Runs; run++)
            foreach (var query in queries)
            {
                var (first, second) = run % 2 == 0 ? (ours, peer) : (peer, ours);
                var (one, other) = (await MillisecondsAsync(first, query, hits), await MillisecondsAsync(second, query, hits));
                if (run == 0)
                    continue;
                mine.Add(run % 2 == 0 ? one : other);
                theirs.Add(run % 2 == 0 ? other : one);
            }
        var note = string.Create(CultureInfo.InvariantCulture, $"p99 {Percentile(mine):0.00} ms against {Percentile(theirs):0.00}; {queries.Count} queries, {Runs} times");
        bench.Report(Result.Against(name, Turns.Median([.. mine]), Turns.Median([.. theirs]), "ms", Goal.AtMost(1), note));
    }

    private static async Task<double> MillisecondsAsync<T>(Func<T, Task<int>> find, T query, int? hits)
    {
        var start = Stopwatch.GetTimestamp();
        var found = await find(query);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return hits is null || found == hits ? time : throw new InvalidOperationException($"{query}: {found} hits and not {hits}.");
    }

    private static double Percentile(List<double> figures) => figures.Order().ElementAt((int)(figures.Count * 0.99));

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
