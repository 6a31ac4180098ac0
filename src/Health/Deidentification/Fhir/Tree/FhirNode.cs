using System.Text;
using Salus.Health.Deidentification.Fhir.Types;
using Salus.Health.Fhir;

namespace Salus.Health.Deidentification.Fhir.Tree;

/// <summary>
/// An element of a resource as rules see it: "deceasedBoolean" is the element "deceased", and what JSON keeps beside a primitive ("_birthDate") stands
/// below it. Conditions of rules see <see cref="Original"/>, what is written is <see cref="Text"/>.
/// </summary>
internal sealed class FhirNode(FhirNode? parent, string name, FhirType? type)
{
    public FhirNode? Parent { get; } = parent;

    public string Name { get; } = name;

    /// <summary>Null for what R4 does not know.</summary>
    public FhirType? Type { get; } = type;

    /// <summary>String, Number, True or False; None for an element without a value of its own.</summary>
    public JsonToken Kind { get; private set; }

    public string? Text { get; private set; }

    public JsonToken OriginalKind { get; private set; }

    public string? Original { get; private set; }

    public List<FhirMember> Members { get; } = [];

    /// <summary>Whether a rule has settled the value.</summary>
    public bool IsDone { get; set; }

    /// <summary>Whether a rule keeps the value as it is.</summary>
    public bool IsKept { get; set; }

    public bool IsResource => Type is { IsResource: true };

    public bool IsPrimitive => Type is { IsPrimitive: true };

    public IEnumerable<FhirNode> Children => Members.SelectMany(member => member.Items);

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Text is null && !IsResource && Members.All(member => member.Items.All(item => item.IsEmpty));

    /// <summary>"Patient.name.family", from the innermost resource on; what R4 does not know has no name, which could be anything.</summary>
    public string Path
    {
        get
        {
            var names = new Stack<string>();
            var node = this;
            for (; node.Parent is not null && !node.IsResource; node = node.Parent)
                names.Push(node.Type is null ? "(unknown)" : node.Name);
            names.Push(node.Type?.Name ?? "(unknown)");
            return string.Join('.', names);
        }
    }

    public void Load(JsonToken kind, string text) => (OriginalKind, Original, Kind, Text) = (kind, text, kind, text);

    public void Set(JsonToken kind, string text) => (Kind, Text) = (kind, text);

    public void Clear() => (Kind, Text) = (JsonToken.None, null);

    public string? TextOf(string child)
    {
        foreach (var member in Members)
            if (member.Name == child && member.Items is [var only, ..])
                return only.Original;
        return null;
    }

    public override string ToString() => new StringBuilder(Path).Append(Text is null ? "" : " [redacted]").ToString();
}

/// <summary>A member of the JSON object: its name there, and its values, in an array or alone.</summary>
internal sealed class FhirMember(string json, string name, FhirType? type, bool isArray)
{
    public string Json { get; } = json;

    public string Name { get; } = name;

    public FhirType? Type { get; } = type;

    public bool IsArray { get; set; } = isArray;

    public List<FhirNode> Items { get; } = [];
}
