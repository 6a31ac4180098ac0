using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;

namespace Salus.Client.Studies;

/// <summary>An image or document of a contribution, de-identified.</summary>
public sealed record ContributedFile(string MediaType, byte[] Content);

/// <summary>
/// What is inside a sealed copy, de-identified before it left the participant's device: zlib over a JSON document
/// <c>{"pseudonym", "row": {column: value}, "resources": [FHIR resource], "files": [{"mediaType", "content": base64}]}</c>.
/// </summary>
/// <param name="Pseudonym">The participant in this study and no other: up to 64 letters, digits and hyphens.</param>
/// <param name="Row">The columns that the study declares, and their values.</param>
/// <param name="Resources">FHIR resources in JSON, UTF-8, each on its own.</param>
/// <param name="Files">Images and such.</param>
public sealed record ContributionCopy(string Pseudonym, IReadOnlyDictionary<string, string> Row, IReadOnlyList<ReadOnlyMemory<byte>> Resources, IReadOnlyList<ContributedFile> Files)
{
    private const int MaxUnpacked = 128 * 1024 * 1024;
    private const int MaxPseudonym = 64;
    private const int MaxColumns = 64;
    private const int MaxValue = 4096;
    private const int MaxResources = 1_000_000;
    private const int MaxFiles = 1000;
    private const int MaxMediaType = 100;
    private const int MaxDepth = 128;

    public byte[] ToBytes()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var json = new Utf8JsonWriter(zlib, new JsonWriterOptions { MaxDepth = MaxDepth }))
        {
            json.WriteStartObject();
            json.WriteString("pseudonym", Pseudonym);
            json.WriteStartObject("row");
            foreach (var (column, value) in Row)
                json.WriteString(column, value);
            json.WriteEndObject();
            json.WriteStartArray("resources");
            foreach (var resource in Resources)
                json.WriteRawValue(resource.Span);
            json.WriteEndArray();
            json.WriteStartArray("files");
            foreach (var file in Files)
            {
                json.WriteStartObject();
                json.WriteString("mediaType", file.MediaType);
                json.WriteBase64String("content", file.Content);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return packed.ToArray();
    }

    /// <summary>False for anything but such a document: whoever contributed made the bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ContributionCopy? copy)
    {
        copy = null;
        if (!TryUnpack(bytes, out var utf8) || !Utf8.IsValid(utf8.Span))
            return false;
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            copy = Read(document.RootElement);
            return copy is not null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON; or strings with halves of characters, or no base64, within it.
            return false;
        }
    }

    /// <summary>Whether a text can stand for a participant, as a FHIR identifier and in a file's name too.</summary>
    internal static bool IsPseudonym(string text) => text.Length is > 0 and <= MaxPseudonym && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static ContributionCopy? Read(JsonElement root)
    {
        if (!TryArray(root, "resources", MaxResources, out var resources) || !TryArray(root, "files", MaxFiles, out var files) || Text(root, "pseudonym", MaxPseudonym) is not { } pseudonym
            || !IsPseudonym(pseudonym) || !root.TryGetProperty("row", out var columns) || columns.ValueKind != JsonValueKind.Object)
            return null;
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in columns.EnumerateObject())
            if (row.Count == MaxColumns || column.Value.ValueKind != JsonValueKind.String || column.Value.GetString() is not { Length: <= MaxValue } value || !row.TryAdd(column.Name, value))
                return null;
        var read = new List<ContributedFile>();
        foreach (var file in files.EnumerateArray())
        {
            if (Text(file, "mediaType", MaxMediaType) is not { } mediaType || !file.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.String)
                return null;
            read.Add(new ContributedFile(mediaType, content.GetBytesFromBase64()));
        }
        return resources.EnumerateArray().Any(resource => Text(resource, "resourceType", MaxValue) is null)
            ? null
            : new ContributionCopy(pseudonym, row, [.. resources.EnumerateArray().Select(Bytes)], read);
    }

    private static ReadOnlyMemory<byte> Bytes(JsonElement element)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            element.WriteTo(json);
        return bytes.ToArray();
    }

    private static bool TryArray(JsonElement root, string name, int limit, out JsonElement array)
    {
        array = default;
        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out array) && array.ValueKind == JsonValueKind.Array && array.GetArrayLength() <= limit;
    }

    private static string? Text(JsonElement element, string name, int limit) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { } value && value.Length <= limit
            ? value
            : null;

    private static bool TryUnpack(ReadOnlySpan<byte> packed, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        using var unpacked = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = zlib.Read(buffer)) > 0;)
            {
                if (unpacked.Length + read > MaxUnpacked)
                    return false;
                unpacked.Write(buffer, 0, read);
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            // The latter for a stream that wants a dictionary.
            return false;
        }
        bytes = unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
        return true;
    }
}
