using System.Text.Json;
using Salus.Health.Cohort;
using static Salus.Health.Tests.Cohort.Tables;

namespace Salus.Health.Tests.Cohort;

public class MeasuresTests
{
    /// <summary>The levels of the gold as levels of the built-in hierarchies: sex, birth year, ZIP, race, ethnicity, marital status.</summary>
    private static readonly Dictionary<string, (string[] Columns, int[] Levels)> GoldLevels = new()
    {
        ["raw"] = (["sex", "birthYear", "zip", "race", "ethnicity", "maritalStatus"], [0, 0, 0, 0, 0, 0]),
        ["sex_birthyear_zip"] = (["sex", "birthYear", "zip"], [0, 0, 0]),
        ["zip3_10y"] = (["sex", "birthYear", "zip", "race", "ethnicity", "maritalStatus"], [0, 2, 2, 0, 0, 0]),
        ["sex_10y_zip3"] = (["sex", "birthYear", "zip"], [0, 2, 2]),
        ["sex_20y"] = (["sex", "birthYear"], [0, 3]),
    };

    private static JsonElement Expected =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldFolder, "expected.json"))).RootElement;

    public static TheoryData<string> LevelsOfTheGold => [.. Expected.GetProperty("quasiIdentifiers").EnumerateObject().Select(level => level.Name)];

    [Theory]
    [MemberData(nameof(LevelsOfTheGold))]
    public void TheCohortGoldIsReproduced(string level)
    {
        var (columns, levels) = GoldLevels[level];
        using var file = File.OpenRead(Path.Combine(GoldFolder, "cohort.csv"));
        var table = CohortTable.Read(file, columns, "conditionCode");
        var bound = table.Quasi.Select(column => HierarchyOf(column.Name).Bind(column)).ToArray();
        var measures = EquivalenceClasses.Of(new CohortCells(table, bound), levels).Measures();
        var gold = Expected.GetProperty("quasiIdentifiers").GetProperty(level);
        Assert.Equal(Expected.GetProperty("rows").GetInt32(), measures.Rows);
        Assert.Equal(gold.GetProperty("classes").GetInt32(), measures.Classes);
        Assert.Equal(gold.GetProperty("k").GetInt32(), measures.K);
        Assert.Equal(gold.GetProperty("uniques").GetInt32(), measures.Uniques);
        Assert.Equal(gold.GetProperty("below5").GetInt32(), measures.Below5);
        Assert.Equal(gold.GetProperty("below10").GetInt32(), measures.Below10);
        Assert.Equal(gold.GetProperty("distinct_l").GetInt32(), measures.L);
        Assert.Equal(gold.GetProperty("t_variational").GetDouble(), measures.T);
    }

    [Fact]
    public void ATableAsItIsHasTheMeasuresOfLevelZero()
    {
        using var file = File.OpenRead(Path.Combine(GoldFolder, "cohort.csv"));
        var measures = CohortMeasures.Of(CohortTable.Read(file, GoldLevels["raw"].Columns, "conditionCode"));
        Assert.Equal((186, 1, 176, 0.995), (measures.Classes, measures.K, measures.Uniques, measures.T));
        Assert.Equal((1.0, 0.93), (measures.HighestRisk, measures.AverageRisk));
    }

    [Fact]
    public void MeasuresEqualTheirDefinitionsOnRandomTables()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new[] { random.Next(3).ToString(), random.Next(4).ToString(), random.Next(5).ToString() }).ToList();
            var measures = CohortMeasures.Of(CohortTable.Of(rows.Select(row => Named(row)), ["a", "b"], "s"));
            var classes = rows.GroupBy(row => (row[0], row[1])).Select(group => group.Select(row => row[2]).ToList()).ToList();
            Assert.Equal(classes.Count, measures.Classes);
            Assert.Equal(classes.Min(group => group.Count), measures.K);
            Assert.Equal(classes.Count(group => group.Count == 1), measures.Uniques);
            Assert.Equal(classes.Min(group => group.Distinct().Count()), measures.L);
            var t = classes.Max(group => Enumerable.Range(0, 5).Sum(s =>
                Math.Abs(((double)group.Count(v => v == s.ToString()) / group.Count) - ((double)rows.Count(row => row[2] == s.ToString()) / rows.Count))) / 2);
            Assert.Equal(t, measures.T!.Value, 12);
        }
        static Dictionary<string, string> Named(string[] row) => new() { ["a"] = row[0], ["b"] = row[1], ["s"] = row[2] };
    }

    [Fact]
    public void WithoutASensitiveColumnThereIsNoDiversity()
    {
        var measures = CohortMeasures.Of(Read("a\n1\n1\n2\n", ["a"]));
        Assert.Equal((3, 2, 1, 1, null, null), (measures.Rows, measures.Classes, measures.K, measures.Uniques, measures.L, measures.T));
        Assert.Equal(2 / 3.0, measures.AverageRisk);
    }

    [Fact]
    public void AnEmptyTableHidesNobody() => Assert.Equal((0, 0, 0), CohortMeasures.Of(Read("a\n", ["a"])) is var m ? (m.Rows, m.Classes, m.K) : default);

    [Fact]
    public void ManyWideColumnsDoNotOverflow()
    {
        // 16 columns of 300 values each: their product is past 64 bits.
        string[] names = [.. Enumerable.Range(0, 16).Select(i => $"c{i}")];
        var rows = Enumerable.Range(0, 600).Select(row => (IReadOnlyDictionary<string, string>)names.Select((name, i) => (name, Value: ((row / 2 * (i + 1)) % 300).ToString()))
            .ToDictionary(pair => pair.name, pair => pair.Value));
        var measures = CohortMeasures.Of(CohortTable.Of(rows, names, null));
        Assert.Equal((600, 300, 2), (measures.Rows, measures.Classes, measures.K));
    }

    [Fact]
    public void AQuestionThatNamesAColumnTwiceOrNoneIsRefused()
    {
        Assert.Equal(CohortFault.Question, FaultOf(() => Read("a\n1\n", [])));
        Assert.Equal(CohortFault.Question, FaultOf(() => Read("a\n1\n", ["a", "a"])));
        Assert.Equal(CohortFault.Question, FaultOf(() => Read("a\n1\n", ["a"], "a")));
        Assert.Equal(CohortFault.Question, FaultOf(() => Read("a\n1\n", [.. Enumerable.Range(0, 17).Select(i => $"{i}")])));
    }
}
