namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>"is" and "as" (which ofType is too).</summary>
internal sealed class TypeNode(PathNode? target, string type, bool isTest) : PathNode
{
    /// <summary>Names that FHIRPath has for the values that expressions make.</summary>
    private static readonly Dictionary<string, string> System = new(StringComparer.Ordinal)
    {
        ["Boolean"] = "boolean", ["String"] = "string", ["Integer"] = "integer", ["Decimal"] = "decimal", ["Date"] = "date", ["DateTime"] = "dateTime", ["Time"] = "time",
    };

    private readonly string type = System.GetValueOrDefault(type, type);

    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self)
    {
        var items = target is null ? focus : target.Evaluate(context, focus, self);
        context.Spend(items.Count);
        if (!isTest)
            return items.FindAll(IsOfIt);
        return items.Count == 1 ? One(IsOfIt(items[0])) : [];
    }

    public override PathTypes Check(PathTypes focus, PathTypes self)
    {
        target?.Check(focus, self);
        var of = PathTypes.Of(type);
        return isTest ? PathTypes.Value : of;
    }

    private bool IsOfIt(PathValue item) => item.Node is { } node ? node.Type?.Is(type) == true : item.Literal switch
    {
        bool => type == "boolean",
        string => type == "string",
        decimal number => type == "decimal" || (type == "integer" && number == decimal.Truncate(number)),
        PathDate => type is "date" or "dateTime",
        PathTime => type == "time",
        _ => false,
    };
}
