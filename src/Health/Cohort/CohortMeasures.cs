namespace Salus.Health.Cohort;

/// <summary>What an observer who knows the quasi-identifiers of people can tell from a table.</summary>
public sealed record CohortMeasures
{
    public required int Rows { get; init; }

    /// <summary>Equivalence classes: sets of rows that no quasi-identifier tells apart.</summary>
    public required int Classes { get; init; }

    /// <summary>Size of the smallest class (Sweeney 2002); 0 in an empty table.</summary>
    public required int K { get; init; }

    /// <summary>Classes of one row.</summary>
    public required int Uniques { get; init; }

    /// <summary>The least number of different sensitive values in a class (distinct l-diversity, Machanavajjhala et al. 2007); null without a sensitive column.</summary>
    public required int? L { get; init; }

    /// <summary>
    /// The greatest distance between the sensitive values of a class and those of the whole table (t-closeness, Li et al. 2007, with equal ground distance):
    /// ½ Σ |p − q|. Null without a sensitive column.
    /// </summary>
    public required double? T { get; init; }

    /// <summary>Rows in classes of fewer than 5.</summary>
    public required int Below5 { get; init; }

    /// <summary>Rows in classes of fewer than 10.</summary>
    public required int Below10 { get; init; }

    /// <summary>
    /// The prosecutor knows that a person is in the table: the chance to pick the right row, for the person in the smallest class. Without a table of
    /// the population it is the journalist's too, who knows only that somebody is in it.
    /// </summary>
    public double HighestRisk => K == 0 ? 0 : 1.0 / K;

    /// <summary>The mean of that chance over all rows, which is also the share of rows that a marketer re-identifies who tries all of them.</summary>
    public double AverageRisk => Rows == 0 ? 0 : (double)Classes / Rows;

    public static CohortMeasures Of(CohortTable table)
    {
        var columns = table.Quasi.Select(BuiltInHierarchy.Keep.Bind).ToArray();
        return table.Rows == 0 ? Empty(table) : EquivalenceClasses.Of(new CohortCells(table, columns), new int[columns.Length]).Measures();
    }

    internal static CohortMeasures Empty(CohortTable table) =>
        new() { Rows = 0, Classes = 0, K = 0, Uniques = 0, L = table.Sensitive is null ? null : 0, T = table.Sensitive is null ? null : 0, Below5 = 0, Below10 = 0 };
}
