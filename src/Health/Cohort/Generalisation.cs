namespace Salus.Health.Cohort;

/// <summary>A column under its hierarchy: for each level the number of each value's generalisation, and what it reads.</summary>
internal sealed class Generalisation
{
    private readonly int[][] numbers;
    private readonly List<string>[] labels;

    public Generalisation(CohortColumn column, int[][] numbers, List<string>[] labels)
    {
        (Column, this.numbers, this.labels) = (column, numbers, labels);
        for (var level = 1; level < Levels; level++)
            RequireCoarser(level);
    }

    public CohortColumn Column { get; }

    public int Levels => numbers.Length;

    public int Cardinality(int level) => labels[level].Count;

    /// <summary>By code of the column.</summary>
    public ReadOnlySpan<int> Numbers(int level) => numbers[level];

    public string Label(int level, int code) => labels[level][numbers[level][code]];

    /// <summary>
    /// What the column loses at each level, in bits over all rows: the non-uniform entropy of De Waal and Willenborg (1999), Σ over rows of
    /// −log2(rows with this value / rows with its generalisation). 0 at level 0, and never less at a higher level.
    /// </summary>
    public double[] Losses()
    {
        var original = new long[Column.Values.Count];
        foreach (var code in Column.Codes)
            original[code]++;
        var losses = new double[Levels];
        for (var level = 1; level < Levels; level++)
        {
            var general = new long[labels[level].Count];
            for (var code = 0; code < original.Length; code++)
                general[numbers[level][code]] += original[code];
            for (var code = 0; code < original.Length; code++)
                losses[level] -= original[code] * Math.Log2((double)original[code] / general[numbers[level][code]]);
            losses[level] = Math.Max(losses[level], losses[level - 1]);
        }
        return losses;
    }

    /// <summary>Pruning and the meaning of a level both stand on it: what met below must not part above.</summary>
    private void RequireCoarser(int level)
    {
        var above = new int[labels[level - 1].Count];
        Array.Fill(above, -1);
        for (var code = 0; code < Column.Values.Count; code++)
        {
            ref var seen = ref above[numbers[level - 1][code]];
            if (seen >= 0 && seen != numbers[level][code])
                throw new CohortException(CohortFault.Hierarchy, $"The hierarchy of column {Column.Name} parts at level {level} what it joined at level {level - 1}.");
            seen = numbers[level][code];
        }
    }
}
