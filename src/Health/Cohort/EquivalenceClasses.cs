using System.Runtime.InteropServices;

namespace Salus.Health.Cohort;

/// <summary>
/// Rows that no quasi-identifier tells apart, at one node of the lattice. Rows are counted as cells: a cell is a combination of original values with the number
/// of rows that hold it.
/// </summary>
internal sealed class EquivalenceClasses
{
    private readonly int[] classOf;
    private readonly int[] sizes;

    /// <summary>Distinct sensitive values by class, and Σ |c(s)·N − T(s)·m| by class, whose quotient by 2·m·N is the distance to the whole table.</summary>
    private readonly int[] diversity = [];
    private readonly long[] distance = [];
    private readonly long total;

    private EquivalenceClasses(CohortCells cells, int[] classOf, int[] sizes)
    {
        (this.classOf, this.sizes, total) = (classOf, sizes, cells.Rows);
        if (cells.SensitiveTotals is not { } totals)
            return;
        diversity = new int[sizes.Length];
        distance = new long[sizes.Length];
        var covered = new long[sizes.Length];
        foreach (var (key, count) in Pairs(cells, totals.Length))
        {
            var (at, value) = ((int)(key / totals.Length), (int)(key % totals.Length));
            diversity[at]++;
            distance[at] += Math.Abs((count * total) - (totals[value] * sizes[at]));
            covered[at] += totals[value];
        }
        // The values that a class does not hold at all.
        for (var at = 0; at < sizes.Length; at++)
            distance[at] += sizes[at] * (total - covered[at]);
    }

    public int Count => sizes.Length;

    public int Size(int at) => sizes[at];

    public int ClassOf(int cell) => classOf[cell];

    public static EquivalenceClasses Of(CohortCells cells, ReadOnlySpan<int> node)
    {
        var keys = new ulong[cells.Count];
        ulong range = 1;
        for (var column = 0; column < cells.Columns.Count; column++)
        {
            var cardinality = (ulong)cells.Columns[column].Cardinality(node[column]);
            if (cardinality == 1)
                continue;
            if (range > ulong.MaxValue / cardinality)
                range = (ulong)Number(keys, out _);
            var numbers = cells.Columns[column].Numbers(node[column]);
            var codes = cells.Codes(column);
            for (var cell = 0; cell < keys.Length; cell++)
                keys[cell] = (keys[cell] * cardinality) + (uint)numbers[codes[cell]];
            range *= cardinality;
        }
        var sizes = new int[Number(keys, out var classOf)];
        for (var cell = 0; cell < classOf.Length; cell++)
            sizes[classOf[cell]] += cells.Counts[cell];
        return new EquivalenceClasses(cells, classOf, sizes);
    }

    public bool Meets(GateRule rule, int at) => MeetsMonotone(rule, at) && (rule.T is not { } t || Distance(at) <= t);

    /// <summary>The part of a rule that a class cannot lose by growing: its size and its diversity.</summary>
    public bool MeetsMonotone(GateRule rule, int at) => sizes[at] >= rule.K && (rule.L is not { } l || diversity[at] >= l);

    public CohortMeasures Measures() => new()
    {
        Rows = (int)total,
        Classes = Count,
        K = Count == 0 ? 0 : sizes.Min(),
        Uniques = sizes.Count(size => size == 1),
        L = diversity.Length == 0 ? null : diversity.Min(),
        T = distance.Length == 0 ? null : Enumerable.Range(0, Count).Max(Distance),
        Below5 = sizes.Where(size => size < 5).Sum(),
        Below10 = sizes.Where(size => size < 10).Sum(),
    };

    private double Distance(int at) => distance[at] / (2.0 * sizes[at] * total);

    private Dictionary<long, long> Pairs(CohortCells cells, int values)
    {
        var pairs = new Dictionary<long, long>();
        for (var cell = 0; cell < classOf.Length; cell++)
            CollectionsMarshal.GetValueRefOrAddDefault(pairs, ((long)classOf[cell] * values) + cells.Sensitive[cell], out _) += cells.Counts[cell];
        return pairs;
    }

    /// <summary>Puts small numbers, from 0, in place of the keys; answers how many.</summary>
    private static int Number(ulong[] keys, out int[] numbers)
    {
        var known = new Dictionary<ulong, int>();
        numbers = new int[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, keys[i], out var exists);
            if (!exists)
                number = known.Count - 1;
            numbers[i] = number;
            keys[i] = (ulong)number;
        }
        return known.Count;
    }
}
