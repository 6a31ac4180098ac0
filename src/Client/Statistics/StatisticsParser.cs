using System.Globalization;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Statistics;

/// <summary>Reads a question by the names of its study. Throws <see cref="FormatException"/> with a sentence for the asker.</summary>
internal sealed class StatisticsParser(string text, StudyTerms terms)
{
    private readonly StatisticsTokens _tokens = new(text);

    public AskedStatistic Parse()
    {
        var word = _tokens.Next();
        if (!StatisticsFunctions.TryFind(word, out var function))
            throw new FormatException($"{StatisticsTokens.Named(word)} is no function. There are {string.Join(", ", StatisticsFunctions.Names)}.");
        _tokens.Take("(", $"\u201c{word}\u201d");
        var operands = function == StatisticsFunction.Regression ? Formula() : List(")");
        var probability = function == StatisticsFunction.Median ? 0.5m : 0;
        if (function == StatisticsFunction.Quantile)
        {
            if (operands.Count != 2 || !TryNumber(operands[1], out probability) || probability is < 0 or > 1)
                throw new FormatException("A quantile is of a variable and a number from 0 to 1: quantile(glucose, 0.5).");
            operands.RemoveAt(1);
        }
        var filters = Filters();
        var (measure, indices) = Measured(function, operands);
        if (filters.Select(filter => (filter.Kind, filter.Index)).Distinct().Count() > Question.MaxFilters)
            throw new FormatException($"A question has at most {Question.MaxFilters} conditions.");
        return new AskedStatistic(function, operands, probability, Asked(measure, indices, filters));
    }

    private Question Asked(Measure measure, byte[] indices, List<Filter> filters)
    {
        if (filters.GroupBy(filter => (filter.Kind, filter.Index)).Any(group => group.Aggregate(UInt128.MaxValue, (members, filter) => members & filter.Members) == 0))
            throw new FormatException("The conditions leave nobody over: two of them exclude each other.");
        var question = Question.Create(measure, indices, filters.Where(LeavesSomethingOut));
        return question.Fits(terms) ? question : throw new FormatException(
            $"The range of {string.Join(" or ", indices.Select(index => $"\u201c{terms.Variables[index].Name}\u201d"))} is too wide in this study for products of it: "
            + "ask for counts, sums, means or histograms.");
    }

    private (Measure Measure, byte[] Indices) Measured(StatisticsFunction function, List<string> operands)
    {
        var name = function.Name();
        var expected = function switch
        {
            StatisticsFunction.Count => operands.Count <= 1,
            StatisticsFunction.Covariance or StatisticsFunction.Correlation or StatisticsFunction.ChiSquared => operands.Count == 2,
            StatisticsFunction.Regression => operands.Count is > 1 and <= Question.MaxPredictors + 1,
            _ => operands.Count == 1,
        };
        if (!expected)
            throw new FormatException(Usage(function));
        if (operands.Distinct(StringComparer.Ordinal).Count() != operands.Count)
            throw new FormatException($"\u201c{name}\u201d is of different columns; one is named twice.");
        var ofAttributes = function == StatisticsFunction.ChiSquared || (function == StatisticsFunction.Histogram && AttributeIndex(operands[0]) >= 0);
        var indices = operands.Select(operand => ofAttributes ? Attribute(operand, name) : Variable(operand, name)).ToArray();
        var measure = function.Measure(operands.Count == 0, ofAttributes);
        if (measure == Measure.Buckets && terms.Variables[indices[0]].Bounds.Count == 0)
            throw new FormatException($"The study has no buckets for \u201c{operands[0]}\u201d, so there is no {name} of it.");
        return (measure, indices);
    }

    private List<string> Formula()
    {
        var formula = new List<string> { _tokens.Next() };
        _tokens.Take("~", $"\u201c{formula[0]}\u201d");
        do
            formula.Add(_tokens.Next());
        while (_tokens.TryTake("+"));
        _tokens.Take(")", $"\u201c{formula[^1]}\u201d");
        return formula;
    }

    private List<string> List(string end)
    {
        var list = new List<string>();
        if (_tokens.TryTake(end))
            return list;
        do
            list.Add(_tokens.Next());
        while (_tokens.TryTake(","));
        _tokens.Take(end, $"\u201c{list[^1]}\u201d");
        return list;
    }

    private List<Filter> Filters()
    {
        var filters = new List<Filter>();
        var next = _tokens.Next();
        if (next.Length == 0)
            return filters;
        if (next != "where")
            throw new FormatException($"After the function come conditions, \u201cwhere \u2026\u201d, not {StatisticsTokens.Named(next)}.");
        do
            filters.Add(Condition());
        while (_tokens.TryTake("and"));
        return _tokens.Next() is { Length: > 0 } left ? throw new FormatException($"Conditions go together by \u201cand\u201d, not by {StatisticsTokens.Named(left)}.") : filters;
    }

    private Filter Condition()
    {
        var (name, sign) = (_tokens.Next(), _tokens.Next());
        if (AttributeIndex(name) is var attribute and >= 0)
        {
            var categories = sign switch
            {
                "=" or "!=" => [_tokens.Next()],
                "in" => Braced(name),
                _ => throw new FormatException($"\u201c{name}\u201d is one of {Categories(attribute)}: write {name}=\u2026, {name}!=\u2026 or {name} in {{\u2026, \u2026}}."),
            };
            var members = categories.Aggregate(UInt128.Zero, (all, category) => all | UInt128.One << Category(attribute, category));
            return new Filter(FilterKind.Attribute, (byte)attribute, sign == "!=" ? All(FilterKind.Attribute, attribute) & ~members : members);
        }
        var variable = Variable(name, "a condition");
        return new Filter(FilterKind.Variable, variable, Interval(terms.Variables[variable], sign));
    }

    private List<string> Braced(string name)
    {
        _tokens.Take("{", $"\u201c{name} in\u201d");
        return List("}") is { Count: > 0 } list ? list : throw new FormatException($"\u201c{name} in {{}}\u201d leaves nobody over.");
    }

    /// <summary>The buckets from one bound to another. Between bounds nobody can tell, as buckets are all that is known of a value in secret.</summary>
    private UInt128 Interval(StudyVariable variable, string sign)
    {
        if (variable.Bounds.Count == 0)
            throw new FormatException($"The study has no buckets for \u201c{variable.Name}\u201d, so there are no conditions on it.");
        var (from, to) = (0, variable.BucketCount());
        switch (sign)
        {
            case "<":
                to = Bound(variable, _tokens.Next());
                break;
            case ">=":
                from = Bound(variable, _tokens.Next());
                break;
            case "in":
                _tokens.Take("[", $"\u201c{variable.Name} in\u201d");
                from = _tokens.Peek() == ".." ? 0 : Bound(variable, _tokens.Next());
                _tokens.Take("..", "the lower bound");
                to = _tokens.Peek() is ")" or "]" ? to : Bound(variable, _tokens.Next());
                if (_tokens.Next() is not (")" or "]"))
                    throw new FormatException("A range ends in \u201c)\u201d: its upper bound is outside.");
                break;
            default:
                throw new FormatException($"\u201c{variable.Name}\u201d is a number: write {variable.Name} < \u2026, {variable.Name} >= \u2026 or {variable.Name} in [\u2026..\u2026).");
        }
        return from < to ? All(to) & ~All(from) : throw new FormatException($"No value of \u201c{variable.Name}\u201d is in that range.");
    }

    /// <summary>How many buckets are below a bound.</summary>
    private static int Bound(StudyVariable variable, string token)
    {
        if (!TryNumber(token, out var number))
            throw new FormatException($"{StatisticsTokens.Named(token)} is no number.");
        var scaled = number * Scale(variable);
        if (scaled == variable.Lower)
            return 0;
        for (var i = 0; i < variable.Bounds.Count; i++)
            if (scaled == variable.Bounds[i])
                return i + 1;
        var starts = string.Join(", ", variable.Bounds.Prepend(variable.Lower).Select(bound => Text(variable, bound)));
        throw new FormatException($"The buckets of \u201c{variable.Name}\u201d begin at {starts}: conditions end there.");
    }

    private byte Variable(string name, string use)
    {
        for (var i = 0; i < terms.Variables.Count; i++)
            if (terms.Variables[i].Name == name)
                return (byte)i;
        throw AttributeIndex(name) >= 0
            ? new FormatException($"\u201c{name}\u201d is no number, and {use} wants one. Numbers of the study: {Names(terms.Variables.Select(variable => variable.Name))}.")
            : new FormatException($"The study has no \u201c{name}\u201d. It has "
                + $"{Names(terms.Variables.Select(variable => variable.Name).Concat(terms.Attributes.Select(attribute => attribute.Name)))}.");
    }

    private byte Attribute(string name, string use) => AttributeIndex(name) is var index and >= 0
        ? (byte)index
        : throw new FormatException($"\u201c{use}\u201d is of attributes. Those of the study: {Names(terms.Attributes.Select(attribute => attribute.Name))}.");

    private int AttributeIndex(string name) => terms.Attributes.ToList().FindIndex(attribute => attribute.Name == name);

    private int Category(int attribute, string name)
    {
        var categories = terms.Attributes[attribute].Categories;
        if (name == RowValues.Unknown && !categories.Contains(name))
            return categories.Count;
        var index = categories.ToList().IndexOf(name);
        return index >= 0 ? index : throw new FormatException($"\u201c{terms.Attributes[attribute].Name}\u201d is one of {Categories(attribute)}, not {StatisticsTokens.Named(name)}.");
    }

    private string Categories(int attribute) => Names(terms.Attributes[attribute].Categories.Append(RowValues.Unknown).Distinct());

    private bool LeavesSomethingOut(Filter filter) => filter.Kind == FilterKind.Variable || filter.Members != All(filter.Kind, filter.Index);

    private UInt128 All(FilterKind kind, int index) => All(kind == FilterKind.Attribute ? terms.Attributes[index].Categories.Count + 1 : terms.Variables[index].BucketCount());

    private static UInt128 All(int count) => (UInt128.One << count) - 1;

    private static string Names(IEnumerable<string> names) => names.ToList() is { Count: > 0 } list ? string.Join(", ", list) : "none";

    private static bool TryNumber(string token, out decimal number) =>
        decimal.TryParse(token, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && Math.Abs(number) < 1e15m;

    internal static decimal Scale(StudyVariable variable)
    {
        var scale = 1m;
        for (var i = 0; i < variable.Decimals; i++)
            scale *= 10;
        return scale;
    }

    private static string Text(StudyVariable variable, long bound) => (bound / Scale(variable)).ToString(CultureInfo.InvariantCulture);

    private static string Usage(StatisticsFunction function) => function switch
    {
        StatisticsFunction.Count => "Write count(), or count(heart-rate) for those who have a value.",
        StatisticsFunction.Covariance or StatisticsFunction.Correlation => $"Write {function.Name()}(a, b) with two numbers of the study.",
        StatisticsFunction.ChiSquared => "Write chi-squared(a, b) with two attributes of the study.",
        StatisticsFunction.Regression => $"Write regression(y ~ a + b) with one to {Question.MaxPredictors} explaining numbers of the study.",
        _ => $"Write {function.Name()}(a) with one number of the study.",
    };
}
