namespace Salus.Client.Cohorts;

/// <summary>What is asked about a table of people.</summary>
/// <param name="File">Comma- or semicolon-separated values with a header; one row is one person.</param>
/// <param name="Quasi">The columns by which others could know a person.</param>
/// <param name="Sensitive">The column that nobody should learn of a person, or null.</param>
public sealed record CohortQuestion(string File, IReadOnlyList<string> Quasi, string? Sensitive);

/// <summary>What a table must meet before it leaves.</summary>
/// <param name="K">Rows in each class, at least.</param>
/// <param name="L">Different sensitive values in each class, at least; null to leave it out.</param>
/// <param name="T">Distance of each class to the whole, at most, 0 to 1; null to leave it out.</param>
/// <param name="Suppression">The share of rows, 0 to 1, that may be left out.</param>
/// <param name="Hierarchies">By column: a built-in hierarchy's name, else a file as ARX writes them. A column without one is kept or suppressed.</param>
/// <param name="Out">Where the generalised table goes, or null.</param>
public sealed record CohortGateQuestion(int K, int? L, double? T, decimal Suppression, IReadOnlyDictionary<string, string> Hierarchies, string? Out);

/// <summary>What an observer who knows the quasi-identifiers can tell; l and t are null without a sensitive column.</summary>
public sealed record CohortFigures(int Rows, int Classes, int K, int Uniques, int? L, double? T, int Below5, int Below10, double HighestRisk, double AverageRisk);

/// <summary>A column of the optimal node: its level, of how many above the value itself.</summary>
public sealed record CohortLevel(string Column, int Level, int Highest);

/// <summary>The least generalisation that meets the rule.</summary>
/// <param name="Levels">One for each quasi-identifier, in the order asked.</param>
/// <param name="Suppressed">Rows left out.</param>
/// <param name="Loss">Non-uniform entropy, in bits over all rows.</param>
/// <param name="Nodes">Ways to generalise among which it is the best.</param>
/// <param name="Figures">Of the rows that stay.</param>
public sealed record CohortOptimum(IReadOnlyList<CohortLevel> Levels, int Suppressed, double Loss, int Nodes, CohortFigures Figures);
