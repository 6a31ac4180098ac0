using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>A piece of a found text with the words that were looked for.</summary>
/// <param name="Marks">Where they are in <paramref name="Text"/>, in order.</param>
public sealed record Snippet(string Text, IReadOnlyList<(int Start, int Length)> Marks)
{
    /// <summary>The text with something before and behind each of the words.</summary>
    public string Marked(string before, string behind)
    {
        var marked = new System.Text.StringBuilder();
        var at = 0;
        foreach (var (start, length) in Marks)
        {
            marked.Append(Text, at, start - at).Append(before).Append(Text, start, length).Append(behind);
            at = start + length;
        }
        return marked.Append(Text, at, Text.Length - at).ToString();
    }
}

/// <summary>A document that was found: a FHIR resource of a record, or a whole record.</summary>
/// <param name="Source">Who wrote it: "you", the name of an organisation, or a mail address.</param>
/// <param name="Owner">Whose it is: the account's own mail address, the one under which a grant's owner is pinned here, or the account's number.</param>
/// <param name="Account">The owner's account.</param>
/// <param name="Resource">"Observation/abc", "Observation" for one without an id; null for a whole record, or when the record cannot be looked into.</param>
/// <param name="Title">What the resource is, in a line; null for a whole record.</param>
/// <param name="Date">The resource's own date, when it has one.</param>
/// <param name="Snippet">Null when the record cannot be looked into; <paramref name="Note"/> says why.</param>
public sealed record SearchHit(
    RecordId Record, string Partition, double Score, string Name, string Source, string Owner, AccountId Account, DateTimeOffset SealedAt, string? Resource,
    Snippet? Snippet, string? Note, string? Title = null, string? Date = null);
