using Salus.Health.Deidentification.Fhir.Types;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>The types that an expression can give, as far as they can be told before there is a record.</summary>
internal sealed class PathTypes
{
    /// <summary>Elements of any type.</summary>
    public static readonly PathTypes Any = new([], isAny: true);

    /// <summary>A value that the expression makes itself.</summary>
    public static readonly PathTypes Value = new([], isAny: false);

    public static readonly PathTypes Resources = new(FhirTypes.Resources, isAny: false);

    private readonly HashSet<FhirType> types;
    private readonly bool isAny;

    private PathTypes(IEnumerable<FhirType> types, bool isAny) => (this.types, this.isAny) = ([.. types], isAny);

    public IReadOnlyCollection<FhirType> All => types;

    public bool IsAny => isAny;

    /// <summary>Whether these are elements of a Bundle's "entry", which are read one by one.</summary>
    public bool AreEntries => types.Count == 1 && types.First().Name == "Bundle.entry";

    public static PathTypes Of(string name)
    {
        var type = FhirTypes.Find(name) ?? throw new PathException($"FHIR R4 has no type '{Show(name)}'");
        return new PathTypes(FhirTypes.OfKind(type), isAny: false);
    }

    public PathTypes And(PathTypes other) => isAny || other.isAny ? Any : new PathTypes(types.Concat(other.types), isAny: false);

    public PathTypes Element(string name)
    {
        if (isAny)
            return FhirTypes.HasElement(name) ? Any : throw new PathException($"FHIR R4 has no element '{Show(name)}'");
        var found = types.SelectMany(type => type.OfPath(name)).Select(element => element.Type).ToHashSet();
        if (found.Count == 0)
            throw new PathException(types.Count == 0 ? $"a value has no element '{Show(name)}'"
                : $"{(types.Count == 1 ? types.First().Name : "what stands before it")} has no element '{Show(name)}' in FHIR R4");
        return new PathTypes(found.SelectMany(type => type.IsResource ? FhirTypes.OfKind(type) : [type]), isAny: false);
    }

    /// <summary>A word of the rules, shortened: they are no secret, but may be long.</summary>
    public static string Show(string word) => word.Length <= 64 ? word : word[..64] + "…";
}
