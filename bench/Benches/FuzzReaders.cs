using System.Globalization;
using System.Security.Cryptography;
using Salus.Bench.Fuzz;
using Salus.Bench.Harness;

namespace Salus.Bench.Benches;

/// <summary>
/// Every reader of bytes from a network or a file, under inputs that are altered from valid ones and from what the corpus keeps. What must not be is written to a file each, under
/// <c>artifacts/fuzz</c>: the seed, the fault, and the input by which it can be had again.
/// </summary>
internal static class FuzzReaders
{
    public static readonly Benchmark Benchmark = new("fuzz", "every parser under altered inputs: [--seconds N] for each, [--seed N], [--only PART], [--keep]", Run);

    private static void Run(Workbench bench)
    {
        var options = bench.Fuzzing;
        var seed = options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var corpus = Corpus.Folder(bench.Root);
        var targets = AllTargets.All.Where(target => options.Only is null || target.Name.Contains(options.Only, StringComparison.Ordinal)).ToArray();
        if (targets.Length == 0)
            throw new NotRunException($"No target is called {options.Only}.");
        Workbench.Say($"fuzz: {targets.Length} targets, {options.Seconds} s each, seed {seed}");
        foreach (var area in targets.GroupBy(target => target.Area))
        {
            long runs = 0, ways = 0, findings = 0;
            foreach (var target in area)
            {
                var report = FuzzedTarget.Run(target, seed, options.Seconds, corpus, bench.Folder("fuzz"));
                (runs, ways) = (runs + report.Runs, ways + report.Ways.Count);
                Workbench.Say(string.Create(CultureInfo.InvariantCulture, $"fuzz: {target.Name}: {report.Runs} inputs, {report.Ways.Count} ways{(report.Fault is null ? "" : ", FOUND")}"));
                if (report.Fault is not null)
                {
                    findings++;
                    Tell(bench, target, seed, report);
                }
                else if (options.Keeps)
                    Keep(corpus, target, report);
            }
            bench.Report(Result.Alone("fuzz/" + area.Key, findings, "findings", Goal.AtMost(0),
                string.Create(CultureInfo.InvariantCulture, $"{area.Count()} readers, {runs} inputs, {ways} ways, seed {seed}")));
        }
    }

    private static void Tell(Workbench bench, Target target, int seed, FuzzReport report)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Root, "artifacts", "fuzz")).FullName;
        var file = Path.Combine(folder, target.Name.Replace('/', '-'));
        File.WriteAllBytes(file + ".input", report.Input!);
        File.WriteAllText(file + ".txt", $"{target.Name}, seed {seed}\n{report.Fault}\n{Convert.ToBase64String(report.Input!)}\n");
        Workbench.Say($"fuzz: {target.Name}: {report.Fault!.Split('\n')[0]} ({file}.txt)");
    }

    /// <summary>What is kept stays as long as there is room; then come ways that nothing kept takes, those that were accepted first.</summary>
    private static void Keep(string folder, Target target, FuzzReport report)
    {
        var kept = Corpus.Read(folder, target).ToList();
        foreach (var (_, input) in report.Ways.OrderBy(way => way.Key, StringComparer.Ordinal))
            if (kept.Count < Corpus.MaxInputs && !kept.Exists(known => known.AsSpan().SequenceEqual(input)))
                kept.Add(input);
        Corpus.Write(folder, target, kept);
    }
}
