namespace Salus.Client.Search;

/// <summary>What is looked for in a document's terms.</summary>
public enum QueryTermKind
{
    /// <summary>A word in any of its forms.</summary>
    Word,

    /// <summary>All words that begin so.</summary>
    Prefix,

    /// <summary>A code, with its system ("loinc|4548-4") or without.</summary>
    Code,

    /// <summary>A year, a month or a day: "2020", "2020-03", "2020-03-11". Narrows and does not score.</summary>
    Date,
}

/// <summary>One thing that a document has or has not.</summary>
/// <param name="Text">As it was typed, without "*" and "code:".</param>
public sealed record QueryTerm(QueryTermKind Kind, string Text);

/// <summary>Terms of which a document must have at least one.</summary>
public sealed record QueryGroup(IReadOnlyList<QueryTerm> AnyOf);
