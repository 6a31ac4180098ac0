using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>The resources of a file of FHIR R4 JSON: one resource, a Bundle (however nested), an array, or NDJSON.</summary>
internal static class FhirFile
{
    private const int Deepest = 8;
    private const long LargestFile = 512L * 1024 * 1024;

    public static IEnumerable<JsonElement> Read(string file)
    {
        if (!File.Exists(file))
            throw new CannotException($"There is no file {file}.");
        if (new FileInfo(file).Length > LargestFile)
            throw new CannotException($"{file} is larger than {LargestFile >> 20} MiB. Cut it into several files.");
        return Read(File.ReadAllBytes(file), file);
    }

    /// <param name="file">What it is called when something is wrong with it.</param>
    public static IEnumerable<JsonElement> Read(byte[] bytes, string file)
    {
        if (bytes.AsSpan().StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (SdJson.TryParse(bytes, out var whole))
            return Units(whole, 0, file).ToList();
        var resources = new List<JsonElement>();
        var number = 0;
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
        {
            number++;
            var line = bytes.AsMemory(range);
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            if (!SdJson.TryParse(line, out var unit))
                throw new CannotException($"{file} is no FHIR R4 JSON: line {number} cannot be read.");
            resources.AddRange(Units(unit, 0, file));
        }
        return resources.Count > 0 ? resources : throw new CannotException($"{file} holds no FHIR resource.");
    }

    private static IEnumerable<JsonElement> Units(JsonElement unit, int depth, string file)
    {
        if (depth > Deepest)
            throw new CannotException($"{file} nests bundles too deep.");
        if (unit.ValueKind == JsonValueKind.Array)
            return unit.EnumerateArray().SelectMany(element => Units(element, depth + 1, file));
        if (unit.ValueKind != JsonValueKind.Object || !unit.TryGetProperty("resourceType", out var type) || type.ValueKind != JsonValueKind.String)
            throw new CannotException($"{file} is no FHIR R4 JSON: something in it is no resource.");
        if (type.GetString() != "Bundle")
            return [unit];
        return unit.TryGetProperty("entry", out var entries) && entries.ValueKind == JsonValueKind.Array
            ? entries.EnumerateArray().SelectMany(entry => entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource", out var resource) ? Units(resource, depth + 1, file) : [])
            : [];
    }
}
