using Salus.Health.Cohort;
using static Salus.Health.Tests.Cohort.Tables;

namespace Salus.Health.Tests.Cohort;

public class HierarchyTests
{
    [Theory]
    [InlineData("age", "47", "47 45-49 40-49 40-59 *")]
    [InlineData("age", "89", "89 85-89 80-89 80-89 *")]
    [InlineData("age", "90", "90+ 90+ 90+ 90+ *")]
    [InlineData("age", "104", "90+ 90+ 90+ 90+ *")]
    [InlineData("age", "90+", "90+ 90+ 90+ 90+ *")]
    [InlineData("age", "old", "old * * * *")]
    [InlineData("year", "1936", "1936 1935-1939 1930-1939 1920-1939 *")]
    [InlineData("year", "", " * * * *")]
    [InlineData("zip", "01089", "01089 0108* 010** 01*** 0**** *")]
    [InlineData("zip", "01089-1234", "01089-1234 0108* 010** 01*** 0**** *")]
    [InlineData("zip", "79", "79 79*** 79*** 79*** 7**** *")]
    [InlineData("zip", "", " * * * * *")]
    [InlineData("date", "1936-05-12", "1936-05-12 1936-05 1936 1930-1939 *")]
    [InlineData("date", "1936-05", "1936-05 * * * *")]
    [InlineData("suppress", "F", "F *")]
    [InlineData("keep", "F", "F")]
    public void BuiltInHierarchiesSayLessAtEachLevel(string name, string value, string levels) =>
        Assert.Equal(levels.Split(' '), BuiltInHierarchy.Named(name)!.Of(value));

    [Fact]
    public void WhatMetStaysTogether()
    {
        // Binding checks it of every pair that meets.
        var random = new Random(11);
        string Any() => new([.. Enumerable.Range(0, random.Next(7)).Select(_ => "0123456789-*x"[random.Next(13)])]);
        var values = Enumerable.Range(0, 5000).Select(_ => Any()).Concat(Enumerable.Range(0, 3000).Select(i => $"{i}"))
            .Concat(Enumerable.Range(0, 900).Select(i => $"1{i:000}-0{1 + (i % 9)}-1{i % 10}"));
        var table = CohortTable.Of(values.Select(value => new Dictionary<string, string> { ["a"] = value }), ["a"], null);
        foreach (var hierarchy in BuiltInHierarchy.All)
        {
            var losses = hierarchy.Bind(table.Quasi[0]).Losses();
            Assert.Equal(losses.Order(), losses);
            Assert.Equal(0, losses[0]);
        }
    }

    [Fact]
    public void AnAgeThatWasGeneralisedBeforeStopsNobody()
    {
        var table = Read("age\n90+\n95\n30\n93\n", ["age"]);
        var release = ReleaseGate.Search(table, [BuiltInHierarchy.Age], new GateRule { K = 3, Suppression = 0.25m })!;
        Assert.Equal((0, "90+", "90+", 1), (release.Levels[0], release.Value(0, 0), release.Value(1, 0), release.Suppressed));
        Assert.True(release.Generalises(0));
        Assert.False(ReleaseGate.Search(Read("age\n30\n30\n", ["age"]), [BuiltInHierarchy.Age], new GateRule { K = 2 })!.Generalises(0));
    }

    [Theory]
    [InlineData("x;*;Rest\n")]
    [InlineData("*;x;Rest\n")]
    [InlineData("a;x;1\nb;x;2\n")]
    public void ATableThatAnUnnamedValueWouldBreakIsNotDeclared(string table)
    {
        Assert.Equal(CohortFault.Hierarchy, FaultOf(() => PatientColumns.Declared("state", table)));
        Assert.Equal(["*", "*", "*"], PatientColumns.Declared("state", "x;y;Rest\n").Of("z"));
    }

    [Fact]
    public void TheHierarchiesOfArxAreRead()
    {
        int[] levels = [2, 5, 2, 3, 4, 3, 3, 3, 2];
        Assert.Equal(levels, AdultColumns.Select(column => AdultHierarchy(column).Levels));
        var table = Adult(AdultColumns);
        Assert.Equal(3016, table.Rows);
        foreach (var column in table.Quasi)
            Assert.Equal(1, AdultHierarchy(column.Name).Bind(column).Cardinality(AdultHierarchy(column.Name).Levels - 1));
    }

    [Theory]
    [InlineData("", CohortFault.Empty)]
    [InlineData("a;b;*\nc;*\n", CohortFault.Hierarchy)]
    [InlineData("a;b;*\na;b;*\n", CohortFault.Hierarchy)]
    [InlineData("a;\"b", CohortFault.Quote)]
    public void ATableThatIsNoHierarchyIsRefused(string text, CohortFault fault) => Assert.Equal(fault, FaultOf(() => TableHierarchy.Read(Stream(text), "h")));

    [Fact]
    public void TooManyLevelsAreRefused() =>
        Assert.Equal(CohortFault.TooLarge, FaultOf(() => TableHierarchy.Read(Stream(string.Join(';', Enumerable.Range(0, CohortLimits.MaxLevels + 1))), "h")));

    [Fact]
    public void AHierarchyThatPartsWhatItJoinedIsRefused()
    {
        var hierarchy = TableHierarchy.Read(Stream("a;x;1\nb;x;2\n"), "h");
        var error = Assert.Throws<CohortException>(() => ReleaseGate.Search(Read("c\na\nb\n", ["c"]), [hierarchy], new GateRule { K = 1 }));
        Assert.Equal((CohortFault.Hierarchy, "The hierarchy of column c parts at level 2 what it joined at level 1."), (error.Fault, error.Message));
    }

    [Fact]
    public void AnUnknownValueIsRefusedByItsRowUnlessOthersAreMeant()
    {
        var table = Read("c\na\nb\n", ["c"]);
        var hierarchy = TableHierarchy.Read(Stream("a;x;*\n"), "h");
        var error = Assert.Throws<CohortException>(() => ReleaseGate.Search(table, [hierarchy], new GateRule { K = 2 }));
        Assert.Equal((CohortFault.NotInHierarchy, "Row 3: the hierarchy of column c does not know the value there."), (error.Fault, error.Message));
        var release = ReleaseGate.Search(table, [hierarchy.WithOthers()], new GateRule { K = 1 })!;
        Assert.Equal(("a", "*"), (release.Value(0, 0), release.Value(1, 0)));
    }
}
