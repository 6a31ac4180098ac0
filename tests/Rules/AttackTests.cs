using System.Text.RegularExpressions;

namespace Salus.Rules.Tests;

/// <summary>
/// The tables of docs/threat-model.md against the tests: every attack of the catalogue has a row, every row names exactly the tests that are marked with it and what they are held against,
/// every guarantee names a test, and whatever test the document names exists. A row or a mark that goes missing fails here.
/// </summary>
public partial class AttackTests
{
    private const string Document = "docs/threat-model.md";

    /// <summary>The class of tests that stand before all eight servers, and look at what is numbered 1, 2 and 4 after each.</summary>
    private const string BeforeAllServers = ": AttackTest(";

    /// <summary>Part of the names by which they ask for 3.</summary>
    private const string AsksForTheAlarm = "CaughtAsync(";

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

    private static IReadOnlyList<Marked> Marks { get; } = [.. Checkout.Sources("tests").SelectMany(MarksOf)];

    [Fact]
    public void EveryAttackOfTheCatalogueHasItsRow() => Assert.Equal(Catalogue, Rows().Select(row => row.Identifier));

    [Fact]
    public void EveryRowNamesTheTestsThatRunTheAttack()
    {
        Assert.Empty(Marks.Select(mark => mark.Identifier).Except(Catalogue));
        foreach (var (identifier, attack, answer, held, tests) in Rows())
        {
            Assert.NotEmpty(attack);
            if (NotYet.TryGetValue(identifier, out var why))
            {
                Assert.Equal((why, "", "not yet"), (answer, held, tests));
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
    public void EveryRowSaysWhatItsTestsAreHeldAgainst()
    {
        foreach (var (identifier, _, _, held, _) in Rows().Where(row => !NotYet.ContainsKey(row.Identifier)))
        {
            var marks = Marks.Where(mark => mark is { IsBeforeAllServers: true } && mark.Identifier == identifier).ToArray();
            var form = marks.Length == 0 ? Elsewhere() : marks.Any(mark => mark.AsksForTheAlarm) ? All() : NoAlarm();
            Assert.True(form.IsMatch(held), $"{identifier}: \"{held}\" is not what its tests look at, which has the form {form}");
        }
    }

    [Fact]
    public void EveryGuaranteeNamesATest()
    {
        var rows = Tables().Where(table => table[0] == "| guarantee | by | test |").SelectMany(table => table.Skip(2)).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.True(row.Split(" | ") is [{ Length: > 2 }, { Length: > 0 }, var tests] && Quoted().IsMatch(tests), row));
    }

    /// <summary>A line of prose in a table ends it, and what follows is shown as prose.</summary>
    [Fact]
    public void NoLineOfProseCutsATable()
    {
        foreach (var table in Tables())
        {
            Assert.True(table.Count > 2 && table[1].Replace("|---", "", StringComparison.Ordinal) == "|", $"no table begins with: {table[0]}");
            Assert.All(table, line => Assert.Equal(table[1].Count(letter => letter == '|'), line.Count(letter => letter == '|')));
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

    private static IEnumerable<(string Identifier, string Attack, string Answer, string Held, string Tests)> Rows() => Checkout.Lines(Document).Select(line => Row().Match(line))
        .Where(match => match.Success).Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value, match.Groups[5].Value));

    /// <summary>Lines that stand together and have the mark of a table.</summary>
    private static List<List<string>> Tables()
    {
        var (tables, isIn) = (new List<List<string>>(), false);
        foreach (var line in Checkout.Lines(Document))
        {
            var isRow = line.StartsWith('|');
            if (isRow && !isIn)
                tables.Add([]);
            if (isRow)
                tables[^1].Add(line);
            isIn = isRow;
        }
        return tables;
    }

    private static IEnumerable<Marked> MarksOf(string path)
    {
        var (type, isBeforeAllServers, waiting, lines) = ("", false, new List<string>(), Checkout.Lines(path).ToArray());
        foreach (var (at, line) in lines.Index())
        {
            if (Type().Match(line) is { Success: true } found)
                (type, isBeforeAllServers) = (found.Groups[1].Value, line.Contains(BeforeAllServers, StringComparison.Ordinal));
            if (line.TrimStart().StartsWith('['))
                waiting.AddRange(Mark().Matches(line).Select(mark => mark.Groups[1].Value));
            if (waiting.Count == 0 || Method().Match(line) is not { Success: true } method)
                continue;
            var asks = lines.Skip(at).TakeWhile(body => body != "    }").Any(body => body.Contains(AsksForTheAlarm, StringComparison.Ordinal));
            foreach (var identifier in waiting)
                yield return new Marked(identifier, $"{type}.{method.Groups[1].Value}", isBeforeAllServers, asks);
            waiting.Clear();
        }
    }

    [GeneratedRegex(@"^\| ([A-Z]\d\d) \| ([^|]*) \| ([^|]*) \| ?([^|]*) \| ([^|]*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex("^1 2 3 4$")]
    private static partial Regex All();

    [GeneratedRegex("^1 2 4; no alarm: .+")]
    private static partial Regex NoAlarm();

    [GeneratedRegex("^elsewhere: .+")]
    private static partial Regex Elsewhere();

    /// <summary>A test by its name: `Class.Method`, where the class is one of tests.</summary>
    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\s*(?:public|internal)\s+(?:sealed\s+|partial\s+|abstract\s+|static\s+)*class (\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"\bAttack\(""([A-Z]\d\d)""\)")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*public\s+(?:async\s+)?\w+\s+(\w+)\(")]
    private static partial Regex Method();

    /// <summary>A test that is marked with an attack, and what of the four things its source looks at.</summary>
    private sealed record Marked(string Identifier, string Test, bool IsBeforeAllServers, bool AsksForTheAlarm);
}
