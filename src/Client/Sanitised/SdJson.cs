using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Salus.Client.Sanitised;

/// <summary>JSON as signed copies need it: numbers keep their text, no member stands twice, depth and length are bounded.</summary>
internal static class SdJson
{
    /// <summary>FHIR nests some twenty levels; every level of a copy adds one.</summary>
    public const int MaxDepth = 64;

    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * MaxDepth };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>False also for texts that are no Unicode: every name and value that is read can be had as a string.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out JsonElement element)
    {
        element = default;
        try
        {
            if (!Utf8.IsValid(utf8.Span) || !AreWhole(utf8.Span))
                return false;
            using var document = JsonDocument.Parse(utf8, Reading);
            element = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether no escaped text has half of a surrogate pair.</summary>
    private static bool AreWhole(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Base64url without padding (RFC 7515, appendix C), and no other spelling of the same bytes.</summary>
    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length == 0 || !Ascii.IsValid(text) || text.Contains('=', StringComparison.Ordinal))
            return false;
        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out var consumed, out var written) != OperationStatus.Done || consumed != text.Length)
            return false;
        bytes = decoded[..written];
        return Base64Url.EncodeToString(bytes) == text;
    }

    /// <summary>Whether two values are the same, numbers by their text: a sanitised 1.50 is not 1.5.</summary>
    public static bool AreSame(JsonElement a, JsonElement b) => a.ValueKind == b.ValueKind && a.ValueKind switch
    {
        JsonValueKind.Object => a.GetPropertyCount() == b.GetPropertyCount()
            && a.EnumerateObject().All(member => b.TryGetProperty(member.Name, out var other) && AreSame(member.Value, other)),
        JsonValueKind.Array => a.GetArrayLength() == b.GetArrayLength() && a.EnumerateArray().Zip(b.EnumerateArray()).All(pair => AreSame(pair.First, pair.Second)),
        JsonValueKind.String => a.GetString() == b.GetString(),
        JsonValueKind.Number => a.GetRawText() == b.GetRawText(),
        _ => true,
    };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, Writing))
            write(writer);
        return json.ToArray();
    }
}
