using System.Globalization;
using Salus.Bench.Harness;
using Salus.Bench.Records;

namespace Salus.Bench.Benches;

/// <summary>
/// Memory for a file of 1 GB of random bytes, in a process of its own. The figure is the growth of the process's anonymous memory (RssAnon of /proc: garbage
/// collected heap with its garbage, pinned and native buffers, stacks), at its peak, over what it had after sealing and opening one kilobyte, by which time code is
/// compiled and libraries are loaded. Pages of files and of programs do not count.
/// </summary>
internal static class Memory
{
    public static readonly Benchmark Benchmark = new("memory", "peak buffers while sealing and opening 1 GB", Run);

    /// <summary>First argument of the process that is measured.</summary>
    public const string Mode = "--memory";

    private const int Runs = 5;
    private const long Length = 1_000_000_000;
    private const double MiB = 1024 * 1024;

    private static void Run(Workbench bench)
    {
        var source = RandomFile.Create(bench.File("source"), Length);
        var tiny = RandomFile.Create(bench.File("tiny"), 1000);
        var seals = new double[Runs];
        var opens = new double[Runs];
        var heaps = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            var report = bench.File("report");
            File.Delete(bench.File("restored"));
            Child.Milliseconds(Environment.ProcessPath!, Mode, source, tiny, bench.Folder("fragments"), bench.File("restored"), report);
            var figures = File.ReadAllText(report).Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture) / MiB).ToArray();
            (seals[run], opens[run], heaps[run]) = (figures[0], figures[1], figures[2]);
            if (run == 0)
                RandomFile.MustEqual(source, bench.File("restored"));
        }
        var note = FormattableString.Invariant($"growth of anonymous memory at its peak; heap after collection, at most {Turns.Median(heaps):0.0} MiB");
        bench.Report(Result.Alone("memory/seal", Turns.Median(seals), "MiB", Goal.AtMost(16), note));
        bench.Report(Result.Alone("memory/open", Turns.Median(opens), "MiB", Goal.AtMost(16), note));
    }

    /// <summary>What the measured process does: writes the growth while sealing, while opening, and the largest heap after a collection, in bytes.</summary>
    public static int Measure(string source, string tiny, string folder, string restored, string report)
    {
        var small = Directory.CreateDirectory(Path.Combine(folder, "tiny")).FullName;
        for (var i = 0; i < 3; i++)
        {
            var again = Directory.CreateDirectory(Path.Combine(small, i.ToString(CultureInfo.InvariantCulture))).FullName;
            using var warm = DispersedFile.Seal(tiny, again, Seal.K, Seal.N, Durability.Cached);
            warm.Open(Path.Combine(again, "restored"), 0, 1);
        }

        using var peak = new PeakMemory();
        DispersedFile? dispersed = null;
        var seal = peak.GrowthDuring(() => dispersed = DispersedFile.Seal(source, folder, Seal.K, Seal.N, Durability.Cached));
        using (dispersed)
        {
            var open = peak.GrowthDuring(() => dispersed!.Open(restored, 0, 1));
            File.WriteAllText(report, string.Create(CultureInfo.InvariantCulture, $"{seal} {open} {peak.LargestHeap}"));
        }
        return 0;
    }
}
