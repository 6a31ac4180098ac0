using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>
/// Puts disclosed values in the place of their digests, and drops the digests of what is not disclosed. RFC 9901, section 7.1, step 3. Stricter than the RFC: but for the type of the resource, a
/// coding and a quantity nothing stands in clear beside digests, for whoever holds the copy could not leave it out.
/// </summary>
internal sealed class Revealing(IReadOnlyDictionary<string, Disclosure> byDigest)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Disclosures that a digest referred to.</summary>
    public int Used { get; private set; }

    /// <summary>What the copy breaks, or null. What was written then is to be thrown away.</summary>
    public string? Fault { get; private set; }

    public void Write(Utf8JsonWriter json, JsonElement value, int depth)
    {
        if (depth > SdJson.MaxDepth)
        {
            Fault ??= "it is nested too deep";
            json.WriteNullValue();
            return;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                WriteMembers(json, value, depth);
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    WriteElement(json, element, depth);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private void WriteMembers(Utf8JsonWriter json, JsonElement value, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hides = value.TryGetProperty(Disclosure.Digests, out var digests);
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name == Disclosure.Digests)
                continue;
            if (member.Name == Disclosure.Element)
                Fault ??= "a digest stands where none may be";
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array || (depth == 0 ? member.Name != SdJwtIssuer.ResourceType : hides))
                Fault ??= "something stands in clear that a holder could not leave out";
            names.Add(member.Name);
            json.WritePropertyName(member.Name);
            Write(json, member.Value, depth + 1);
        }
        if (!hides)
            return;
        if (digests.ValueKind != JsonValueKind.Array)
        {
            Fault ??= "its digests are no list";
            return;
        }
        foreach (var digest in digests.EnumerateArray())
        {
            if (Take(digest) is not { } disclosure)
                continue;
            if (disclosure.Name is not { } name || !names.Add(name))
            {
                Fault ??= "a disclosure is of something else than its place";
                continue;
            }
            json.WritePropertyName(name);
            Write(json, disclosure.Value, depth + 1);
        }
    }

    private void WriteElement(Utf8JsonWriter json, JsonElement element, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(Disclosure.Element, out var digest))
        {
            Fault ??= "something stands in clear that a holder could not leave out";
            return;
        }
        if (element.GetPropertyCount() != 1)
            Fault ??= "a digest stands where none may be";
        if (Take(digest) is not { } disclosure)
            return;
        if (disclosure.Name is not null)
            Fault ??= "a disclosure is of something else than its place";
        Write(json, disclosure.Value, depth + 1);
    }

    private Disclosure? Take(JsonElement digest)
    {
        if (digest.ValueKind != JsonValueKind.String || digest.GetString() is not { } text || !_seen.Add(text))
        {
            Fault ??= "a digest is none, or stands twice";
            return null;
        }
        if (!byDigest.TryGetValue(text, out var disclosure))
            return null;
        Used++;
        return disclosure;
    }
}
