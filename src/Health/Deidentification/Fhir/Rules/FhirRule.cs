using Salus.Health.Deidentification.Fhir.Paths;
using Salus.Health.Deidentification.Fhir.Tree;
using Salus.Health.Deidentification.Fhir.Types;

namespace Salus.Health.Deidentification.Fhir.Rules;

/// <summary>One rule: which elements, and what becomes of them.</summary>
internal sealed class FhirRule(string name, PathNode path, FhirMethod method)
{
    private readonly string? leading = LeadingOf(path);

    /// <summary>As errors call it: "rule 3 (Patient.name)".</summary>
    public string Name { get; } = name;

    public FhirMethod Method { get; } = method;

    public Perturbation? Perturbation { get; init; }

    public Generalization? Generalization { get; init; }

    public JsonTree? Replacement { get; init; }

    /// <summary>Whether it can have something to say about resources of a type.</summary>
    public bool Concerns(FhirType resource) => leading is null || resource.Is(leading);

    /// <summary>The elements that it is for.</summary>
    public List<PathValue> Match(FhirNode resource) =>
        Guard(() => path.Evaluate(new PathContext(resource), [PathValue.Of(resource)], PathValue.Of(resource)));

    /// <summary>What cannot be evaluated is a fault of the rule.</summary>
    public T Guard<T>(Func<T> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (PathException error)
        {
            throw new RulesException(Name, error.Message);
        }
    }

    private static string? LeadingOf(PathNode path) => path switch
    {
        NameNode name => name.LeadingType,
        CallNode { Target: { } target } => LeadingOf(target),
        _ => null,
    };
}

/// <summary>Noise: uniform over <see cref="Span"/> (a share of the value when proportional), rounded to so many decimals.</summary>
internal sealed record Perturbation(decimal Span, bool IsProportional, int RoundTo);

/// <summary>The first case that holds gives the value; what no case is for is kept or redacted.</summary>
internal sealed record Generalization(IReadOnlyList<(PathNode When, PathNode Then)> Cases, bool KeepsOthers);
