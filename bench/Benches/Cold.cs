using System.Reflection.PortableExecutable;
using Salus.Bench.Harness;
using Salus.Bench.Records;

namespace Salus.Bench.Benches;

/// <summary>A process that starts, seals 1 MB into five local files and ends: what a person waits for, from posix_spawn until the end of the wait for it.</summary>
internal static class Cold
{
    public static readonly Benchmark Benchmark = new("cold", "a whole process that seals 1 MB into five files", Run);

    /// <summary>First arguments of the process that is measured.</summary>
    public const string SealMode = "--cold-seal";
    public const string NothingMode = "--cold-nothing";

    private const int Runs = 15;
    private const int Length = 1_000_000;

    private static void Run(Workbench bench)
    {
        var self = Environment.ProcessPath!;
        var source = RandomFile.Create(bench.File("source"), Length);
        var medians = Turns.Medians(Runs,
            () => Child.Milliseconds(self, SealMode, source, bench.Folder("fragments")),
            () => Child.Milliseconds(self, NothingMode));
        var image = IsReadyToRun(typeof(Cold).Assembly.Location) ? "" : "; NOT built ReadyToRun, as ./salus bench does";
        bench.Report(Result.Alone("cold", medians[0], "ms", Goal.AtMost(80), FormattableString.Invariant($"start and end of the process alone {medians[1]:0} ms{image}")));
    }

    /// <summary>What that process does.</summary>
    public static int Seal(string source, string folder)
    {
        DispersedFile.Seal(source, folder, Benches.Seal.K, Benches.Seal.N, Durability.Cached).Dispose();
        return 0;
    }

    private static bool IsReadyToRun(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        return image.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
    }
}
