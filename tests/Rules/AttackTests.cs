using System.Text.RegularExpressions;

namespace Salus.Rules.Tests;

/// <summary>
/// The table of attacks in docs/threat-model.md against the tests that run them: every attack of the catalogue has a row, every row names exactly the tests that are marked with it, and
/// whatever test the document names exists. A row or a mark that goes missing fails here.
/// </summary>
public partial class AttackTests
{
    private const string Document = "docs/threat-model.md";

    /// <summary>The catalogue: keys, downgrade, storage, search, links, protocol, audit and research, the page's code.</summary>
    private static readonly string[] Catalogue =
    [
        .. Numbered('K', 16), .. Numbered('D', 6), .. Numbered('S', 22), .. Numbered('X', 5), .. Numbered('L', 7), .. Numbered('P', 7), .. Numbered('U', 8), .. Numbered('W', 6),
    ];

    /// <summary>Attacks on what is not there, and why: the one list of them.</summary>
    private static readonly Dictionary<string, string> NotYet = new()
    {
        ["L01"] = "there are no links", ["L02"] = "there are no links", ["L03"] = "there are no links", ["L04"] = "there are no links", ["L05"] = "there are no links",
        ["L06"] = "there are no links", ["L07"] = "there are no links",
        ["U04"] = "there is no emergency access", ["U05"] = "there is no emergency access",
    };

    private static IReadOnlyList<(string Identifier, string Test)> Marks { get; } = [.. Checkout.Sources("tests").SelectMany(MarksOf)];

    [Fact]
    public void EveryAttackOfTheCatalogueHasItsRow() => Assert.Equal(Catalogue, Rows().Select(row => row.Identifier));

    [Fact]
    public void EveryRowNamesTheTestsThatRunTheAttack()
    {
        Assert.Empty(Marks.Select(mark => mark.Identifier).Except(Catalogue));
        foreach (var (identifier, attack, answer, tests) in Rows())
        {
            Assert.NotEmpty(attack);
            if (NotYet.TryGetValue(identifier, out var why))
            {
                Assert.Equal((why, "not yet"), (answer, tests));
                Assert.DoesNotContain(Marks, mark => mark.Identifier == identifier);
                continue;
            }
            Assert.NotEmpty(answer);
            var marked = Marks.Where(mark => mark.Identifier == identifier).Select(mark => mark.Test).Order(StringComparer.Ordinal).ToArray();
            var named = Quoted().Matches(tests).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ToArray();
            Assert.NotEmpty(marked);
            Assert.True(marked.SequenceEqual(named), $"{identifier} is run by {string.Join(", ", marked.Select(test => $"`{test}`"))} and its row says {tests}");
        }
    }

    [Fact]
    public void EveryTestThatTheDocumentNamesExists()
    {
        var text = string.Join('\n', Checkout.Sources("tests").Select(Checkout.Read));
        var missing = Quoted().Matches(Checkout.Read(Document)).Select(match => match.Groups[1].Value).Distinct()
            .Where(name => name.Split('.') is not [var type, var method] || !Regex.IsMatch(text, $@"\bclass {type}\b") || !Regex.IsMatch(text, $@"\b{method}\("));
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Numbered(char letter, int count) => Enumerable.Range(1, count).Select(number => $"{letter}{number:d2}");

    private static IEnumerable<(string Identifier, string Attack, string Answer, string Tests)> Rows() => Checkout.Lines(Document).Select(line => Row().Match(line)).Where(match => match.Success)
        .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value));

    private static IEnumerable<(string Identifier, string Test)> MarksOf(string path)
    {
        var (type, waiting) = ("", new List<string>());
        foreach (var line in Checkout.Lines(path))
        {
            if (Type().Match(line) is { Success: true } found)
                type = found.Groups[1].Value;
            if (line.TrimStart().StartsWith('['))
                waiting.AddRange(Mark().Matches(line).Select(mark => mark.Groups[1].Value));
            if (waiting.Count == 0 || Method().Match(line) is not { Success: true } method)
                continue;
            foreach (var identifier in waiting)
                yield return (identifier, $"{type}.{method.Groups[1].Value}");
            waiting.Clear();
        }
    }

    [GeneratedRegex(@"^\| ([A-Z]\d\d) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$")]
    private static partial Regex Row();

    /// <summary>A test by its name: `Class.Method`, where the class is one of tests.</summary>
    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\s*(?:public|internal)\s+(?:sealed\s+|partial\s+|abstract\s+|static\s+)*class (\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"\bAttack\(""([A-Z]\d\d)""\)")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*public\s+(?:async\s+)?\w+\s+(\w+)\(")]
    private static partial Regex Method();
}
