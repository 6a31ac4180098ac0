namespace Salus.Health.Keywords;

/// <summary>What one document is found by.</summary>
/// <param name="Resource">Ordinal of the resource among the entries of its slice's index; <see cref="Whole"/> for a record that is one document.</param>
/// <param name="Terms">Term (<see cref="TermNames"/>) and how often it occurs, at least once; each term once, in ordinal order.</param>
/// <param name="Length">Sum of the frequencies of words and codes: how long the document is, for ranking.</param>
public sealed record DocumentTerms(int Resource, IReadOnlyList<KeyValuePair<string, int>> Terms, int Length)
{
    public const int Whole = -1;
}
