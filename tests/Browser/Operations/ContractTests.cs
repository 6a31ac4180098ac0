using System.Reflection;
using System.Text.RegularExpressions;
using Salus.Browser.Operations;
using Salus.Client;
using Salus.Testing;

namespace Salus.Browser.Tests.Operations;

/// <summary>The page and the core agree on what there is: names of operations, and reasons that the page has words for.</summary>
public partial class ContractTests
{
    [Fact]
    public void TheCoreHasTheOperationsThatThePageKnowsAndNoOther()
    {
        using var core = new Core(Directory.CreateTempSubdirectory().FullName, TimeProvider.System);
        var api = Read("core/api.ts");
        var known = Operation().Matches(api[api.IndexOf("export interface Operations {", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value);
        Assert.Equal(known.Order(StringComparer.Ordinal), core.Operations.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void ThePageHasWordsForEveryReason(string language)
    {
        var text = Read($"text/{language}/errors.ts");
        var known = Code().Matches(text[text.IndexOf("  cannot: {\n    ", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Empty(typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Except(known));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("de")]
    public void ThePageHasANameAndWordsForEveryAlarm(string language)
    {
        var (errors, names) = (Read($"text/{language}/errors.ts"), Read($"text/{language}/alarms.ts"));
        var words = errors[errors.IndexOf("  alarms: {\n", StringComparison.Ordinal)..errors.IndexOf("  during: {\n", StringComparison.Ordinal)];
        foreach (var kind in Enum.GetNames<AlarmKind>())
        {
            Assert.Contains($"\n    {kind}: {{", words, StringComparison.Ordinal);
            Assert.Contains($" {kind}: '", names, StringComparison.Ordinal);
        }
        Assert.Contains($"export type AlarmKind = {string.Join(" | ", Enum.GetNames<AlarmKind>().Select(kind => $"'{kind}'"))}\n", Read("core/api.ts"), StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Places.Root, "web", "src", file));

    [GeneratedRegex(@"(?m)^  '?([a-zA-Z.]+)'?: \[")]
    private static partial Regex Operation();

    [GeneratedRegex(@"(?m)^    '?([a-z-]+)'?: \{")]
    private static partial Regex Code();
}
