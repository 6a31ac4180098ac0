using System.Runtime.InteropServices;

namespace Salus.Health.Cohort;

/// <summary>A table under its hierarchies, equal rows counted once.</summary>
internal sealed class CohortCells
{
    private readonly int[][] codes;

    /// <param name="table">the rows</param>
    /// <param name="columns">one for each quasi-identifier of the table, in its order</param>
    /// <param name="included">by row, whether it counts; null for all</param>
    public CohortCells(CohortTable table, IReadOnlyList<Generalisation> columns, bool[]? included = null)
    {
        Columns = columns;
        var all = columns.Select(column => column.Column).Concat(table.Sensitive is { } sensitive ? [sensitive] : []).ToArray();
        var cellOf = new Dictionary<Row, int>(new Row.Comparer(all));
        var counts = new List<int>();
        var rows = new List<int>();
        CellOf = new int[table.Rows];
        for (var row = 0; row < table.Rows; row++)
        {
            CellOf[row] = -1;
            if (included is not null && !included[row])
                continue;
            ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cellOf, new Row(row), out var known);
            if (!known)
            {
                cell = counts.Count;
                counts.Add(0);
                rows.Add(row);
            }
            counts[cell]++;
            CellOf[row] = cell;
            Rows++;
        }
        Counts = [.. counts];
        int[] Gather(CohortColumn column)
        {
            var gathered = new int[rows.Count];
            for (var cell = 0; cell < gathered.Length; cell++)
                gathered[cell] = column.Codes[rows[cell]];
            return gathered;
        }
        codes = [.. columns.Select(column => Gather(column.Column))];
        if (table.Sensitive is null)
            return;
        Sensitive = Gather(table.Sensitive);
        SensitiveTotals = new long[table.Sensitive.Values.Count];
        for (var cell = 0; cell < Count; cell++)
            SensitiveTotals[Sensitive[cell]] += Counts[cell];
    }

    public IReadOnlyList<Generalisation> Columns { get; }

    public int Rows { get; }

    public int Count => Counts.Length;

    public int[] Counts { get; }

    /// <summary>By row of the table; -1 for one that does not count.</summary>
    public int[] CellOf { get; }

    public int[] Sensitive { get; } = [];

    /// <summary>Rows by sensitive value; null without a sensitive column.</summary>
    public long[]? SensitiveTotals { get; }

    public ReadOnlySpan<int> Codes(int column) => codes[column];

    /// <summary>A row, compared by what it holds.</summary>
    private readonly record struct Row(int At)
    {
        public sealed class Comparer(CohortColumn[] columns) : IEqualityComparer<Row>
        {
            public bool Equals(Row x, Row y)
            {
                foreach (var column in columns)
                    if (column.Codes[x.At] != column.Codes[y.At])
                        return false;
                return true;
            }

            public int GetHashCode(Row row)
            {
                var hash = new HashCode();
                foreach (var column in columns)
                    hash.Add(column.Codes[row.At]);
                return hash.ToHashCode();
            }
        }
    }
}
