namespace Salus.Health.Fhir;

/// <summary>One resource in a slice: enough to list it, and to open it alone by a ranged read.</summary>
/// <param name="Type">Resource type; empty for an entry without a resource.</param>
/// <param name="Id">Resource id, or null.</param>
/// <param name="Date">When it happened, as it is written there (a FHIR date or instant), or null.</param>
/// <param name="Code">What it is, as <c>loinc|4548-4</c>, or null.</param>
/// <param name="Summary">One line for a list; may be empty.</param>
/// <param name="Offset">First byte of the entry in the slice.</param>
/// <param name="Length">Bytes of the entry.</param>
/// <param name="ResourceOffset">First byte of the resource in the slice; within the entry.</param>
/// <param name="ResourceLength">Bytes of the resource; 0 for an entry without one.</param>
/// <param name="IsShared">A directory entry (Organization, Practitioner, …), of which other slices may hold a copy.</param>
public sealed record ResourceEntry(
    string Type, string? Id, string? Date, string? Code, string Summary, long Offset, long Length, long ResourceOffset, long ResourceLength,
    bool IsShared)
{
    internal const int MaxId = 128;

    /// <summary>A resource that stands in no entry: of NDJSON, of an array, or alone.</summary>
    public bool IsBare => ResourceLength == Length;
}
