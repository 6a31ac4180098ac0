using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Salus.Bench.Harness;
using Salus.Bench.Sensing;
using Salus.Testing;

namespace Salus.Bench.Benches;

/// <summary>
/// Readings split on the device and acknowledged by three real trustees, each a process with a schema of its own, against plain rows by binary COPY into a table of the same
/// PostgreSQL, which writes to the disk before it answers. Ours counts everything from the values to the third verified receipt.
/// </summary>
internal static class Sense
{
    public static readonly Benchmark Benchmark = new("sense", "readings in shares, acknowledged by three trustees, against plain rows by COPY", bench => RunAsync(bench).GetAwaiter().GetResult());

    private const int Runs = 5;
    private const int Values = 1_000_000;
    private const double Fewest = 50_000;

    private static async Task RunAsync(Workbench bench)
    {
        await using var cluster = await PostgresCluster.StartDurableAsync();
        await using var three = await Trustees.StartAsync(bench, cluster);
        using var device = new Device(three);
        await device.BeginAsync();
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString(await cluster.CreateDatabaseAsync("plain"), "plain"));
        await using (var create = source.CreateCommand("CREATE TABLE readings (series integer NOT NULL, at timestamptz NOT NULL, value double precision NOT NULL)"))
            await create.ExecuteNonQueryAsync();
        var sides = Turns.Measure(Runs,
            () => Values / Seconds(() => device.SendAsync(Values)),
            () => Values / Seconds(() => CopyAsync(source, Values)));
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        bench.Report(Result.Alone("sense/ingest", sides.Ours, "values/s", Goal.AtLeast(Fewest), string.Create(CultureInfo.InvariantCulture,
            $"batches of {Salus.Protocol.Limits.MaxReadings}; load average {load}")));
        bench.Report(Result.Against("sense/copy", sides.Ours, sides.Peer, "values/s", null, "plain rows, once, by COPY"));
    }

    private static double Seconds(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        work().GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task CopyAsync(NpgsqlDataSource source, int count)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("COPY readings (series, at, value) FROM STDIN (FORMAT binary)");
        var start = DateTime.UnixEpoch.AddYears(56);
        for (var i = 0; i < count; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(1, NpgsqlDbType.Integer);
            await copy.WriteAsync(start.AddSeconds(i), NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(60.0 + i % 50, NpgsqlDbType.Double);
        }
        await copy.CompleteAsync();
    }
}
