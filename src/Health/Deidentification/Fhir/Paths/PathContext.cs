using Salus.Health.Deidentification.Fhir.Tree;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>What an expression is evaluated on, and how much it may still do.</summary>
internal sealed class PathContext(FhirNode resource)
{
    /// <summary>Elements that one expression may look at: a bundle has some hundred thousand.</summary>
    private const int MaxSteps = 20_000_000;

    /// <summary>Items of one collection.</summary>
    private const int MaxItems = 4_000_000;

    private int steps;

    public FhirNode Resource { get; } = resource;

    public void Spend(int count)
    {
        if (count > MaxItems || (steps += count) > MaxSteps)
            throw new PathException("the expression takes too long on this record");
    }
}

/// <summary>An expression that cannot be read or followed. The message names no value of a record.</summary>
internal sealed class PathException(string what) : FormatException(what);
