using Salus.Bench.Harness;
using Salus.Bench.Records;

namespace Salus.Bench.Benches;

/// <summary>
/// 100 MB of random bytes sealed into five files, any three of which restore them: encryption, dispersal, hash trees. In process, from the
/// opening of the source to the closing of the last file, on the disk of the checkout with a warm page cache. Outputs are removed and everything dirty is written back before each run.
/// </summary>
internal static class Seal
{
    public static readonly Benchmark Cached = new("seal", "100 MB into five files, against cp", RunCached);
    public static readonly Benchmark Durable = new("seal-durable", "the same with fsync, against cp and fsync", RunDurable);
    public static readonly Benchmark Age = new("seal-age", "the same, against age's encryption to one recipient", RunAge);
    public static readonly Benchmark Open = new("open", "from three of five files, two data fragments lost, against cp", RunOpen);

    public const int Length = 100_000_000;
    public const int K = 3;
    public const int N = 5;

    private const int Runs = 7;

    private static void RunCached(Workbench bench)
    {
        var source = RandomFile.Create(bench.File("source"), Length);
        var (sides, note) = Turns.Measure(Runs, () => Ours(bench, source, Durability.Cached), () => Copied(bench, "cp", source, bench.File("copy")));
        bench.Report(Result.Against("seal", sides.Ours, sides.Peer, "ms", Goal.AtMost(2.2), note));
    }

    private static void RunDurable(Workbench bench)
    {
        var source = RandomFile.Create(bench.File("source"), Length);
        var (sides, note) = Turns.Measure(Runs,
            () => Ours(bench, source, Durability.Synced),
            () => Copied(bench, "sh", "-c", "cp \"$1\" \"$2\" && sync \"$2\"", "sh", source, bench.File("copy")));
        bench.Report(Result.Against("seal-durable", sides.Ours, sides.Peer, "ms", Goal.AtMost(2.0), note));
    }

    private static void RunAge(Workbench bench)
    {
        Peer.Need(Peer.Age);
        var identity = bench.File("identity");
        Peer.Run(bench.Scratch, "age-keygen", "-o", identity);
        var recipient = File.ReadLines(identity).First(line => line.StartsWith("# public key: ", StringComparison.Ordinal))["# public key: ".Length..];
        var source = RandomFile.Create(bench.File("source"), Length);
        var encrypted = bench.File("copy");
        var (sides, note) = Turns.Measure(Runs, () => Ours(bench, source, Durability.Cached), () => Copied(bench, "age", "-r", recipient, "-o", encrypted, source));
        Peer.Run(bench.Scratch, "age", "-d", "-i", identity, "-o", bench.File("decrypted"), encrypted);
        RandomFile.MustEqual(source, bench.File("decrypted"));
        bench.Report(Result.Against("seal-age", sides.Ours, sides.Peer, "ms", Goal.AtMost(0.9), note));
    }

    private static void RunOpen(Workbench bench)
    {
        var source = RandomFile.Create(bench.File("source"), Length);
        using var dispersed = DispersedFile.Seal(source, bench.Folder("fragments"), K, N, Durability.Cached);
        var restored = bench.File("restored");
        var (sides, note) = Turns.Measure(Runs,
            () =>
            {
                Clean(restored);
                return Turns.Cost(() => dispersed.Open(restored, 0, 1));
            },
            () => Copied(bench, "cp", source, bench.File("copy")));
        RandomFile.MustEqual(source, restored);
        bench.Report(Result.Against("open", sides.Ours, sides.Peer, "ms", Goal.AtMost(1.5), note));
    }

    private static Cost Ours(Workbench bench, string source, Durability durability)
    {
        var folder = bench.Folder("fragments");
        Child.WriteBack();
        return Turns.Cost(() => DispersedFile.Seal(source, folder, K, N, durability).Dispose());
    }

    private static Cost Copied(Workbench bench, string program, params string[] arguments)
    {
        Clean(bench.File("copy"));
        return Child.Run(program, arguments);
    }

    private static void Clean(string output)
    {
        File.Delete(output);
        Child.WriteBack();
    }
}
