using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Salus.Bench.Harness;
using Salus.Bench.Records;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Records;
using Salus.Client.Uploads;

namespace Salus.Bench.Benches;

/// <summary>
/// 10,000 files of 16 to 112 KiB, 40 % of them copies of others, sealed and stored one after the other by one account on a whole installation: with deduplication, and by another account without. Bytes of
/// the fragments at the stores, and the time from the first file to the last. Records are entered without search words, which are the same in both. The environment's
/// <c>SALUS_BENCH_FILES</c> takes fewer.
/// </summary>
internal static class Deduplication
{
    public static readonly Benchmark Benchmark = new("dedup", "10,000 files with 40 % duplicates: bytes at the stores and time, against no deduplication",
        bench => RunAsync(bench).GetAwaiter().GetResult());

    private const int MinFile = 16 * 1024;
    private const int MaxFile = 112 * 1024;

    private static readonly CancellationToken None = CancellationToken.None;

    private static int Files => int.TryParse(Environment.GetEnvironmentVariable("SALUS_BENCH_FILES"), NumberStyles.None, CultureInfo.InvariantCulture, out var fewer) ? Math.Max(fewer, 10) : 10_000;

    private static async Task RunAsync(Workbench bench)
    {
        var files = Write(bench.Folder("files"));
        using var installed = new Installed(bench);
        // One that does not count warms up the servers.
        using (var warm = await installed.RegisterAsync("warm"))
            await PutAsync(warm, files[..Math.Min(20, files.Length)], true);
        using var sharing = await installed.RegisterAsync("sharing");
        using var apart = await installed.RegisterAsync("apart");
        // In tenths by turns, so that what else the machine does meets both.
        var (ours, peer) = (new Side(), new Side());
        foreach (var tenth in files.Chunk((files.Length + 9) / 10))
        {
            await ours.AddAsync(installed, () => PutAsync(sharing, tenth, true));
            await peer.AddAsync(installed, () => PutAsync(apart, tenth, false));
        }
        var note = string.Create(CultureInfo.InvariantCulture, $"{files.Length} files, {files.Sum(file => new FileInfo(file).Length)} bytes");
        bench.Report(Result.Against("dedup/bytes", ours.Bytes, peer.Bytes, "bytes", Goal.AtMost(0.62), $"{note}; saved {peer.Bytes - ours.Bytes} bytes"));
        bench.Report(Result.Against("dedup/time", ours.Time.TotalMilliseconds / files.Length, peer.Time.TotalMilliseconds / files.Length, "ms", null, $"{note}; a file"));
    }

    /// <summary>Six of ten are new, four are copies of one that came before, chosen by chance.</summary>
    private static string[] Write(string folder)
    {
        var paths = new string[Files];
        var (fresh, copies) = (new List<string>(), 0);
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = Path.Combine(folder, $"{i}.bin");
            if (copies < (i + 1) * 4 / 10)
            {
                File.Copy(fresh[RandomNumberGenerator.GetInt32(fresh.Count)], paths[i]);
                copies++;
                continue;
            }
            File.WriteAllBytes(paths[i], RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(MinFile, MaxFile)));
            fresh.Add(paths[i]);
        }
        return paths;
    }

    private static async Task PutAsync(Account account, string[] files, bool deduplicate)
    {
        var outbox = new Outbox(account);
        using var held = outbox.Lock();
        var target = await new WriteTargets(account, null).FindAsync("imaging", None);
        foreach (var path in files)
        {
            await using var file = RecordStore.OpenFile(path);
            var metadata = new RecordMetadata(Path.GetFileName(path), "application/octet-stream", RecordMetadata.FileKind, target.Name, file.Length, 0, 0, null, null, null, [], []);
            var plan = await new RecordSealer(account, outbox).SealAsync(target, new RecordContent(file, metadata, new PlanSource(path, file.Length, File.GetLastWriteTimeUtc(path))),
                new DispersalChoice(Deduplicate: deduplicate), null, None);
            await new RecordStore(account).StoreAsync(plan, file.Length, null, None);
        }
    }

    private sealed class Side
    {
        public long Bytes { get; private set; }

        public TimeSpan Time { get; private set; }

        public async Task AddAsync(Installed installed, Func<Task> work)
        {
            var before = installed.Stored;
            var since = Stopwatch.GetTimestamp();
            await work();
            Time += Stopwatch.GetElapsedTime(since);
            Bytes += installed.Stored - before;
        }
    }
}
