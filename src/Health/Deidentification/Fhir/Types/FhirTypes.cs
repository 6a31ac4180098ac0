namespace Salus.Health.Deidentification.Fhir.Types;

/// <summary>
/// All types of FHIR R4 with their elements, out of the embedded table (r4.txt; generate.mjs beside it makes it from the published definitions). A
/// line is <c>Type:Parent name=Type name[x]=Type|Type</c>; "." is the anonymous type "Type.name", "*" every type that an extension may have.
/// </summary>
internal static class FhirTypes
{
    private static readonly Lazy<Dictionary<string, FhirType>> Table = new(Load);
    private static readonly Lazy<HashSet<string>> Names = new(() => [.. Table.Value.Values.SelectMany(type => type.PathNames)]);
    private static readonly Lazy<List<FhirType>> AllResources = new(() => [.. Table.Value.Values.Where(type => type.IsResource)]);

    private static readonly (string Name, string Parent, JsonKind Kind)[] Primitives =
    [
        ("base64Binary", "Element", JsonKind.Text), ("boolean", "Element", JsonKind.Truth), ("canonical", "uri", JsonKind.Text),
        ("code", "string", JsonKind.Text), ("date", "Element", JsonKind.Text), ("dateTime", "Element", JsonKind.Text),
        ("decimal", "Element", JsonKind.Number), ("id", "string", JsonKind.Text), ("instant", "Element", JsonKind.Text),
        ("integer", "Element", JsonKind.Number), ("markdown", "string", JsonKind.Text), ("oid", "uri", JsonKind.Text),
        ("positiveInt", "integer", JsonKind.Number), ("string", "Element", JsonKind.Text), ("time", "Element", JsonKind.Text),
        ("unsignedInt", "integer", JsonKind.Number), ("uri", "Element", JsonKind.Text), ("url", "uri", JsonKind.Text),
        ("uuid", "uri", JsonKind.Text), ("xhtml", "Element", JsonKind.Text),
    ];

    public static IReadOnlyList<FhirType> Resources => AllResources.Value;

    public static FhirType? Find(string name) => Table.Value.GetValueOrDefault(name);

    /// <summary>A resource that files hold: not the abstract ones.</summary>
    public static FhirType? FindResource(string name) =>
        name is not ("Resource" or "DomainResource") && Find(name) is { IsResource: true } type ? type : null;

    /// <summary>Whether any type has an element of this name.</summary>
    public static bool HasElement(string name) => Names.Value.Contains(name);

    public static IEnumerable<FhirType> OfKind(FhirType type) => Table.Value.Values.Where(candidate => candidate.Is(type.Name));

    private static Dictionary<string, FhirType> Load()
    {
        // 1. The names, for elements refer to types further down.
        using var stream = typeof(FhirTypes).Assembly.GetManifestResourceStream("Salus.Health.FhirR4Types")!;
        using var reader = new StreamReader(stream);
        var types = Primitives.ToDictionary(p => p.Name, p => new FhirType(p.Name, p.Parent) { IsPrimitive = true, Kind = p.Kind }, StringComparer.Ordinal);
        var lines = new List<(FhirType Type, string[] Elements)>();
        string[] open = [];
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#')
                continue;
            var words = line.Split(' ');
            if (words[0] == "*")
            {
                open = words[1].Split('|');
                continue;
            }
            var head = words[0].Split(':');
            var type = new FhirType(head[0], head[1].Length == 0 ? null : head[1]);
            types.Add(type.Name, type);
            lines.Add((type, words[1..]));
        }
        // 2. Parents and elements.
        foreach (var type in types.Values)
            type.Parent = type.ParentName is { } parent ? types[parent] : null;
        foreach (var (type, elements) in lines)
            foreach (var element in elements)
                Add(types, open, type, element);
        return types;
    }

    private static void Add(Dictionary<string, FhirType> types, string[] open, FhirType type, string element)
    {
        var split = element.IndexOf('=', StringComparison.Ordinal);
        var (name, of) = (element[..split], element[(split + 1)..]);
        if (!name.EndsWith("[x]", StringComparison.Ordinal))
        {
            type.Add(name, new FhirElement(name, types[of == "." ? $"{type.Name}.{name}" : of]));
            return;
        }
        name = name[..^3];
        foreach (var choice in of == "*" ? open : of.Split('|'))
            type.Add(name + char.ToUpperInvariant(choice[0]) + choice[1..], new FhirElement(name, types[choice]));
    }
}
