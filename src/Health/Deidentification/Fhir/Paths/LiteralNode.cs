namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>A value that is written in the expression; null is the empty collection.</summary>
internal sealed class LiteralNode(object? value) : PathNode
{
    public object? Value { get; } = value;

    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self) => One(Value);

    public override PathTypes Check(PathTypes focus, PathTypes self) => PathTypes.Value;
}
