using System.Globalization;

namespace Salus.Fault.Tests;

/// <summary>
/// Which of all the places where something can break are tried. The choice follows from a seed, which every failure names: SALUS_FAULT_SEED plays it again, and SALUS_FAULT_POINTS
/// is how many places each sweep takes in the place of its usual number.
/// </summary>
internal static class Points
{
    public static int Seed { get; } = Setting("SALUS_FAULT_SEED") ?? Environment.TickCount & 0xfffff;

    /// <summary>A source of choices of one sweep, the same for the same seed.</summary>
    public static Random Chooser(string sweep) => new(sweep.Aggregate(Seed, (hash, letter) => unchecked((hash * 31) + letter)));

    /// <summary>How many places a sweep takes.</summary>
    public static int Count(int usual) => Setting("SALUS_FAULT_POINTS") ?? usual;

    /// <summary>So many of the numbers from 1 to <paramref name="last"/>, each once: all of them when there are no more.</summary>
    public static IReadOnlyList<int> Of(string sweep, int last, int usual)
    {
        var all = Enumerable.Range(1, last).ToArray();
        Chooser(sweep).Shuffle(all);
        return [.. all.Take(Count(usual))];
    }

    /// <summary>Says what was tried, for the log of a run.</summary>
    public static void Tell(string text) => Console.WriteLine($"fault (SALUS_FAULT_SEED={Seed}): {text}");

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : null;
}
