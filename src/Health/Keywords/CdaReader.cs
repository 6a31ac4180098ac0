using System.Collections.Frozen;
using System.Text;
using System.Xml;

namespace Salus.Health.Keywords;

/// <summary>
/// A clinical document (HL7 CDA R2, C-CDA): narrative and titles, names of things and of those who treat, codes by the OID of their system, dates.
/// The record target is read only to know what names the patient, so that it can be taken out of the narrative. No DTD, no entities of its own, and
/// memory does not grow with the document.
/// </summary>
internal sealed class CdaReader(ITermSink sink)
{
    private const int MaxDepth = 256, Piece = 16 * 1024;

    /// <summary>Texts before the record target that wait for it, a title above all.</summary>
    private const int MaxWaiting = 64;

    /// <summary>Of a document; an attribute stands in memory whole.</summary>
    private const long MaxCharacters = 64L * 1024 * 1024;

    /// <summary>Identifiers, addresses, and people who are the patient or belong to the patient.</summary>
    private static readonly FrozenSet<string> Skipped = FrozenSet.ToFrozenSet(
        ["id", "setId", "templateId", "typeId", "realmCode", "telecom", "addr", "birthTime", "patientRole", "patient", "guardian", "associatedEntity", "relatedEntity", "relatedSubject",
            "subject", "informationRecipient", "observationMedia", "lotNumberText", "signatureText", "confidentialityCode"]);

    private static readonly FrozenSet<string> TimeElements = FrozenSet.ToFrozenSet(["effectiveTime", "time", "availabilityTime"]);
    private static readonly FrozenSet<string> TimeParts = FrozenSet.ToFrozenSet(["low", "high", "center"]);

    private readonly PatientValues patient = new();
    private readonly List<string> waiting = [];
    private bool isPatientKnown;
    private readonly string[] path = new string[MaxDepth + 1];
    private readonly char[] buffer = new char[Piece];

    /// <summary>Reads a document; one that is no sound XML gives what stands before the fault.</summary>
    public void Read(Stream content)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters, IgnoreComments = true,
            IgnoreProcessingInstructions = true, CloseInput = false,
        };
        try
        {
            using var reader = XmlReader.Create(content, settings);
            Read(reader);
        }
        catch (Exception fault) when (fault is XmlException or ArgumentException or InvalidOperationException)
        {
            // Not XML, or in an encoding that is not there.
        }
        Release();
    }

    private void Read(XmlReader reader)
    {
        reader.Read();
        while (!reader.EOF)
        {
            if (reader.Depth > MaxDepth)
                return;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.LocalName == "recordTarget":
                    ReadPatient(reader);
                    Release();
                    continue;
                case XmlNodeType.Element when IsSkipped(reader):
                    reader.Skip();
                    continue;
                case XmlNodeType.Element:
                    path[reader.Depth] = reader.LocalName;
                    ReadElement(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    ReadText(reader);
                    continue;
            }
            reader.Read();
        }
    }

    /// <summary>A body that is not XML is a file of another kind in base64.</summary>
    private static bool IsSkipped(XmlReader reader) =>
        Skipped.Contains(reader.LocalName) || string.Equals(reader.GetAttribute("representation"), "B64", StringComparison.OrdinalIgnoreCase);

    private void ReadElement(XmlReader reader)
    {
        var name = reader.LocalName;
        var parent = reader.Depth > 0 ? path[reader.Depth - 1] : "";
        if (reader.GetAttribute("value") is { } value && !patient.Has(value) && (TimeElements.Contains(name) || (TimeParts.Contains(name) && TimeElements.Contains(parent))))
            sink.Date(TermNames.OfCompactDate(value));
        var code = reader.GetAttribute("code");
        if (name == "languageCode" && code is not null)
        {
            sink.Language(code);
            return;
        }
        if (name == "statusCode" && code is not null)
            sink.Text(code);
        if (code is not null && reader.GetAttribute("codeSystem") is { } system)
            sink.Code(system, code);
        if (reader.GetAttribute("displayName") is { } display)
            sink.Text(display);
    }

    /// <summary>Text in pieces that end between words.</summary>
    private void ReadText(XmlReader reader)
    {
        var kept = 0;
        while (reader.ReadValueChunk(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var filled = kept + read;
            var end = PlainText.EndOfWords(buffer.AsSpan(0, filled));
            Add(new string(buffer, 0, end));
            kept = filled - end;
            buffer.AsSpan(end, kept).CopyTo(buffer);
        }
        if (kept > 0)
            Add(new string(buffer, 0, kept));
        reader.Read();
    }

    private void Add(string text)
    {
        if (isPatientKnown)
            sink.Text(patient.TakenOutOf(text));
        else
        {
            waiting.Add(text);
            if (waiting.Count == MaxWaiting)
                Release();
        }
    }

    private void Release()
    {
        isPatientKnown = true;
        foreach (var text in waiting)
            sink.Text(patient.TakenOutOf(text));
        waiting.Clear();
    }

    /// <summary>Takes note of what names the patient; the document's header has it before any text.</summary>
    private void ReadPatient(XmlReader reader)
    {
        var depth = reader.Depth;
        var value = new StringBuilder();
        // A document without names for the patient has the custodian's after it: nothing of the organisation is the patient's.
        for (reader.Read(); !reader.EOF && reader.Depth > depth;)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName is "providerOrganization")
            {
                reader.Skip();
                continue;
            }
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (reader.LocalName == "id")
                    patient.Add(reader.GetAttribute("extension") ?? "");
                else if (reader.LocalName is "telecom" or "birthTime" && reader.GetAttribute("value") is { } attribute)
                    patient.Add(attribute[(attribute.IndexOf(':', StringComparison.Ordinal) + 1)..]);
                value.Clear();
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                var read = reader.ReadValueChunk(buffer, 0, buffer.Length);
                value.Append(buffer, 0, read);
            }
            else if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName is "given" or "family" or "name" or "streetAddressLine" or "birthplace")
            {
                patient.Add(value.ToString());
                value.Clear();
            }
            reader.Read();
        }
        if (reader.NodeType == XmlNodeType.EndElement)
            reader.Read();
    }
}
