using System.Globalization;
using Salus.Health.Deidentification.Fhir.Tree;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>The functions of FHIRPath that rules may call, and nodesByType and nodesByName of Microsoft's tool.</summary>
internal sealed class PathFunctions(CallNode call, PathContext context, List<PathValue> focus, PathValue self)
{
    public static readonly IReadOnlyDictionary<string, (int Least, int Most)> Arguments = new Dictionary<string, (int, int)>(StringComparer.Ordinal)
    {
        ["[]"] = (1, 1), ["where"] = (1, 1), ["exists"] = (0, 1), ["empty"] = (0, 0), ["not"] = (0, 0), ["all"] = (1, 1), ["select"] = (1, 1),
        ["first"] = (0, 0), ["last"] = (0, 0), ["tail"] = (0, 0), ["skip"] = (1, 1), ["take"] = (1, 1), ["single"] = (0, 0), ["count"] = (0, 0),
        ["distinct"] = (0, 0), ["union"] = (1, 1), ["combine"] = (1, 1), ["iif"] = (2, 3), ["ofType"] = (1, 1), ["nodesByType"] = (1, 1),
        ["nodesByName"] = (1, 1), ["children"] = (0, 0), ["descendants"] = (0, 0), ["extension"] = (1, 1), ["hasValue"] = (0, 0),
        ["startsWith"] = (1, 1), ["endsWith"] = (1, 1), ["contains"] = (1, 1), ["matches"] = (1, 1), ["replace"] = (2, 2), ["replaceMatches"] = (2, 2),
        ["substring"] = (1, 2), ["indexOf"] = (1, 1), ["length"] = (0, 0), ["upper"] = (0, 0), ["lower"] = (0, 0), ["trim"] = (0, 0),
        ["toString"] = (0, 0), ["toInteger"] = (0, 0), ["toDecimal"] = (0, 0), ["toBoolean"] = (0, 0), ["toDate"] = (0, 0), ["toDateTime"] = (0, 0),
        ["abs"] = (0, 0), ["ceiling"] = (0, 0), ["floor"] = (0, 0), ["truncate"] = (0, 0), ["round"] = (0, 1),
    };

    public List<PathValue> Apply(List<PathValue> input)
    {
        var name = call.Name;
        switch (name)
        {
            case "where":
                return input.FindAll(item => Holds(item));
            case "exists":
                return PathNode.One(call.Arguments.Count == 0 ? input.Count > 0 : input.Exists(item => Holds(item)));
            case "all":
                return PathNode.One(input.TrueForAll(item => Holds(item)));
            case "select":
                return Bounded(input.SelectMany(item => call.Arguments[0].Evaluate(context, [item], item)));
            case "empty":
                return PathNode.One(input.Count == 0);
            case "count":
                return PathNode.One((decimal)input.Count);
            case "not":
                return input.Count == 0 ? [] : PathNode.One(!(input is [var only] ? only.Atom as bool? ?? true : throw new PathException("'not' is given several values")));
            case "[]":
                return Part(input, Whole(0), 1);
            case "first":
                return Part(input, 0, 1);
            case "last":
                return Part(input, input.Count - 1, 1);
            case "tail":
                return Part(input, 1, input.Count);
            case "skip":
                return Part(input, Whole(0), input.Count);
            case "take":
                return Part(input, 0, Whole(0));
            case "single":
                return input.Count <= 1 ? input : throw new PathException("'single' is given several values");
            case "distinct":
                return [.. input.DistinctBy(item => item.Text is { } text ? (object)text : item.Node)];
            case "union" or "combine":
                return Bounded(input.Concat(Argument(0)).DistinctBy(item => item.Node is { } node ? (object)node : item.Literal));
            case "iif":
                return call.Arguments[0].Truth(context, focus, self) == true ? Argument(1) : call.Arguments.Count == 3 ? Argument(2) : [];
            case "ofType":
                return new TypeNode(null, call.LiteralArgument(), isTest: false).Evaluate(context, input, self);
            case "nodesByType":
                var type = call.LiteralArgument();
                return Below(input, node => node.Type?.Name == type, withSelf: true);
            case "nodesByName":
                var wanted = call.LiteralArgument();
                return Below(input, node => node.Type is not null && node.Name == wanted, withSelf: true);
            case "descendants":
                return Below(input, node => node.Type is not null, withSelf: false);
            case "children":
                return Bounded(input.Where(item => item.Node is not null).SelectMany(item => item.Node!.Children).Where(node => node.Type is not null).Select(PathValue.Of));
            case "extension":
                var url = Argument(0) is [var one] ? one.Text : null;
                return Bounded(input.Where(item => item.Node is not null).SelectMany(item => item.Node!.Children)
                    .Where(node => node.Name == "extension" && node.TextOf("url") == url).Select(PathValue.Of));
            case "hasValue":
                return PathNode.One(input is [{ Atom: not null }]);
            default:
                return input.Count == 0 ? [] : PathNode.One(Value(input is [var value] ? value : throw new PathException($"'{name}' is given several values")));
        }
    }

    private object? Value(PathValue value)
    {
        var number = value.Atom as decimal?;
        switch (call.Name)
        {
            case "abs":
                return number is null ? null : Math.Abs(number.Value);
            case "ceiling":
                return number is null ? null : Math.Ceiling(number.Value);
            case "floor":
                return number is null ? null : Math.Floor(number.Value);
            case "truncate":
                return number is null ? null : Math.Truncate(number.Value);
            case "round":
                return number is null ? null : Math.Round(number.Value, call.Arguments.Count == 0 ? 0 : Math.Clamp(Whole(0), 0, 28), MidpointRounding.AwayFromZero);
            case "toString":
                return value.Text;
            case "toDecimal":
                return number ?? (value.Text is { } digits ? PathValue.NumberOf(digits) : null);
            case "toInteger":
                return number is { } whole && whole == Math.Truncate(whole) ? whole
                    : long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? (decimal)parsed : null;
            case "toBoolean":
                return value.Text?.ToLowerInvariant() switch { "true" or "t" or "yes" or "y" or "1" => true, "false" or "f" or "no" or "n" or "0" => false, _ => null };
            case "toDate" or "toDateTime":
                return value.Text is { } written && PathDate.TryParse(call.Name == "toDate" && written.Length > 10 ? written[..10] : written, out var date) ? date : null;
        }
        return value.Atom is string or PathDate or PathTime ? TextValue(value.Text!) : null;
    }

    private object? TextValue(string text)
    {
        switch (call.Name)
        {
            case "length":
                return (decimal)text.Length;
            case "upper":
                return text.ToUpperInvariant();
            case "lower":
                return text.ToLowerInvariant();
            case "trim":
                return text.Trim();
            case "matches":
                return call.Pattern.IsMatch(text);
            case "replaceMatches":
                return TextOf(1) is { } by ? Bounded(call.Pattern.Replace(text, by)) : null;
            case "substring":
                var start = Whole(0);
                if (start < 0 || start >= text.Length)
                    return null;
                var length = call.Arguments.Count == 1 ? text.Length : Whole(1);
                return length < 0 ? "" : text.Substring(start, Math.Min(length, text.Length - start));
        }
        if (TextOf(0) is not { } other)
            return null;
        return call.Name switch
        {
            "startsWith" => text.StartsWith(other, StringComparison.Ordinal),
            "endsWith" => text.EndsWith(other, StringComparison.Ordinal),
            "contains" => text.Contains(other, StringComparison.Ordinal),
            "indexOf" => (decimal)text.IndexOf(other, StringComparison.Ordinal),
            _ => TextOf(1) is not { } by ? null : other.Length == 0 ? text : Bounded(text.Replace(other, by, StringComparison.Ordinal)),
        };
    }

    private bool Holds(PathValue item) => call.Arguments[0].Truth(context, [item], item) == true;

    private List<PathValue> Argument(int i) => call.Arguments[i].Evaluate(context, focus, self);

    private string? TextOf(int i) => Argument(i) is [var one] ? one.Text : null;

    private int Whole(int i) => Argument(i) is [{ Atom: decimal number }] && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue
        ? (int)number : throw new PathException($"'{call.Name}' takes a whole number");

    private static List<PathValue> Part(List<PathValue> input, int from, int count) =>
        from < 0 || from >= input.Count || count <= 0 ? [] : input.GetRange(from, Math.Min(count, input.Count - from));

    private static string Bounded(string text) => text.Length <= CallNode.MaxText ? text : throw new PathException("the expression makes a text that is too long");

    private List<PathValue> Bounded(IEnumerable<PathValue> items)
    {
        var found = new List<PathValue>();
        foreach (var item in items)
        {
            context.Spend(1);
            found.Add(item);
        }
        return found;
    }

    /// <summary>Elements below, each once, without those of resources that stand inside.</summary>
    private List<PathValue> Below(List<PathValue> input, Func<FhirNode, bool> isWanted, bool withSelf)
    {
        var found = new List<PathValue>();
        foreach (var item in input)
            if (item.Node is { } node)
            {
                if (withSelf && isWanted(node))
                    found.Add(item);
                Descend(node, isWanted, found);
            }
        return found;
    }

    private void Descend(FhirNode node, Func<FhirNode, bool> isWanted, List<PathValue> found)
    {
        foreach (var member in node.Members)
        {
            context.Spend(member.Items.Count);
            foreach (var child in member.Items)
            {
                if (child.IsResource)
                    continue;
                if (isWanted(child))
                    found.Add(PathValue.Of(child));
                Descend(child, isWanted, found);
            }
        }
    }
}
