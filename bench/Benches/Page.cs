using Salus.Bench.Browsing;
using Salus.Bench.Harness;

namespace Salus.Bench.Benches;

/// <summary>What somebody waits for at the page that the cloud hosts, in Chromium: the first time over the network, and from then on out of the browser's cache.</summary>
internal static class Page
{
    public static readonly Benchmark Benchmark = new("page", "the page in Chromium until its worker has started: bytes of the first load, time of later ones", Run);

    private const int Runs = 7;

    private static void Run(Workbench bench) => RunAsync(bench).GetAwaiter().GetResult();

    private static async Task RunAsync(Workbench bench)
    {
        if (!File.Exists(Testing.ChromiumProgram.Path))
            throw new NotRunException("missing chromium (the name of the Debian package; SALUS_CHROMIUM names another program)");
        using var hosted = new Hosted(bench.Published);
        await using var loads = await Loads.StartAsync(bench.Folder("chromium"));
        var first = await loads.LoadAsync(hosted.Address);
        bench.Report(Result.Alone("page/first-load", first.Transferred, "bytes", Goal.AtMost(3_000_000),
            FormattableString.Invariant($"{first.Files} files, {first.Uncompressed:0} bytes uncompressed; {first.Milliseconds:0} ms from this machine")));

        // One that does not count: the browser compiles what it has seen twice, and keeps that.
        await loads.LoadAsync(hosted.Address);
        var later = new List<Load>();
        while (later.Count < Runs)
            later.Add(await loads.LoadAsync(hosted.Address));
        var median = Median(later, load => load.Milliseconds);
        bench.Report(Result.Alone("page/later-load", median / 1000, "s", Goal.AtMost(2),
            FormattableString.Invariant($"median of {Runs}; slowest {later.Max(load => load.Milliseconds):0} ms; {Median(later, load => load.Transferred):0} bytes over the network")));
    }

    private static double Median(List<Load> loads, Func<Load, double> of) => loads.Select(of).Order().ElementAt(loads.Count / 2);
}
