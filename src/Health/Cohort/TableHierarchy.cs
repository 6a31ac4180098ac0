namespace Salus.Health.Cohort;

/// <summary>
/// A hierarchy written as a table, as ARX reads and writes them: no header, one row for each value, the value first, then its generalisations.
/// </summary>
public sealed class TableHierarchy : Hierarchy
{
    private readonly Dictionary<string, IReadOnlyList<string>> rows;
    private readonly IReadOnlyList<string>? others;

    private TableHierarchy(Dictionary<string, IReadOnlyList<string>> rows, int levels, IReadOnlyList<string>? others) : base(levels) => (this.rows, this.others) = (rows, others);

    /// <summary>Throws <see cref="CohortException"/>, whose message names <paramref name="name"/> and the row.</summary>
    public static TableHierarchy Read(Stream csv, string name)
    {
        try
        {
            using var reader = new CsvReader(csv);
            var rows = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            var levels = 0;
            long kept = 0;
            while (reader.Read() is { } row)
            {
                if (levels == 0)
                    levels = row.Count <= CohortLimits.MaxLevels ? row.Count : throw new CohortException(CohortFault.TooLarge, $"Row 1: more than {CohortLimits.MaxLevels} levels.");
                if (row.Count != levels)
                    throw new CohortException(CohortFault.Hierarchy, $"Row {reader.Row} has {row.Count} levels, the first row {levels}.");
                kept += row.Sum(level => level.Length);
                if (rows.Count == CohortLimits.MaxHierarchyValues || kept > CohortLimits.MaxText)
                    throw new CohortException(CohortFault.TooLarge, $"Row {reader.Row}: the hierarchy is too large.");
                if (!rows.TryAdd(row[0], row))
                    throw new CohortException(CohortFault.Hierarchy, $"Row {reader.Row}: this value had a row before.");
            }
            return levels > 0 ? new TableHierarchy(rows, levels, null) : throw new CohortException(CohortFault.Empty, "It is empty.");
        }
        catch (CohortException fault)
        {
            throw new CohortException(fault.Fault, $"The hierarchy {name}: {fault.Message}");
        }
    }

    /// <summary>The same hierarchy for tables whose values are not known beforehand: what it does not name is <see cref="Hierarchy.Anything"/> at every level. Throws
    /// <see cref="CohortException"/> for a table that parts at a level what it joined below, those others among it: no later value can break the order.</summary>
    public TableHierarchy WithOthers()
    {
        IReadOnlyList<string> unnamed = [.. Enumerable.Repeat(Anything, Levels)];
        for (var level = 1; level < Levels; level++)
        {
            var above = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var row in rows.Values.Append(unnamed))
                if (!above.TryAdd(row[level - 1], row[level]) && above[row[level - 1]] != row[level])
                    throw new CohortException(CohortFault.Hierarchy, $"The hierarchy parts at level {level} what it joined at level {level - 1}.");
        }
        return new TableHierarchy(rows, Levels, unnamed);
    }

    internal override IReadOnlyList<string>? Of(string value) => rows.GetValueOrDefault(value) ?? others;
}
