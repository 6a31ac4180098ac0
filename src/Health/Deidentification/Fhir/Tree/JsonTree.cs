using System.Text;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Tree;

/// <summary>A JSON value with the order of its members and the text of its numbers, and where it stood in the file.</summary>
internal sealed class JsonTree
{
    /// <summary>Bytes of one resource; with its attachments in it, as FHIR has them.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Values of one resource.</summary>
    private const int MaxValues = 4_000_000;

    /// <summary>StartObject, StartArray, or the kind of a primitive.</summary>
    public required JsonToken Kind { get; init; }

    public string Text { get; init; } = "";

    public required long Line { get; init; }

    public required long Offset { get; init; }

    public List<(string Name, JsonTree Value)> Members { get; } = [];

    public List<JsonTree> Items { get; } = [];

    /// <summary>Reads the value whose first token was just read.</summary>
    public static JsonTree Read(JsonScanner scanner)
    {
        var (start, values) = (scanner.TokenStart, 0);
        return Read(scanner, start, ref values);
    }

    public JsonTree? Member(string name)
    {
        foreach (var member in Members)
            if (member.Name == name)
                return member.Value;
        return null;
    }

    public FhirFormatException Fault(FhirFault fault, string what) => new(fault, what, Line, Offset);

    private static JsonTree Read(JsonScanner scanner, long start, ref int values)
    {
        if (scanner.TokenEnd - start > MaxBytes || ++values > MaxValues || scanner.TextCut)
            throw scanner.FaultAtToken(FhirFault.TooLarge, $"A resource is larger than {MaxBytes >> 20} MiB or {MaxValues} values");
        var tree = new JsonTree
        {
            Kind = scanner.Token, Line = scanner.Line, Offset = scanner.TokenStart,
            Text = scanner.Token is JsonToken.String or JsonToken.Number ? Encoding.UTF8.GetString(scanner.Text) : "",
        };
        if (scanner.Token == JsonToken.StartArray)
            while (scanner.Read() != JsonToken.EndArray)
                tree.Items.Add(Read(scanner, start, ref values));
        else if (scanner.Token == JsonToken.StartObject)
            while (scanner.Read() == JsonToken.Name)
            {
                var name = Encoding.UTF8.GetString(scanner.Text);
                scanner.Read();
                tree.Members.Add((name, Read(scanner, start, ref values)));
            }
        return tree;
    }
}
