namespace Salus.Health.Keywords;

/// <summary>What a whole file is found by, whatever its kind: each kind has a reader that knows where its words, codes and dates are, and where the patient is.</summary>
public static class KeywordExtractor
{
    /// <summary>
    /// The documents of a file that is one record: one, or none when it is found by nothing. Memory is bounded whatever the file holds; bytes that
    /// are not what the media type says give fewer words and never fail. Faults of the stream itself come through.
    /// </summary>
    /// <param name="content">Readable and seekable, at its beginning; it stays open.</param>
    /// <param name="mediaType">As <see cref="MediaTypes.Detect"/> tells it, or as an attachment states it.</param>
    /// <param name="fileName">Its words count for kinds without a reader (PDF, images) and for text; names of exports are often the patient's.</param>
    /// <param name="ownKeywords">The owner's words for it.</param>
    public static IEnumerable<DocumentTerms> Extract(Stream content, string mediaType, string fileName, IReadOnlyList<string> ownKeywords) =>
        Extract(content, mediaType, fileName, ownKeywords, new PatientValues());

    internal static IEnumerable<DocumentTerms> Extract(
        Stream content, string mediaType, string fileName, IReadOnlyList<string> ownKeywords, PatientValues patient)
    {
        var collector = new TermCollector(ownKeywords);
        var sink = new FilteredSink(collector, patient);
        if (!TryRead(content, mediaType, sink))
            sink.Text(Path.GetFileName(fileName).Replace('_', ' '));
        var document = collector.Take(DocumentTerms.Whole);
        if (document.Terms.Count > 0)
            yield return document;
    }

    /// <summary>The texts of a file that its words come from, in its order: for phrases and snippets. At most <see cref="FhirKeywords.MaxTexts"/>.</summary>
    public static IReadOnlyList<string> Texts(Stream content, string mediaType)
    {
        var texts = new TextList(FhirKeywords.MaxTexts);
        TryRead(content, mediaType, texts);
        return texts.Texts;
    }

    /// <summary>False for a kind whose file name counts too.</summary>
    private static bool TryRead(Stream content, string mediaType, ITermSink sink)
    {
        mediaType = mediaType.Split(';')[0].Trim().ToLowerInvariant();
        switch (mediaType)
        {
            case MediaTypes.FhirJson or MediaTypes.FhirNdjson:
                FhirKeywords.ReadFile(content, sink);
                return true;
            case MediaTypes.Cda:
                new CdaReader(sink).Read(content);
                return true;
            case MediaTypes.Hl7V2:
                new Hl7Reader(sink).Read(content);
                return true;
            case MediaTypes.Dicom:
                new DicomKeywords(sink).Read(content);
                return true;
            // Of these nobody knows where they name the patient.
            case MediaTypes.Json or MediaTypes.Ndjson or MediaTypes.Xml or MediaTypes.FhirXml:
                return true;
            case "text/html" or "application/xhtml+xml":
                PlainText.ReadMarkup(content, sink);
                return false;
            default:
                if (mediaType.StartsWith("text/", StringComparison.Ordinal))
                    PlainText.Read(content, sink);
                return false;
        }
    }
}
