namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>%resource.</summary>
internal sealed class ResourceNode : PathNode
{
    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self) => [PathValue.Of(context.Resource)];

    public override PathTypes Check(PathTypes focus, PathTypes self) => PathTypes.Resources;
}
