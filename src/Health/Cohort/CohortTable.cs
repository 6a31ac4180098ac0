namespace Salus.Health.Cohort;

/// <summary>The columns of a table that a question is about: quasi-identifiers, and at most one sensitive column. One row is one person.</summary>
public sealed class CohortTable
{
    private long kept;

    private CohortTable(IReadOnlyList<string> quasi, string? sensitive)
    {
        if (quasi.Count > CohortLimits.MaxQuasiIdentifiers)
            throw new CohortException(CohortFault.Question, $"More than {CohortLimits.MaxQuasiIdentifiers} quasi-identifiers: no search over their generalisations ends.");
        if (quasi.Append(sensitive).OfType<string>().GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new CohortException(CohortFault.Question, $"Column {twice.Key} is named twice: a column is a quasi-identifier or sensitive, and once.");
        Quasi = [.. quasi.Select(name => new CohortColumn(name))];
        Sensitive = sensitive is null ? null : new CohortColumn(sensitive);
    }

    public int Rows { get; private set; }

    /// <summary>In the order in which they were asked for.</summary>
    public IReadOnlyList<CohortColumn> Quasi { get; }

    public CohortColumn? Sensitive { get; }

    /// <summary>Reads the columns out of comma-separated values with a header. Throws <see cref="CohortException"/>.</summary>
    public static CohortTable Read(Stream csv, IReadOnlyList<string> quasi, string? sensitive)
    {
        if (quasi.Count == 0)
            throw new CohortException(CohortFault.Question, "Name at least one quasi-identifier.");
        var table = new CohortTable(quasi, sensitive);
        using var reader = new CsvReader(csv);
        var header = reader.Read() ?? throw new CohortException(CohortFault.Empty, "The table is empty: it needs a header and rows.");
        if (header.GroupBy(name => name, StringComparer.Ordinal).Any(same => same.Count() > 1))
            throw new CohortException(CohortFault.DuplicateColumn, "Row 1: two columns have the same name.");
        int Place(CohortColumn column) => header.IndexOf(column.Name) is var place and >= 0
            ? place
            : throw new CohortException(CohortFault.NoSuchColumn, $"There is no column {column.Name} in the header (names are exact).");
        var places = table.Quasi.Select(Place).ToArray();
        var sensitivePlace = table.Sensitive is { } column ? Place(column) : -1;
        while (reader.Read() is { } row)
        {
            if (row.Count != header.Count)
                throw new CohortException(CohortFault.RowLength, $"Row {reader.Row} has {row.Count} fields, the header {header.Count}.");
            table.Add(i => row[places[i]], sensitivePlace < 0 ? null : row[sensitivePlace]);
        }
        return table;
    }

    /// <summary>A table of rows in memory, which without quasi-identifiers is one class; a row answers a column's value, "" where it has none.</summary>
    public static CohortTable Of(IEnumerable<IReadOnlyDictionary<string, string>> rows, IReadOnlyList<string> quasi, string? sensitive)
    {
        var table = new CohortTable(quasi, sensitive);
        foreach (var row in rows)
            table.Add(i => row.GetValueOrDefault(quasi[i], ""), sensitive is null ? null : row.GetValueOrDefault(sensitive, ""));
        return table;
    }

    private void Add(Func<int, string> value, string? sensitive)
    {
        if (Rows == CohortLimits.MaxRows)
            throw new CohortException(CohortFault.TooLarge, $"More than {CohortLimits.MaxRows} rows.");
        for (var i = 0; i < Quasi.Count; i++)
            kept += Quasi[i].Add(value(i));
        kept += Sensitive?.Add(sensitive!) ?? 0;
        if (kept > CohortLimits.MaxText)
            throw new CohortException(CohortFault.TooLarge, $"The different values are longer than {CohortLimits.MaxText} characters together.");
        Rows++;
    }
}
