namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>$this.</summary>
internal sealed class ThisNode : PathNode
{
    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self) => [self];

    public override PathTypes Check(PathTypes focus, PathTypes self) => self;
}
