namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>A call of a function, on what stands before it or on the focus. "[]" is the index.</summary>
internal sealed class CallNode(string name, PathNode? target, IReadOnlyList<PathNode> arguments) : PathNode
{
    public const int MaxArguments = 3;

    /// <summary>Characters of a text that an expression makes.</summary>
    public const int MaxText = 1024 * 1024;

    private readonly PathPattern? pattern = name is "matches" or "replaceMatches" ? new PathPattern(arguments[0]) : null;

    public string Name { get; } = name;

    public IReadOnlyList<PathNode> Arguments { get; } = arguments;

    public PathPattern Pattern => pattern ?? throw new InvalidOperationException("Only functions of patterns have one.");

    public PathNode? Target => target;

    public static CallNode Make(string name, PathNode? target, IReadOnlyList<PathNode> arguments, Func<string, Exception> wrong)
    {
        if (!PathFunctions.Arguments.TryGetValue(name, out var range))
            throw wrong($"there is no function '{PathTypes.Show(name)}' here");
        return arguments.Count >= range.Least && arguments.Count <= range.Most ? new CallNode(name, target, arguments)
            : throw wrong($"'{name}' has {range.Least}{(range.Most > range.Least ? $" to {range.Most}" : "")} arguments");
    }

    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self)
    {
        var input = target is null ? focus : target.Evaluate(context, focus, self);
        context.Spend(input.Count + 1);
        return new PathFunctions(this, context, focus, self).Apply(input);
    }

    public override PathTypes Check(PathTypes focus, PathTypes self)
    {
        var input = target?.Check(focus, self) ?? focus;
        if (input.AreEntries && Name is "[]" or "first" or "last" or "tail" or "skip" or "take" or "single" or "count")
            throw new PathException("the entries of a bundle are read one by one, and have no place or number");
        switch (Name)
        {
            case "where" or "exists" or "all" or "select":
                var inner = Arguments.Count > 0 ? Arguments[0].Check(input, input) : input;
                return Name switch { "where" => input, "select" => inner, _ => PathTypes.Value };
            case "nodesByType":
                return PathTypes.Of(LiteralArgument());
            case "ofType":
                return PathTypes.Of(TypeName(LiteralArgument()));
            case "nodesByName":
                return PathTypes.Any.Element(LiteralArgument());
        }
        PathTypes? common = null;
        foreach (var argument in Arguments)
        {
            var found = argument.Check(focus, self);
            common = common?.And(found) ?? found;
        }
        return Name switch
        {
            "[]" or "first" or "last" or "tail" or "skip" or "take" or "single" or "distinct" or "trace" => input,
            "union" or "combine" => input.And(common!),
            "children" or "descendants" or "iif" => PathTypes.Any,
            "extension" => PathTypes.Of("Extension"),
            _ => PathTypes.Value,
        };
    }

    public string LiteralArgument() => Arguments[0] is LiteralNode { Value: string text } ? text : throw new PathException($"'{Name}' takes a name in quotes");

    /// <summary>Tests of types accept the names of FHIRPath for its own values.</summary>
    private static string TypeName(string name) => name is "String" or "Boolean" or "Integer" or "Decimal" ? name.ToLowerInvariant() : name;
}
