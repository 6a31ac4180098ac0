using Salus.Health.Fhir;

namespace Salus.Health.Keywords;

/// <summary>The documents of a slice: one for each entry that has a resource, by its ordinal in the index. Resources are read one by one.</summary>
public static class FhirKeywords
{
    /// <summary>UTF-16 units of text that <see cref="Texts"/> gives at most.</summary>
    public const int MaxTexts = 1024 * 1024;

    /// <summary>The documents of a slice that is being imported. What names the patient of the import is taken out of notes and narratives too.</summary>
    /// <param name="ownKeywords">The owner's words, which each of the documents is also found by.</param>
    public static IEnumerable<DocumentTerms> Extract(PartitionSlice slice, IReadOnlyList<string> ownKeywords) =>
        Extract(slice.Index, slice.OpenRead(), ownKeywords, new PatientValues(slice.Patient.Values));

    /// <summary>The documents of a slice that was opened: readable and seekable, positions as in its index.</summary>
    public static IEnumerable<DocumentTerms> Extract(SliceIndex index, Stream body, IReadOnlyList<string> ownKeywords) => Extract(index, body, ownKeywords, new PatientValues());

    /// <summary>
    /// The document of an attachment that is being imported, or none: a record of its own, found by what its content says, without what names the
    /// patient of the import.
    /// </summary>
    public static IEnumerable<DocumentTerms> Extract(FhirImport import, FhirAttachment attachment, IReadOnlyList<string> ownKeywords)
    {
        var content = attachment.OpenRead();
        return KeywordExtractor.Extract(content, TypeOf(attachment, content), attachment.Title ?? "", ownKeywords, new PatientValues(import.Slices[0].Patient.Values));
    }

    /// <summary>The texts of one resource that its words come from, in its order: for phrases and snippets.</summary>
    /// <param name="resource">The JSON of the resource, readable and seekable.</param>
    public static IReadOnlyList<string> Texts(Stream resource)
    {
        var texts = new TextList(MaxTexts);
        new FhirTermReader(new SourceBytes(resource), texts, new PatientValues()).Read(0, resource.Length);
        return texts.Texts;
    }

    /// <summary>A whole file as one document: everything that the documents of its slices would be found by. A file that is no FHIR gives nothing.</summary>
    internal static void ReadFile(Stream file, ITermSink sink)
    {
        try
        {
            var import = FhirImport.Read(file, FhirImportOptions.Default with { WholePartition = PartitionTable.Medical, AttachmentFloor = int.MaxValue });
            var slice = import.Slices[0];
            var reader = new FhirTermReader(new SourceBytes(slice.OpenRead()), sink, new PatientValues(slice.Patient.Values));
            foreach (var entry in slice.Index.Entries)
                reader.Read(entry.ResourceOffset, entry.ResourceLength);
        }
        catch (FhirFormatException)
        {
        }
    }

    /// <summary>By its bytes, which the resource may state wrongly; but text may look like anything.</summary>
    private static string TypeOf(FhirAttachment attachment, Stream content)
    {
        if (attachment.MediaType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true)
            return attachment.MediaType;
        var head = new byte[(int)Math.Min(MediaTypes.HeadSize, attachment.Length)];
        var read = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        content.Position = 0;
        return MediaTypes.Detect(head.AsSpan(0, read), attachment.Title ?? "");
    }

    private static IEnumerable<DocumentTerms> Extract(SliceIndex index, Stream body, IReadOnlyList<string> ownKeywords, PatientValues patient)
    {
        var collector = new TermCollector(ownKeywords);
        var reader = new FhirTermReader(new SourceBytes(body), collector, patient);
        for (var i = 0; i < index.Entries.Count; i++)
        {
            var entry = index.Entries[i];
            if (entry.ResourceLength == 0)
                continue;
            reader.Read(entry.ResourceOffset, entry.ResourceLength);
            yield return collector.Take(i);
        }
    }
}
