namespace Salus.Client.Search.Segments;

/// <summary>That a term is in a document.</summary>
/// <param name="Document">Number of the document in its segment, from 0.</param>
/// <param name="Frequency">How often, at least once.</param>
/// <param name="Length">Length of the whole document in terms, for ranking.</param>
public readonly record struct Posting(uint Document, uint Frequency, uint Length);
