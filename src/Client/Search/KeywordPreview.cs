using Salus.Client.Records;
using Salus.Health;
using Salus.Health.Fhir;
using Salus.Health.Keywords;

namespace Salus.Client.Search;

/// <summary>One document of a file: a FHIR resource, an attachment, or the file itself.</summary>
/// <param name="Partition">Where an import would put it; null for a file.</param>
/// <param name="Resource">"Type/id" or "Type" of a FHIR resource; null for anything else.</param>
/// <param name="Name">One line that says what it is; may be empty.</param>
/// <param name="Length">How long it is for ranking: its words and codes, with repetitions.</param>
/// <param name="Terms">Term and frequency, in ordinal order: words <c>w:</c>, codes <c>c:</c>, dates <c>d:</c>.</param>
public sealed record PreviewedDocument(string? Partition, string? Resource, string Name, int Length, IReadOnlyList<KeyValuePair<string, int>> Terms);

/// <summary>Shows what a file would be found by, before it is put or imported: no account and no server is asked, nothing is kept.</summary>
public static class KeywordPreview
{
    /// <summary>
    /// The documents of a file, one by one. FHIR is sliced as `import` does; anything else, and FHIR that an import would refuse, is one document as
    /// `put` makes it.
    /// </summary>
    public static IEnumerable<PreviewedDocument> Read(string path, IReadOnlyList<string> keywords, CancellationToken cancel = default)
    {
        if (!File.Exists(path))
            throw new CannotException($"There is no file {path}.");
        return Documents(path, keywords, cancel);
    }

    private static IEnumerable<PreviewedDocument> Documents(string path, IReadOnlyList<string> keywords, CancellationToken cancel)
    {
        using var stream = RecordStore.OpenFile(path);
        var name = Path.GetFileName(path);
        var mediaType = RecordStore.MediaTypeOf(stream, name);
        var import = mediaType is MediaTypes.FhirJson or MediaTypes.FhirNdjson ? Slice(stream, cancel) : null;
        var documents = import is null
            ? KeywordExtractor.Extract(stream, mediaType, name, keywords).Select(terms => new PreviewedDocument(null, null, name, terms.Length, terms.Terms))
            : import.Slices.SelectMany(slice => OfSlice(slice, keywords)).Concat(import.Attachments.SelectMany(attachment => OfAttachment(import, attachment, keywords)));
        foreach (var document in documents)
        {
            cancel.ThrowIfCancellationRequested();
            yield return document;
        }
    }

    private static IEnumerable<PreviewedDocument> OfSlice(PartitionSlice slice, IReadOnlyList<string> keywords)
    {
        foreach (var terms in FhirKeywords.Extract(slice, keywords))
        {
            var entry = slice.Index.Entries[terms.Resource];
            yield return new PreviewedDocument(slice.Partition, entry.Id is null ? entry.Type : $"{entry.Type}/{entry.Id}", entry.Summary, terms.Length, terms.Terms);
        }
    }

    private static IEnumerable<PreviewedDocument> OfAttachment(FhirImport import, FhirAttachment attachment, IReadOnlyList<string> keywords) =>
        FhirKeywords.Extract(import, attachment, keywords).Select(terms => new PreviewedDocument(attachment.Partition, null, attachment.Title ?? "", terms.Length, terms.Terms));

    private static FhirImport? Slice(FileStream stream, CancellationToken cancel)
    {
        try
        {
            return FhirImport.Read(stream, cancel: cancel);
        }
        catch (FhirFormatException)
        {
            stream.Position = 0;
            return null;
        }
    }
}
