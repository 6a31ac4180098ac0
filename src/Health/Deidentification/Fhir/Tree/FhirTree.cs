using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Tree;

/// <summary>Gives the values of a JSON tree their FHIR types.</summary>
internal static class FhirTree
{
    private const int MaxNestedResources = 8;

    /// <summary>A resource, which may stand in another.</summary>
    public static FhirNode Resource(JsonTree json, FhirNode? parent = null, string name = "", int depth = 0)
    {
        if (depth > MaxNestedResources)
            throw json.Fault(FhirFault.TooDeep, "Resources stand in each other too deep");
        if (json.Kind != JsonToken.StartObject || json.Member("resourceType") is not { Kind: JsonToken.String } stated)
            throw json.Fault(FhirFault.NotFhir, "A JSON value without a resource type is no FHIR resource");
        var type = FhirTypes.FindResource(stated.Text) ?? throw stated.Fault(FhirFault.NotFhir, "The resource type is none of FHIR R4");
        var node = new FhirNode(parent, name, type);
        Fill(node, json, depth);
        return node;
    }

    /// <summary>An element of the type that its place gives it.</summary>
    public static FhirNode Element(JsonTree json, FhirNode? parent, string name, FhirType? type, int depth = 0)
    {
        if (type is { IsResource: true })
            return Resource(json, parent, name, depth + 1);
        var node = new FhirNode(parent, name, type);
        switch (json.Kind)
        {
            case JsonToken.StartArray:
                throw json.Fault(FhirFault.NotFhir, "An array stands in an array");
            case JsonToken.StartObject:
                Fill(node, json, depth);
                break;
            case JsonToken.Null:
                break;
            default:
                node.Load(json.Kind, json.Text);
                break;
        }
        return node;
    }

    private static void Fill(FhirNode node, JsonTree json, int depth)
    {
        foreach (var (name, value) in json.Members)
            if (!(name.StartsWith('_') || (node.IsResource && name == "resourceType")))
                AddMember(node, name, value, depth);
        foreach (var (name, value) in json.Members)
            if (name.StartsWith('_'))
                AddBeside(node, name[1..], value, depth);
    }

    private static void AddMember(FhirNode node, string name, JsonTree value, int depth)
    {
        var element = node.Type?.OfJson(name);
        var member = new FhirMember(name, element?.Name ?? name, element?.Type, value.Kind == JsonToken.StartArray);
        foreach (var item in member.IsArray ? value.Items : [value])
            member.Items.Add(Element(item, node, member.Name, member.Type, depth));
        node.Members.Add(member);
    }

    /// <summary>Identifier and extensions of a primitive; what has no primitive beside it stands for itself.</summary>
    private static void AddBeside(FhirNode node, string name, JsonTree value, int depth)
    {
        var member = node.Members.Find(m => m.Json == name);
        var isArray = value.Kind == JsonToken.StartArray;
        if (member is null)
        {
            var element = node.Type?.OfJson(name);
            // "_x" where R4 has no x, or where x is no primitive, is as unknown as any other name.
            var type = element?.Type is { IsPrimitive: true } primitive ? primitive : null;
            node.Members.Add(member = new FhirMember(type is null ? "_" + name : name, element?.Name ?? name, type, isArray));
        }
        else if (member.Type is not { IsPrimitive: true } || member.IsArray != isArray)
            throw value.Fault(FhirFault.NotFhir, "What stands beside a primitive does not fit it");
        var items = isArray ? value.Items : [value];
        for (var i = 0; i < items.Count; i++)
        {
            if (i == member.Items.Count)
                member.Items.Add(new FhirNode(node, member.Name, member.Type));
            if (items[i].Kind == JsonToken.StartObject)
                Fill(member.Items[i], items[i], depth);
            else if (items[i].Kind != JsonToken.Null)
                throw items[i].Fault(FhirFault.NotFhir, "What stands beside a primitive is an object or null");
        }
    }
}
