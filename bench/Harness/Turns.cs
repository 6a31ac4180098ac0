using System.Diagnostics;

namespace Salus.Bench.Harness;

/// <summary>Medians of ours and the peer's.</summary>
internal readonly record struct Sides(double Ours, double Peer);

/// <summary>Runs that take turns, so that all of them meet the same machine.</summary>
internal static class Turns
{
    /// <summary>Fewest runs of a median.</summary>
    public const int FewestRuns = 5;

    /// <summary>
    /// Each contender runs once in each round and returns its figure; the order turns round with every round. A round before the first does not count.
    /// Gives the medians, in the order of the contenders.
    /// </summary>
    public static double[] Medians(int runs, params Func<double>[] contenders)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, FewestRuns);
        var figures = contenders.Select(_ => new double[runs]).ToArray();
        foreach (var contender in contenders)
            contender();
        for (var run = 0; run < runs; run++)
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var who = run % 2 == 0 ? turn : contenders.Length - 1 - turn;
                figures[who][run] = contenders[who]();
            }
        return [.. figures.Select(Median)];
    }

    public static Sides Measure(int runs, Func<double> ours, Func<double> peer)
    {
        var medians = Medians(runs, ours, peer);
        return new Sides(medians[0], medians[1]);
    }

    /// <summary>
    /// Times on the clock, and in words the processor times: on a machine that does other work too, these tell a slow program from one that had to wait.
    /// </summary>
    public static (Sides Wall, string Note) Measure(int runs, Func<Cost> ours, Func<Cost> peer)
    {
        var costs = (Ours: new List<double>(), Peer: new List<double>());
        var wall = Measure(runs, () => Wall(ours(), costs.Ours), () => Wall(peer(), costs.Peer));
        return (wall, FormattableString.Invariant($"processor time {Median([.. costs.Ours]):0} ms against {Median([.. costs.Peer]):0} ms"));

        static double Wall(Cost cost, List<double> processor)
        {
            processor.Add(cost.Processor);
            return cost.Wall;
        }
    }

    public static double Median(double[] figures)
    {
        var sorted = figures.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Milliseconds that <paramref name="work"/> takes.</summary>
    public static double Milliseconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The same, with the processor time of all threads of this process.</summary>
    public static Cost Cost(Action work)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var wall = Milliseconds(work);
        return new Cost(wall, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
    }
}
