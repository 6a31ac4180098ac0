namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>A part of an expression, evaluated on a focus; a collection of nothing is its answer to what cannot be told.</summary>
internal abstract class PathNode
{
    /// <summary>Evaluates on <paramref name="focus"/>; <paramref name="self"/> is what $this means.</summary>
    public abstract List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self);

    /// <summary>What types the answer can have; refuses types, elements and functions that are unknown.</summary>
    public abstract PathTypes Check(PathTypes focus, PathTypes self);

    /// <summary>True, false, or null for neither.</summary>
    public bool? Truth(PathContext context, List<PathValue> focus, PathValue self)
    {
        var found = Evaluate(context, focus, self);
        return found.Count switch
        {
            0 => null,
            1 => found[0].Atom as bool? ?? true,
            _ => throw new PathException("a condition gives several values"),
        };
    }

    public static List<PathValue> One(object? value) => value is null ? [] : [PathValue.Of(value)];
}
