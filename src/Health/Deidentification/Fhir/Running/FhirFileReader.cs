using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Running;

/// <summary>
/// Reads a file of FHIR JSON (a resource, a Bundle, an array, NDJSON) resource by resource: of a Bundle one entry at a time, and last what stands
/// around its entries.
/// </summary>
internal sealed class FhirFileReader(Stream source, CancellationToken cancel)
{
    private const int MaxHeader = 4 * 1024 * 1024;

    private readonly SourceBytes bytes = new(source);

    public void Read(IFhirSink sink)
    {
        var scanner = new JsonScanner(bytes, 0, bytes.Length, keep: JsonTree.MaxBytes, cancel: cancel);
        scanner.ReadStart();
        if (scanner.Read() == JsonToken.StartArray)
        {
            sink.BeginFile(isArray: true);
            while (scanner.Read() != JsonToken.EndArray)
                ReadResource(scanner, sink, inArray: true);
            if (scanner.Read() != JsonToken.End)
                throw scanner.FaultAtToken(FhirFault.NotJson, "Something follows the end of the array");
        }
        else
        {
            sink.BeginFile(isArray: false);
            ReadResource(scanner, sink);
            while (scanner.Read() != JsonToken.End)
            {
                if (!scanner.NewLineBefore)
                    throw scanner.FaultAtToken(FhirFault.NotJson, "Something follows the end of the resource on the same line");
                ReadResource(scanner, sink);
            }
        }
        sink.EndFile();
    }

    private void ReadResource(JsonScanner scanner, IFhirSink sink, bool inArray = false)
    {
        if (scanner.Token != JsonToken.StartObject)
            throw scanner.FaultAtToken(FhirFault.NotFhir, "A FHIR resource is a JSON object, and something else stands here");
        if (!IsBundle(scanner.TokenStart, scanner.Line))
        {
            var tree = JsonTree.Read(scanner);
            if (inArray && tree.Member("resourceType") is null && tree.Member("resource") is not null)
                sink.LooseEntry(tree);
            else
                sink.Resource(tree);
            return;
        }
        var header = new JsonTree { Kind = JsonToken.StartObject, Line = scanner.Line, Offset = scanner.TokenStart };
        var size = 0L;
        sink.BeginBundle();
        while (scanner.Read() == JsonToken.Name)
        {
            var name = System.Text.Encoding.UTF8.GetString(scanner.Text);
            scanner.Read();
            if (name == "entry")
            {
                ReadEntries(scanner, sink);
                continue;
            }
            header.Members.Add((name, JsonTree.Read(scanner)));
            if ((size += scanner.TokenEnd - header.Members[^1].Value.Offset) > MaxHeader)
                throw scanner.FaultAtToken(FhirFault.TooLarge, $"What stands around the entries of a bundle is larger than {MaxHeader >> 20} MiB");
        }
        sink.EndBundle(header);
    }

    private static void ReadEntries(JsonScanner scanner, IFhirSink sink)
    {
        if (scanner.Token != JsonToken.StartArray)
            throw scanner.FaultAtToken(FhirFault.NotFhir, "The entries of a bundle are not an array");
        while (scanner.Read() != JsonToken.EndArray)
        {
            if (scanner.Token != JsonToken.StartObject)
                throw scanner.FaultAtToken(FhirFault.NotFhir, "An entry of a bundle is not an object");
            sink.Entry(JsonTree.Read(scanner));
        }
    }

    /// <summary>Looks ahead for the type, which may stand after the entries.</summary>
    private bool IsBundle(long start, long line)
    {
        var ahead = new JsonScanner(bytes, start, bytes.Length, line, buffer: JsonScanner.SmallBuffer, cancel: cancel);
        ahead.Read();
        while (ahead.Read() == JsonToken.Name)
        {
            var isType = ahead.Text.SequenceEqual("resourceType"u8);
            ahead.Read();
            if (isType)
                return ahead.Token == JsonToken.String && ahead.Text.SequenceEqual("Bundle"u8);
            ahead.SkipValue();
        }
        return false;
    }
}
