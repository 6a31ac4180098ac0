namespace Salus.Health.Cohort;

/// <summary>What a table must meet before anyone else sees it.</summary>
public sealed record GateRule
{
    /// <summary>The usual smallest cell of published health statistics: 11.</summary>
    public const int DefaultK = 11;

    /// <summary>Rows in each class, at least.</summary>
    public int K { get; init; } = DefaultK;

    /// <summary>Different sensitive values in each class, at least; null to leave it out.</summary>
    public int? L { get; init; }

    /// <summary>Distance of each class to the whole, at most, 0 to 1; null to leave it out.</summary>
    public double? T { get; init; }

    /// <summary>The share of rows, 0 to 1, that may be left out so that the others need less generalisation.</summary>
    public decimal Suppression { get; init; }

    internal void Require(CohortTable table)
    {
        if (K < 1 || L < 1 || T is < 0 or > 1 or double.NaN || Suppression is < 0 or > 1)
            throw new CohortException(CohortFault.Question, "k and l are at least 1; t and the share that may be suppressed are between 0 and 1.");
        if ((L ?? T) is not null && table.Sensitive is null)
            throw new CohortException(CohortFault.Question, "l and t are about a sensitive column: name one.");
    }

    /// <summary>Rows that may be left out of <paramref name="rows"/>.</summary>
    internal int MaxSuppressed(int rows) => (int)decimal.Floor(Suppression * rows);
}
