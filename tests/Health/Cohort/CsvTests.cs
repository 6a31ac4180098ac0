using System.Text;
using Salus.Health.Cohort;
using static Salus.Health.Tests.Cohort.Tables;

namespace Salus.Health.Tests.Cohort;

public class CsvTests
{
    private static List<List<string>> Rows(string text)
    {
        using var reader = new CsvReader(Stream(text));
        var rows = new List<List<string>>();
        while (reader.Read() is { } row)
            rows.Add(row);
        return rows;
    }

    [Theory]
    [InlineData("a,b\r\n1,2\r\n", "a|b/1|2")]
    [InlineData("a,b\n1,2", "a|b/1|2")]
    [InlineData("\uFEFFa;b\r\n1;2,5", "a|b/1|2,5")]
    [InlineData("a\r\n\"x \"\"y\"\"\r\nz\"", "a/x \"y\"\r\nz")]
    [InlineData("\"a;b;c\",d\n1,", "a;b;c|d/1|")]
    [InlineData("a,b\n\n,\n\n", "a|b/|")]
    [InlineData("a,b\r\n\"\",\"\"", "a|b/|")]
    [InlineData("ä,b\n\U0001F600,x", "ä|b/\U0001F600|x")]
    [InlineData("", "")]
    public void RowsAreReadAsTheyAreWritten(string text, string expected) =>
        Assert.Equal(expected, string.Join('/', Rows(text).Select(row => string.Join('|', row))));

    [Theory]
    [InlineData("a,b\n\"x", CohortFault.Quote)]
    [InlineData("a,b\nx\"y,2", CohortFault.Quote)]
    [InlineData("a,b\n\"x\"y,2", CohortFault.Quote)]
    [InlineData("a,b\r1,2", CohortFault.Quote)]
    [InlineData("a,b\n1\0,2", CohortFault.NotUtf8)]
    public void WhatIsNoTableIsRefused(string text, CohortFault fault) => Assert.Equal(fault, FaultOf(() => Rows(text)));

    [Fact]
    public void BytesThatAreNoUtf8AreRefused() =>
        Assert.Equal(CohortFault.NotUtf8, FaultOf(() => CohortTable.Read(new MemoryStream([(byte)'a', (byte)'\n', 0xFF, 0xFE]), ["a"], null)));

    [Fact]
    public void ManyColumnsAndLongFieldsAreRefused()
    {
        Assert.Equal(CohortFault.TooLarge, FaultOf(() => Rows(new string(',', CohortLimits.MaxColumns))));
        Assert.Equal(CohortFault.TooLarge, FaultOf(() => Rows(new string('x', CohortLimits.MaxField + 1))));
        Assert.Equal(CohortFault.TooLarge, FaultOf(() => Rows(string.Join(',', Enumerable.Repeat(new string('x', CohortLimits.MaxField), 70)))));
        Assert.Equal(CohortLimits.MaxColumns, Rows(new string(',', CohortLimits.MaxColumns - 1)).Single().Count);
    }

    [Theory]
    [InlineData("a,b\n1,2\n1\n", CohortFault.RowLength, "Row 3 has 1 fields, the header 2.")]
    [InlineData("a,a\n1,2\n", CohortFault.DuplicateColumn, "Row 1: two columns have the same name.")]
    [InlineData("a,c\n1,2\n", CohortFault.NoSuchColumn, "There is no column b in the header (names are exact).")]
    [InlineData("", CohortFault.Empty, "The table is empty: it needs a header and rows.")]
    public void ATableThatDoesNotFitIsRefusedByColumnAndRow(string text, CohortFault fault, string message)
    {
        var error = Assert.Throws<CohortException>(() => Read(text, ["a", "b"]));
        Assert.Equal((fault, message), (error.Fault, error.Message));
    }

    [Fact]
    public void NoMessageHoldsAValue()
    {
        const string secret = "Quigley";
        string[] texts = [$"a,b\n\"{secret}", $"a,b\n{secret}\"x,2", $"a,b\n{secret}", $"a,b\n\"{secret}\"z,1", $"a,b\n{secret}\0"];
        Assert.All(texts, text => Assert.DoesNotContain(secret, Assert.Throws<CohortException>(() => Read(text, ["a", "b"])).Message, StringComparison.Ordinal));
        var hierarchy = TableHierarchy.Read(Stream("x;*\n"), "of column a");
        Assert.DoesNotContain(secret, Assert.Throws<CohortException>(() => ReleaseGate.Search(Read($"a\nx\n{secret}\n", ["a"]), [hierarchy], new GateRule())).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Assert.Throws<CohortException>(() => TableHierarchy.Read(Stream($"{secret};*\n{secret};*\n"), "of column a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedAndCutBytesAreReadOrRefused()
    {
        var gold = File.ReadAllBytes(Path.Combine(GoldFolder, "cohort.csv")).AsSpan(0, 2000).ToArray();
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = gold.AsSpan(0, random.Next(gold.Length)).ToArray();
            for (var i = 0; i < 3 && bytes.Length > 0; i++)
                bytes[random.Next(bytes.Length)] = round % 2 == 0 ? (byte)"\",;\r\n\0"[random.Next(6)] : (byte)random.Next(256);
            try
            {
                CohortTable.Read(new MemoryStream(bytes), ["sex", "zip"], "conditionCode");
            }
            catch (CohortException)
            {
            }
        }
    }

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        string[][] rows = [["a", "b;c", ""], ["x\"y", "1,2", "line\r\nend"], [" ", "ü", "="]];
        var text = new StringWriter();
        foreach (var row in rows)
            CsvWriter.WriteRow(text, row);
        Assert.Equal(rows, Rows(text.ToString()).Select(row => row.ToArray()));
    }

    [Fact]
    public void OneColumnWithItsTableIsReadInOneGo()
    {
        var text = new StringBuilder("id,sex\n");
        for (var i = 0; i < 100_000; i++)
            text.Append(i).Append(",f\n");
        var table = Read(text.ToString(), ["sex"]);
        Assert.Equal((100_000, 1), (table.Rows, table.Quasi[0].Values.Count));
    }
}
