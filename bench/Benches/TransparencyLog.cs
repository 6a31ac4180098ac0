using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Salus.Bench.Harness;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Bench.Benches;

/// <summary>
/// Appending to a log that has a million entries: the tree in process, with a root for every batch; and what the cloud does with waiting entries in a PostgreSQL that writes to the disk before it
/// answers, against the same rows by binary COPY into a plain table of that PostgreSQL.
/// </summary>
internal static class TransparencyLog
{
    public static readonly Benchmark Benchmark = new("log", "appending to a transparency log of a million entries, in process and in PostgreSQL", bench => RunAsync(bench).GetAwaiter().GetResult());

    private const int Entries = 1_000_000;
    private const int Stored = 200_000;
    private const int Runs = 3;
    private const double Fewest = 100_000;

    private static async Task RunAsync(Workbench bench)
    {
        using var tree = Empty();
        var full = new List<FullTile>();
        var first = InProcess(tree, full);
        var second = InProcess(tree, full);
        bench.Report(Result.Alone("log/append", second, "entries/s", Goal.AtLeast(Fewest), string.Create(CultureInfo.InvariantCulture,
            $"the second million, a root for every {LogStore.MaxBatch}; the first {first:0}/s; one thread; load {Load()}")));

        await using var cluster = await PostgresCluster.StartDurableAsync();
        var connectionString = cluster.ConnectionString(await cluster.CreateDatabaseAsync("cloud"), "cloud");
        var options = new DbContextOptionsBuilder<CloudDatabase>();
        CloudDatabase.Configure(options, connectionString);
        await using (var database = new CloudDatabase(options.Options))
            await database.Database.MigrateAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        await LogStore.ExecuteAsync(connection, "CREATE TABLE plain (position bigint PRIMARY KEY, entry bytea NOT NULL)", CancellationToken.None);
        var (ours, plain) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            var entries = Enumerable.Range(0, Stored).Select(i => Entry(run * Stored + i)).ToArray();
            await CopyAsync(connection, "cloud.log_pending (id, leaf, entry)", run * Stored, entries, withLeaf: true);
            ours.Add(Stored / await SecondsAsync(() => SequenceAsync(connection)));
            plain.Add(Stored / await SecondsAsync(() => CopyAsync(connection, "plain (position, entry)", run * Stored, entries, withLeaf: false)));
        }
        bench.Report(Result.Against("log/sequence", Turns.Median([.. ours]), Turns.Median([.. plain]), "entries/s", null, string.Create(CultureInfo.InvariantCulture,
            $"{Stored} waiting entries put in order, {LogStore.MaxBatch} a transaction, tiles and the emptying of the queue included; peer: COPY of plain rows in one transaction; load {Load()}")));
    }

    private static LogTree Empty() => LogTree.Restore(0, [.. Enumerable.Range(0, Salus.Crypto.Merkle.TreeTile.Levels).Select(_ => Array.Empty<byte>())]);

    private static double InProcess(LogTree tree, List<FullTile> full)
    {
        var entries = Enumerable.Range(0, Entries).Select(Entry).ToArray();
        var seconds = Turns.Milliseconds(() =>
        {
            for (var i = 0; i < Entries; i++)
            {
                tree.Append(entries[i].Bytes.Span, full);
                if (i % LogStore.MaxBatch == 0)
                    tree.Root();
            }
        }) / 1000;
        return Entries / seconds;
    }

    private static async Task SequenceAsync(NpgsqlConnection connection)
    {
        using var tree = await LogStore.LoadAsync(connection, CancellationToken.None);
        while ((await LogStore.AppendAsync(connection, tree, CancellationToken.None)).Entries.Count > 0)
            tree.Root();
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, long first, LogEntry[] entries, bool withLeaf)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT BINARY)");
        foreach (var entry in entries)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(first++, NpgsqlDbType.Bigint);
            if (withLeaf)
                await copy.WriteAsync(entry.LeafHash, NpgsqlDbType.Bytea);
            await copy.WriteAsync(entry.Bytes, NpgsqlDbType.Bytea);
        }
        await copy.CompleteAsync();
    }

    private static LogEntry Entry(int number) => LogEntry.Of(LogKind.Roots, BitConverter.GetBytes(number));

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
