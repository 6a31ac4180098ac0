namespace Salus.Health.Cohort;

/// <summary>A table that met its rule: the level of each quasi-identifier, the rows that stay, and what can be told of it from outside.</summary>
public sealed class CohortRelease
{
    private readonly CohortTable table;
    private readonly Generalisation[] columns;
    private readonly int[] levels;
    private readonly bool[] kept;

    internal CohortRelease(CohortTable table, Generalisation[] columns, int[] levels, bool[] kept, int suppressed, CohortMeasures measures, double loss, int nodes)
    {
        (this.table, this.columns, this.levels, this.kept) = (table, columns, levels, kept);
        (Suppressed, Measures, Loss, Nodes) = (suppressed, measures, loss, nodes);
    }

    /// <summary>By quasi-identifier, in the table's order: 0 is the value itself.</summary>
    public IReadOnlyList<int> Levels => levels;

    /// <summary>The highest level of each.</summary>
    public IReadOnlyList<int> Highest => [.. columns.Select(column => column.Levels - 1)];

    /// <summary>Rows left out.</summary>
    public int Suppressed { get; }

    /// <summary>Of the rows that stay.</summary>
    public CohortMeasures Measures { get; }

    /// <summary>Non-uniform entropy, in bits over all rows.</summary>
    public double Loss { get; }

    /// <summary>How many ways to generalise there were.</summary>
    public int Nodes { get; }

    /// <summary>By row of the table.</summary>
    public bool Keeps(int row) => kept[row];

    /// <summary>What a row says in a quasi-identifier, from 0.</summary>
    public string Value(int row, int column) => columns[column].Label(levels[column], columns[column].Column.Codes[row]);

    /// <summary>Whether a row that stays says something else in a quasi-identifier than it did: by a level, or because its hierarchy does not tell the value even at level 0.</summary>
    public bool Generalises(int column) =>
        Enumerable.Range(0, table.Rows).Any(row => kept[row] && Value(row, column) != columns[column].Column.Values[columns[column].Column.Codes[row]]);

    /// <summary>The quasi-identifiers, generalised, and the sensitive column, of the rows that stay.</summary>
    public void WriteCsv(TextWriter writer)
    {
        CsvWriter.WriteRow(writer, table.Quasi.Select(column => column.Name).Concat(table.Sensitive is { } named ? [named.Name] : []));
        for (var row = 0; row < table.Rows; row++)
        {
            if (!kept[row])
                continue;
            var at = row;
            var general = Enumerable.Range(0, columns.Length).Select(column => Value(at, column));
            CsvWriter.WriteRow(writer, table.Sensitive is { } sensitive ? general.Append(sensitive.Values[sensitive.Codes[at]]) : general);
        }
    }
}
