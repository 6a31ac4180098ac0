using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>A revealed resource as FHIR: coarser values stand where the exact ones would.</summary>
internal static class Folded
{
    public static byte[] Of(JsonElement revealed) => SdJson.Write(json => Write(json, revealed));

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().Where(member => member.Name != Generalised.Member))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }
                if (value.TryGetProperty(Generalised.Member, out var coarser) && coarser.ValueKind == JsonValueKind.Object)
                    foreach (var entry in coarser.EnumerateObject().Where(entry => !value.TryGetProperty(entry.Name, out _)))
                        if (entry.Value.ValueKind == JsonValueKind.Object && entry.Value.EnumerateObject().Select(one => one.Value).ToList() is [var first, ..])
                        {
                            json.WritePropertyName(entry.Name);
                            first.WriteTo(json);
                        }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(json, element);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
