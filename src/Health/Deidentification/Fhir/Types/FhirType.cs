namespace Salus.Health.Deidentification.Fhir.Types;

/// <summary>A type of FHIR R4: a primitive, a data type, a resource, or the anonymous type of a group of elements ("Patient.contact").</summary>
internal sealed class FhirType(string name, string? parent)
{
    private readonly Dictionary<string, FhirElement> byJson = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FhirElement>> byPath = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public string? ParentName { get; } = parent;

    public FhirType? Parent { get; set; }

    public bool IsPrimitive { get; init; }

    public bool IsResource => Is("Resource");

    /// <summary>Numbers and truth values, which JSON writes without quotes.</summary>
    public JsonKind Kind { get; init; }

    public bool IsDate => Name is "date" or "dateTime" or "instant";

    /// <summary>What may hold anything at all, and is kept only by a rule that names it.</summary>
    public bool IsOpen => Name is "Extension" or "Narrative" or "Attachment" or "base64Binary" or "xhtml";

    public bool Is(string ancestor)
    {
        for (var type = this; type is not null; type = type.Parent)
            if (type.Name == ancestor)
                return true;
        return false;
    }

    /// <summary>The element that JSON calls so: "valueQuantity" is the element "value" with the type Quantity.</summary>
    public FhirElement? OfJson(string name) => byJson.GetValueOrDefault(name) ?? Parent?.OfJson(name);

    /// <summary>The elements that a path calls so: one, or one for each type of a choice.</summary>
    public IReadOnlyList<FhirElement> OfPath(string name) => byPath.TryGetValue(name, out var found) ? found : Parent?.OfPath(name) ?? [];

    public IEnumerable<string> PathNames => byPath.Keys;

    public void Add(string json, FhirElement element)
    {
        byJson[json] = element;
        if (!byPath.TryGetValue(element.Name, out var list))
            byPath[element.Name] = list = [];
        list.Add(element);
    }
}

/// <summary>An element by its name in paths, and its type.</summary>
internal sealed record FhirElement(string Name, FhirType Type);

/// <summary>How JSON writes a primitive.</summary>
internal enum JsonKind : byte { Text, Number, Truth }
