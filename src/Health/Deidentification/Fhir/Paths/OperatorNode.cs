namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>An operator between two expressions, with the three-valued logic of FHIRPath: nothing is neither true nor false.</summary>
internal sealed class OperatorNode(string name, PathNode left, PathNode right) : PathNode
{
    public override List<PathValue> Evaluate(PathContext context, List<PathValue> focus, PathValue self)
    {
        if (name is "and" or "or" or "xor" or "implies")
            return One(Logic(left.Truth(context, focus, self), right.Truth(context, focus, self)));
        var (a, b) = (left.Evaluate(context, focus, self), right.Evaluate(context, focus, self));
        context.Spend(a.Count + b.Count);
        return name switch
        {
            "|" => Union(context, a, b),
            "=" => One(Equal(a, b)),
            "!=" => One(!Equal(a, b)),
            "~" => One(Equivalent(a, b)),
            "!~" => One(!Equivalent(a, b)),
            "in" => a.Count == 0 ? [] : One(Contains(context, b, Single(a))),
            "contains" => b.Count == 0 ? [] : One(Contains(context, a, Single(b))),
            "<" or ">" or "<=" or ">=" => a.Count == 0 || b.Count == 0 ? [] : One(Compare(Single(a), Single(b))),
            "&" => One((a.Count == 0 ? "" : Single(a).Text) + (b.Count == 0 ? "" : Single(b).Text)),
            _ => a.Count == 0 || b.Count == 0 ? [] : One(Compute(Single(a).Atom, Single(b).Atom)),
        };
    }

    public override PathTypes Check(PathTypes focus, PathTypes self)
    {
        var (a, b) = (left.Check(focus, self), right.Check(focus, self));
        return name == "|" ? a.And(b) : PathTypes.Value;
    }

    private bool? Logic(bool? a, bool? b) => name switch
    {
        "and" => a & b,
        "or" => a | b,
        "xor" => a is null || b is null ? null : a != b,
        _ => !a | b,
    };

    /// <summary>Different elements stay apart, even when they say the same: a rule is for all of them.</summary>
    private static List<PathValue> Union(PathContext context, List<PathValue> a, List<PathValue> b)
    {
        var seen = new HashSet<object>();
        var all = a.Concat(b).Where(item => seen.Add((object?)item.Node ?? PathValue.TextOf(item.Literal) ?? "")).ToList();
        context.Spend(all.Count);
        return all;
    }

    private static bool? Equal(List<PathValue> a, List<PathValue> b)
    {
        if (a.Count == 0 || b.Count == 0)
            return null;
        if (a.Count != b.Count)
            return false;
        bool? all = true;
        for (var i = 0; i < a.Count; i++)
            all &= Equal(a[i], b[i]);
        return all;
    }

    private static bool? Equal(PathValue a, PathValue b)
    {
        if (a.Node is not null && a.Node == b.Node)
            return true;
        return (a.Atom, b.Atom) switch
        {
            (PathDate x, PathDate y) => PathDate.Compare(x, y) is { } order ? order == 0 : null,
            (null, _) or (_, null) => false,
            ({ } x, { } y) => x.Equals(y),
        };
    }

    private static bool Equivalent(List<PathValue> a, List<PathValue> b) => a.Count == b.Count
        && a.Zip(b).All(pair => string.Equals(pair.First.Text, pair.Second.Text, StringComparison.OrdinalIgnoreCase));

    private static bool Contains(PathContext context, List<PathValue> all, PathValue one)
    {
        context.Spend(all.Count);
        return all.Exists(item => Equal(item, one) == true);
    }

    private bool? Compare(PathValue a, PathValue b)
    {
        int? order = (a.Atom, b.Atom) switch
        {
            (decimal x, decimal y) => x.CompareTo(y),
            (PathDate x, PathDate y) => PathDate.Compare(x, y),
            (PathTime x, PathTime y) => string.CompareOrdinal(x.Text, y.Text),
            (string x, string y) => string.CompareOrdinal(x, y),
            _ => null,
        };
        return order is null ? null : name switch
        {
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };
    }

    private object? Compute(object? a, object? b)
    {
        if (name == "+" && a is string x && b is string y)
            return x.Length + (long)y.Length <= CallNode.MaxText ? x + y : throw new PathException("the expression makes a text that is too long");
        if (a is not decimal left || b is not decimal right)
            return null;
        try
        {
            return name switch
            {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => right == 0 ? null : left / right,
                "div" => right == 0 ? null : decimal.Truncate(left / right),
                _ => right == 0 ? null : left % right,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static PathValue Single(List<PathValue> items) => items.Count == 1 ? items[0] : throw new PathException("an operator has several values on one side");
}
