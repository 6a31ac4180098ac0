using System.Text.Json;

namespace Salus.Health.Tests.Deidentification.Fhir;

/// <summary>One place where two JSON documents differ; the order of members counts for nothing, the digits of numbers do.</summary>
internal sealed record JsonDifference(string Path, string? Expected, string? Actual)
{
    public static List<JsonDifference> Between(byte[] expected, string actual)
    {
        var bytes = expected.AsMemory();
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        using var a = JsonDocument.Parse(bytes);
        using var b = JsonDocument.Parse(actual);
        var found = new List<JsonDifference>();
        Compare(a.RootElement, b.RootElement, "", found);
        return found;
    }

    private static void Compare(JsonElement a, JsonElement b, string path, List<JsonDifference> found)
    {
        if (a.ValueKind == JsonValueKind.Object && b.ValueKind == JsonValueKind.Object)
            foreach (var name in a.EnumerateObject().Concat(b.EnumerateObject()).Select(member => member.Name).Distinct())
                if (!a.TryGetProperty(name, out var x))
                    found.Add(new($"{path}.{name}", null, b.GetProperty(name).GetRawText()));
                else if (!b.TryGetProperty(name, out var y))
                    found.Add(new($"{path}.{name}", x.GetRawText(), null));
                else
                    Compare(x, y, $"{path}.{name}", found);
        else if (a.ValueKind == JsonValueKind.Array && b.ValueKind == JsonValueKind.Array && a.GetArrayLength() == b.GetArrayLength())
            for (var i = 0; i < a.GetArrayLength(); i++)
                Compare(a[i], b[i], $"{path}[{i}]", found);
        else if (a.ValueKind != b.ValueKind || (a.ValueKind == JsonValueKind.String ? a.GetString() != b.GetString() : a.GetRawText() != b.GetRawText()))
            found.Add(new(path, Text(a), Text(b)));
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
}
