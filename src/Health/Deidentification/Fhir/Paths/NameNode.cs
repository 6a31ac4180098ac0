using Salus.Health.Deidentification.Fhir.Types;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>An element by its name; at the start also a type, which lets through what is of it.</summary>
internal sealed class NameNode(PathNode? target, string name) : PathNode
{
    private readonly bool isType = target is null && char.IsAsciiLetterUpper(name[0]);

    /// <summary>The type that the whole expression is confined to, if it says so with its first word.</summary>
    public string? LeadingType => isType ? name : (target as NameNode)?.LeadingType;

    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self)
    {
        var items = target is null ? focus : target.Evaluate(context, focus, self);
        var found = new List<PathValue>();
        foreach (var item in items)
            if (item.Node is not { } node)
                continue;
            else if (isType)
            {
                if (node.Type?.Is(name) == true)
                    found.Add(item);
            }
            else
                foreach (var member in node.Members)
                    if (member.Name == name && member.Type is not null)
                        foreach (var child in member.Items)
                            found.Add(PathValue.Of(child));
        context.Spend(items.Count + found.Count);
        return found;
    }

    public override PathTypes Check(PathTypes focus, PathTypes self)
    {
        if (!isType)
            return (target?.Check(focus, self) ?? focus).Element(name);
        return FhirTypes.Find(name) is null ? throw new PathException($"FHIR R4 has no type '{PathTypes.Show(name)}'") : PathTypes.Of(name);
    }
}
