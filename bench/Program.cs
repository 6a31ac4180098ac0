using System.Globalization;
using Salus.Bench.Benches;
using Salus.Bench.Fuzz;
using Salus.Bench.Harness;
using Salus.Bench.Plots;
using Salus.Bench.Shares;

namespace Salus.Bench;

internal static class Program
{
    private static Benchmark[] Benchmarks =>
    [
        Seal.Cached, Seal.Durable, Seal.Age, Seal.Open, Erasure.Benchmark, Cold.Benchmark, Memory.Benchmark, Reencrypt.Benchmark, Papers.Benchmark, Users.Benchmark,
        SearchIndex.Benchmark, SearchIndex.Hospital, Page.Benchmark, Sense.Benchmark, SharedStatistics.Benchmark, FuzzReaders.Benchmark, TransparencyLog.Benchmark,
        Deduplication.Benchmark,
    ];

    private const string Usage = """
        ./salus bench [NAME…] [--out FILE] [--plots DIR] [--document FILE] [--from FILE] [--strict]
          prints a line of JSON for each figure and, on the standard error, a table.
          --out FILE        keeps the lines
          --plots DIR       draws the plots (SVG)
          --document FILE   puts the tables between the marks of a Markdown file
          --from FILE       runs nothing: takes the lines that --out kept
          --seconds N       fuzz: for each target; --seed N, --only PART and --keep (into the corpus) are fuzz's too
          --strict          a missed goal makes the exit code 3
        Exit code: 0 when every bench ran, 1 when one could not be run, 2 for a wrong argument.
        """;

    private static int Main(string[] args) => args switch
    {
        // The processes that some of the benches start.
        [Cold.NothingMode] => 0,
        [Cold.SealMode, var source, var folder] => Cold.Seal(source, folder),
        [Memory.Mode, var source, var tiny, var folder, var restored, var report] => Memory.Measure(source, tiny, folder, restored, report),
        [SharesParty.Mode, var party] => SharesParty.Run(party),
        [FuzzedTarget.Mode, var target, var seed, var seconds, var corpus, var scratch] => FuzzedTarget.Work(target, seed, seconds, corpus, scratch),
        _ => Run(args),
    };

    private static int Run(string[] args)
    {
        string? outFile = null, plots = null, document = null, from = null;
        var strict = false;
        var fuzzing = new FuzzOptions();
        var names = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    Console.WriteLine(Usage);
                    foreach (var benchmark in Benchmarks)
                        Console.WriteLine($"  {benchmark.Name,-14}{benchmark.About}");
                    return 0;
                case "--strict":
                    strict = true;
                    break;
                case "--out" when i + 1 < args.Length:
                    outFile = args[++i];
                    break;
                case "--plots" when i + 1 < args.Length:
                    plots = args[++i];
                    break;
                case "--document" when i + 1 < args.Length:
                    document = args[++i];
                    break;
                case "--from" when i + 1 < args.Length:
                    from = args[++i];
                    break;
                case "--keep":
                    fuzzing = fuzzing with { Keeps = true };
                    break;
                case "--only" when i + 1 < args.Length:
                    fuzzing = fuzzing with { Only = args[++i] };
                    break;
                case "--seconds" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    fuzzing = fuzzing with { Seconds = number };
                    i++;
                    break;
                case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    fuzzing = fuzzing with { Seed = number };
                    i++;
                    break;
                case var name when Benchmarks.Any(benchmark => benchmark.Name == name):
                    names.Add(name);
                    break;
                default:
                    Console.Error.WriteLine($"bench: not understood: {args[i]}\n{Usage}\nbenches: {string.Join(' ', Benchmarks.Select(benchmark => benchmark.Name))}");
                    return 2;
            }
        }

        using var reports = new Reports(outFile);
        if (from is null)
            RunAll(names, fuzzing, reports);
        else
            foreach (var line in File.ReadLines(from))
                reports.Add(Result.FromJson(line));

        reports.PrintTable(Console.Error);
        if (plots is not null)
            Drawings.Write(plots, reports.Results);
        if (document is not null)
            Markdown.Update(document, reports.Results);
        return reports.Results.Any(result => !result.WasRun) ? 1
            : strict && reports.Results.Any(result => result.Holds == false) ? 3
            : 0;
    }

    private static void RunAll(List<string> names, FuzzOptions fuzzing, Reports reports)
    {
        var bench = new Workbench(Checkout(), reports.Add) { Fuzzing = fuzzing };
        Workbench.Say($"{Environment.ProcessorCount} processors, load {Load()}");
        foreach (var benchmark in Benchmarks.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
        {
            Workbench.Say($"{benchmark.Name}: {benchmark.About}");
            Directory.CreateDirectory(bench.Scratch);
            try
            {
                benchmark.Run(bench);
            }
#pragma warning disable CA1031 // Whatever breaks one bench, peers above all, is reported as that bench not run; the others go on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Console.Error.WriteLine(exception is NotRunException ? $"bench: {benchmark.Name}: {exception.Message}" : $"bench: {benchmark.Name} BROKE: {exception}");
                reports.Add(Result.NotRun(benchmark.Name, exception.Message));
            }
            finally
            {
                Directory.Delete(bench.Scratch, recursive: true);
            }
        }
    }

    /// <summary>The folder with Salus.slnx, above the program.</summary>
    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Salus.slnx")))
                return folder.FullName;
        return Environment.CurrentDirectory;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
