using System.Buffers.Text;
using System.Text;
using Salus.Health.Fhir;

namespace Salus.Health.Keywords;

/// <summary>Reads the words, codes and dates of one resource at a time, as it streams by; memory is bounded by the longest text that is kept.</summary>
/// <param name="source">Where the resources are.</param>
/// <param name="sink">What they are found by.</param>
/// <param name="patient">Values that name the patient; they are taken out of free text.</param>
internal sealed class FhirTermReader(SourceBytes source, ITermSink sink, PatientValues patient)
{
    /// <summary>Bytes of one text that are read; what follows is not found.</summary>
    private const int MaxText = 256 * 1024;

    private const int AheadBuffer = 1024;

    private string type = "";

    private struct Frame
    {
        public string? System, Code, Display, Text, ContentType, Data;
        public bool HasCoding, IsReference, IsToPerson;
    }

    /// <summary>Reads a resource; one that is no sound JSON gives what stands before the fault.</summary>
    public void Read(long start, long length)
    {
        var scanner = new JsonScanner(source, start, start + length, buffer: JsonScanner.SmallBuffer, keep: MaxText);
        try
        {
            if (scanner.Read() == JsonToken.StartObject)
                ReadResource(scanner, start + length);
        }
        catch (FhirFormatException)
        {
        }
    }

    private void ReadResource(JsonScanner scanner, long end)
    {
        var outer = type;
        type = TypeOf(scanner.TokenStart, end);
        if (type.Length > 0)
        {
            sink.Text(type);
            if (type.AsSpan(1).IndexOfAnyInRange('A', 'Z') >= 0)
                sink.Text(string.Concat(type.Select(c => char.IsAsciiLetterUpper(c) ? $" {c}" : $"{c}")));
        }
        ReadObject(scanner, end, FhirRule.Resource, isNarrative: false);
        type = outer;
    }

    /// <summary>A resource's type need not come first, and decides what else of it may be read.</summary>
    private string TypeOf(long start, long end)
    {
        var ahead = new JsonScanner(source, start, end, buffer: AheadBuffer);
        ahead.Read();
        while (ahead.Read() == JsonToken.Name)
        {
            var isType = ahead.Text.SequenceEqual("resourceType"u8);
            ahead.Read();
            if (isType)
                return ahead.Token == JsonToken.String ? SmallText.Of(ahead.Text, 64) : "";
            ahead.SkipValue();
        }
        return "";
    }

    private void ReadObject(JsonScanner scanner, long end, FhirRule of, bool isNarrative)
    {
        var frame = new Frame();
        while (scanner.Read() == JsonToken.Name)
        {
            var rule = FhirRules.IsPerson(type) && of == FhirRule.Resource && !FhirRules.OfPerson(scanner.Text) ? FhirRule.Skip : FhirRules.Of(scanner.Text);
            // The status of a narrative is about the narrative.
            if (isNarrative && rule == FhirRule.Words)
                rule = FhirRule.Skip;
            frame.HasCoding |= rule == FhirRule.Coding;
            scanner.Read();
            ReadValue(scanner, end, rule, ref frame);
        }
        Settle(frame);
    }

    private void ReadValue(JsonScanner scanner, long end, FhirRule rule, ref Frame frame)
    {
        switch (scanner.Token)
        {
            case JsonToken.StartObject or JsonToken.StartArray when rule == FhirRule.Skip:
                scanner.SkipValue();
                break;
            case JsonToken.StartObject when rule == FhirRule.Resource:
                ReadResource(scanner, end);
                break;
            case JsonToken.StartObject:
                ReadObject(scanner, end, rule, isNarrative: rule == FhirRule.Concept);
                break;
            case JsonToken.StartArray:
                while (scanner.Read() != JsonToken.EndArray)
                    ReadValue(scanner, end, rule, ref frame);
                break;
            case JsonToken.String when rule is not (FhirRule.Skip or FhirRule.Walk):
                ReadString(Encoding.UTF8.GetString(scanner.Text), rule, ref frame);
                break;
        }
    }

    private void ReadString(string text, FhirRule rule, ref Frame frame)
    {
        switch (rule)
        {
            case FhirRule.Words:
                Free(text);
                break;
            case FhirRule.PersonName when type == "Practitioner":
                sink.Text(text);
                break;
            case FhirRule.Date when !patient.Has(text):
                sink.Date(text);
                break;
            case FhirRule.Language:
                sink.Language(text);
                break;
            case FhirRule.System:
                frame.System = text;
                break;
            case FhirRule.Code:
                frame.Code = text;
                break;
            case FhirRule.Display:
                frame.Display = text;
                break;
            case FhirRule.Concept:
                frame.Text = text;
                break;
            case FhirRule.Markup:
                Free(MarkupText.Of(text));
                break;
            case FhirRule.Reference:
                frame.IsReference = true;
                frame.IsToPerson |= IsToPerson(text);
                break;
            case FhirRule.Type:
                frame.IsToPerson |= FhirRules.IsPerson(text);
                Free(text);
                break;
            case FhirRule.ContentType:
                frame.ContentType = text;
                break;
            case FhirRule.Data:
                frame.Data = text;
                break;
        }
    }

    /// <summary>What can only be told when an object's last property is read.</summary>
    private void Settle(in Frame frame)
    {
        if (frame.Code is not null)
            sink.Code(frame.System, frame.Code);
        if (frame.Display is not null && !frame.IsToPerson)
        {
            // The name of a code is nobody's name; a reference's may be the patient's in an element that nobody thought of.
            if (frame.Code is not null && !frame.IsReference)
                sink.Text(frame.Display);
            else
                Free(frame.Display);
        }
        if (frame.Text is not null)
        {
            if (frame.HasCoding)
                sink.Text(frame.Text);
            else
                Free(frame.Text);
        }
        if (frame.Data is not null && frame.ContentType is not null)
            ReadNote(frame.ContentType, frame.Data);
    }

    /// <summary>A small note within the resource; a larger one is a record of its own.</summary>
    private void ReadNote(string contentType, string data)
    {
        if (!contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase))
            return;
        var bytes = new byte[data.Length / 4 * 3];
        if (Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(data[..(data.Length / 4 * 4)]), bytes, out _, out var written) != System.Buffers.OperationStatus.Done)
            return;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, written));
        Free(contentType.Contains("html", StringComparison.OrdinalIgnoreCase) ? MarkupText.Of(text) : text);
    }

    /// <summary>Text in which the patient may be named.</summary>
    private void Free(string text) => sink.Text(patient.TakenOutOf(text));

    private static bool IsToPerson(string reference) => reference.Contains("Patient/", StringComparison.Ordinal)
        || reference.Contains("Person/", StringComparison.Ordinal);
}
