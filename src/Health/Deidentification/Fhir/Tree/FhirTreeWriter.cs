using System.Text.Json;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Tree;

/// <summary>Writes what is left of a tree as JSON, members in the order of the file.</summary>
internal static class FhirTreeWriter
{
    public static void Write(Utf8JsonWriter json, FhirNode node)
    {
        json.WriteStartObject();
        WriteMembers(json, node);
        json.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter json, FhirNode node)
    {
        if (node.IsResource)
            json.WriteString("resourceType", node.Type!.Name);
        foreach (var member in node.Members)
            WriteMember(json, member);
    }

    private static void WriteMember(Utf8JsonWriter json, FhirMember member)
    {
        if (member.Type is { IsPrimitive: true })
        {
            WritePrimitives(json, member);
            return;
        }
        var items = member.Items.Where(item => !item.IsEmpty).ToList();
        if (items.Count == 0)
            return;
        json.WritePropertyName(member.Json);
        if (member.IsArray || items.Count > 1)
            json.WriteStartArray();
        foreach (var item in items)
            if (item.Text is null)
                Write(json, item);
            else
                WriteValue(json, item);
        if (member.IsArray || items.Count > 1)
            json.WriteEndArray();
    }

    private static void WritePrimitives(Utf8JsonWriter json, FhirMember member)
    {
        var items = member.Items.Where(item => !item.IsEmpty).ToList();
        var isArray = member.IsArray || items.Count > 1;
        if (items.Any(item => item.Text is not null))
        {
            json.WritePropertyName(member.Json);
            if (isArray)
                json.WriteStartArray();
            foreach (var item in items)
                WriteValue(json, item);
            if (isArray)
                json.WriteEndArray();
        }
        if (!items.Any(HasBeside))
            return;
        json.WritePropertyName("_" + member.Json);
        if (isArray)
            json.WriteStartArray();
        foreach (var item in items)
            if (HasBeside(item))
                Write(json, item);
            else
                json.WriteNullValue();
        if (isArray)
            json.WriteEndArray();
    }

    private static bool HasBeside(FhirNode node) => node.Members.Any(member => member.Items.Any(item => !item.IsEmpty));

    private static void WriteValue(Utf8JsonWriter json, FhirNode node)
    {
        switch (node.Kind)
        {
            case JsonToken.String:
                json.WriteStringValue(node.Text);
                break;
            case JsonToken.Number:
                // The digits of the file: a double would lose some.
                json.WriteRawValue(node.Text!, skipInputValidation: true);
                break;
            case JsonToken.True or JsonToken.False:
                json.WriteBooleanValue(node.Kind == JsonToken.True);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
