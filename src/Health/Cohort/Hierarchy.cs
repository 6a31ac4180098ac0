namespace Salus.Health.Cohort;

/// <summary>
/// How the values of a column are generalised, level by level: level 0 is the value itself, and two values that meet at a level stay together at every
/// higher one. Bound to the values of one column it becomes a <see cref="Generalisation"/>.
/// </summary>
public abstract class Hierarchy
{
    /// <summary>What stands for a value of which nothing is told.</summary>
    public const string Anything = "*";

    private protected Hierarchy(int levels) => Levels = levels;

    public int Levels { get; }

    /// <summary>The value at every level, or null when the hierarchy does not know it.</summary>
    internal abstract IReadOnlyList<string>? Of(string value);

    internal Generalisation Bind(CohortColumn column)
    {
        var numbers = new int[Levels][];
        var labels = new List<string>[Levels];
        var known = new Dictionary<string, int>[Levels];
        for (var level = 0; level < Levels; level++)
            (numbers[level], labels[level], known[level]) = (new int[column.Values.Count], [], new(StringComparer.Ordinal));
        for (var code = 0; code < column.Values.Count; code++)
        {
            // The header is row 1.
            var general = Of(column.Values[code])
                ?? throw new CohortException(CohortFault.NotInHierarchy, $"Row {column.FirstRowOf(code) + 2}: the hierarchy of column {column.Name} does not know the value there.");
            for (var level = 0; level < Levels; level++)
            {
                if (!known[level].TryGetValue(general[level], out var number))
                {
                    known[level].Add(general[level], number = labels[level].Count);
                    labels[level].Add(general[level]);
                }
                numbers[level][code] = number;
            }
        }
        return new Generalisation(column, numbers, labels);
    }
}
