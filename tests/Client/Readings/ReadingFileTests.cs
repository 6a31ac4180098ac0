using System.Security.Cryptography;
using System.Text;
using Salus.Client.Readings;

namespace Salus.Client.Tests.Readings;

public class ReadingFileTests
{
    [Theory]
    [InlineData("time,value\n2026-03-04T05:06:07Z,71\n2026-03-04T05:06:08.250+01:00,72.5\n", "1772600767000 71|1772597168250 72.5")]
    [InlineData("\ufeffTime;Value\r\n2026-03-04;71\r\n\r\n# a remark\r\n2026-03-04 05:06;-0.5\r\n", "1772582400000 71|1772600760000 -0.5")]
    [InlineData("1700000000,60\n1700000000.5,61\n1700000001000,6.2e1\n", "1700000000000 60|1700000000500 61|1700000001000 62")]
    [InlineData("device\ttimestamp\tvalue\nx\t1700000000\t97\nx\t1700000060\t\n", "1700000000000 97")]
    [InlineData("time,note,value\n1700000000,\"a,5,b\",98\n1700000060,\"\"\"a\"\", b\" , 97\n1700000120,,96\n", "1700000000000 98|1700000060000 97|1700000120000 96")]
    [InlineData("1700000000;5;6\n", "1700000000000 5|1700000000000 6")]
    [InlineData("time,value,value2\n1700000000,5,6\n", "1700000000000 5|1700000000000 6")]
    [InlineData("value,time\n5.4,\"1700000000\"\n", "1700000000000 5.4")]
    public void CsvIsReadAsItIsWritten(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Parse(text).Select(row => FormattableString.Invariant($"{row.Time.ToUnixTimeMilliseconds()} {row.Value}"))));

    [Theory]
    [InlineData("time,value\n2026-03-04T05:06:07Z,71\nyesterday,72\n", 3)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,seventy\n", 2)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,0x10\n", 2)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,1e99\n", 2)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,0.1234567890123456789012345678\n", 2)]
    [InlineData("time,value\n2026-02-30T05:06:07Z,1\n", 2)]
    [InlineData("time,value\n1969-12-31T23:59:59Z,1\n", 2)]
    [InlineData("time,value\n-5,1\n", 2)]
    [InlineData("time,value\n1700000000.00001,1\n", 2)]
    [InlineData("time,value\n٢٠٢٦-03-04T05:06:07Z,1\n", 2)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,NaN\n", 2)]
    [InlineData("time,heart,oxygen\n1700000000,1,2\n", 1)]
    [InlineData("heart,oxygen\n1,2\n", 1)]
    [InlineData("1700000000,1,2,3\n", 1)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,5,6\n", 2)]
    [InlineData("2026-03-04T05:06:07Z,5,6\n", 1)]
    [InlineData("time,value\n2026-03-04T05:06:07Z\n", 2)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,\"5\n", 2)]
    [InlineData("time,value\n2026-03-04T05:06:07Z,\"5\"6\n", 2)]
    [InlineData("time,value\n2026,1\n", 2)]
    [InlineData("time,value\n20260304,1\n", 2)]
    [InlineData("20260304,1\n", 1)]
    [InlineData("{\"resourceType\":\"Observation\"\n", 2)]
    [InlineData("[1]", 1)]
    [InlineData("{}", 1)]
    public void WhatCannotBeReadIsAnErrorThatNamesTheLine(string text, int line)
    {
        var failure = Assert.Throws<CannotException>(() => Parse(text));
        Assert.StartsWith($"Line {line}: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoColumnsAreTwoSeries()
    {
        var pressure = ReadingFile.Assign(Parse("time,systolic,diastolic\n1700000000,120,80\n1700000060,118,\n"), "blood-pressure", new SeriesOptions());
        Assert.Equal(["blood-pressure-systolic 8480-6 2", "blood-pressure-diastolic 8462-4 1"], pressure.Select(one => $"{one.Name} {one.Options.Code} {one.Rows.Count}"));
        var two = ReadingFile.Assign(Parse("1700000000;1;2\n"), "x", new SeriesOptions());
        Assert.Equal(["x", "x-2"], two.Select(one => one.Name));
    }

    [Fact]
    public void ObservationsCountUnderTheirCodesWhereverTheyStand()
    {
        var heart = Observation("8867-4", "71.50", "/min");
        var pressure = """
            {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"effectiveDateTime":"2026-03-04T05:06:07Z","component":[
            {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":121,"code":"mm[Hg]"}},
            {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":79,"code":"mm[Hg]"}}]}
            """;
        var bundle = $$"""{"resourceType":"Bundle","entry":[{"resource":{{heart}} },{"resource":{"resourceType":"Patient"} },{"resource":{{Observation("59408-5", "97", "%")}} }]}""";
        foreach (var (text, codes) in new[]
        {
            (heart, "8867-4"), ($"[{heart},{heart}]", "8867-4,8867-4"), (bundle, "8867-4,59408-5"), (heart + "\n\n" + heart + "\n", "8867-4,8867-4"), (pressure, "8480-6,8462-4"),
        })
            Assert.Equal(codes, string.Join(',', Parse(text).Select(row => row.Channel)));
        var rows = Parse(bundle);
        Assert.Equal((71.50m, "/min"), (rows[0].Value, rows[0].Unit));
        Assert.Equal(["bp-systolic", "bp-diastolic"], ReadingFile.Assign(Parse(pressure), "bp", new SeriesOptions("85354-9")).Select(one => one.Name));
        // Several kinds: it has to be said which.
        Assert.Contains("8867-4, 59408-5", Assert.Throws<CannotException>(() => ReadingFile.Assign(rows, "x", new SeriesOptions())).Message, StringComparison.Ordinal);
        Assert.Equal(97m, Assert.Single(Assert.Single(ReadingFile.Assign(rows, "oxygen", new SeriesOptions("59408-5"))).Rows).Value);
        Assert.Throws<CannotException>(() => ReadingFile.Assign(rows, "x", new SeriesOptions("2339-0")));
        Assert.Throws<CannotException>(() => ReadingFile.Assign([], "x", new SeriesOptions()));
    }

    [Theory]
    [InlineData("\"comparator\":\"<\",\"value\":5", "\"effectiveDateTime\":\"2026-03-04T05:06:07Z\"")]
    [InlineData("\"value\":\"5\"", "\"effectiveDateTime\":\"2026-03-04T05:06:07Z\"")]
    [InlineData("\"value\":1e300", "\"effectiveDateTime\":\"2026-03-04T05:06:07Z\"")]
    [InlineData("\"value\":5", "\"effectiveDateTime\":\"2026-03\"")]
    [InlineData("\"value\":5", "\"effectiveDateTime\":\"2026\"")]
    [InlineData("\"value\":5", "\"effectiveDateTime\":\"1772600767\"")]
    [InlineData("\"value\":5", "\"issued\":\"2026-03-04T05:06:07Z\"")]
    public void AnObservationThatIsNotExactIsAnError(string quantity, string time) => Assert.Throws<CannotException>(() =>
        Parse("""{"resourceType":"Observation","code":{"coding":[{"system":"http://loinc.org","code":"1-1"}]},""" + time + ",\"valueQuantity\":{" + quantity + "}}"));

    [Fact]
    public void ADocumentOfAnyShapeIsReadOrRefused()
    {
        var good = Observation("8867-4", "71", "/min");
        foreach (var wrong in new[]
        {
            "null", "true", "\"a\"", "[[[[[[[[[[[{}]]]]]]]]]]]", "[" + string.Concat(Enumerable.Repeat("[", 5000)), good.Replace("\"coding\"", "\"x\"", StringComparison.Ordinal),
        })
        {
            try
            {
                Assert.Empty(Parse("[" + wrong + "]"));
            }
            catch (CannotException)
            {
                // Named, and nothing else.
            }
        }
        Assert.Contains("Unicode", Assert.Throws<CannotException>(() => Parse(good.Replace("8867-4", "\\ud800", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes($"[{good},{good}]");
        bytes[Array.IndexOf(bytes, (byte)'8')] = 0xff;
        Assert.Throws<CannotException>(() => ReadingFile.Parse(bytes));
        bytes = Encoding.UTF8.GetBytes($"[{good},{good}]");
        for (var i = 0; i < 10_000; i++)
        {
            var altered = (byte[])bytes.Clone();
            for (var j = RandomNumberGenerator.GetInt32(1, 4); j > 0; j--)
                altered[RandomNumberGenerator.GetInt32(altered.Length)] = (byte)RandomNumberGenerator.GetInt32(256);
            try
            {
                ReadingFile.Parse(altered[..RandomNumberGenerator.GetInt32(altered.Length + 1)]);
            }
            catch (CannotException)
            {
                // Named, and nothing else.
            }
        }
    }

    [Theory]
    [InlineData("71", 0, 71)]
    [InlineData("-36.60", 1, -366)]
    [InlineData("0.001", 3, 1)]
    [InlineData("1152921504606846975", 0, 1152921504606846975)]
    [InlineData("1.2e2", 0, 120)]
    public void DecimalsBecomeIntegersAndBackExactly(string text, int decimals, long units)
    {
        Assert.True(DecimalText.TryParse(text, out var value));
        Assert.True(DecimalText.TryScale(value, decimals, out var scaled));
        Assert.Equal(units, scaled);
        Assert.Equal(value, DecimalText.Value(units, decimals));
    }

    [Theory]
    [InlineData("36.61", 1)]
    [InlineData("1152921504606846976", 0)]
    [InlineData("-1152921504606846976", 0)]
    [InlineData("999999999999999999999999", 9)]
    public void WhatDoesNotFitIsNotRounded(string text, int decimals)
    {
        Assert.True(DecimalText.TryParse(text, out var value));
        Assert.False(DecimalText.TryScale(value, decimals, out _));
    }

    [Fact]
    public void EveryIntegerComesBack()
    {
        for (var i = 0; i < 10_000; i++)
        {
            var units = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) >> RandomNumberGenerator.GetInt32(3, 60);
            var decimals = RandomNumberGenerator.GetInt32(10);
            Assert.True(DecimalText.TryParse(DecimalText.Value(units, decimals).ToString(System.Globalization.CultureInfo.InvariantCulture), out var value));
            Assert.True(DecimalText.TryScale(value, decimals, out var again));
            Assert.Equal(units, again);
        }
    }

    [Fact]
    public async Task WrittenReadingsAreReadAgainAndTheirOwnersAlone()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".csv");
        try
        {
            Reading[] readings = [new(DateTimeOffset.FromUnixTimeMilliseconds(1772600767250), 71.50m), new(DateTimeOffset.FromUnixTimeMilliseconds(1772600768000), -3)];
            await ReadingFile.WriteAsync(path, readings, TestContext.Current.CancellationToken);
            Assert.Equal("time,value\n2026-03-04T05:06:07.250Z,71.50\n2026-03-04T05:06:08.000Z,-3\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            // Cut in the middle, it is as it was.
            await Assert.ThrowsAsync<OperationCanceledException>(() => ReadingFile.WriteAsync(path, readings[..1], new CancellationToken(canceled: true)));
            Assert.Equal(2, ReadingFile.Parse(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IReadOnlyList<FileReading> Parse(string text) => ReadingFile.Parse(Encoding.UTF8.GetBytes(text));

    private static string Observation(string code, string value, string unit) =>
        """{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"CODE"}]},"""
        .Replace("CODE", code, StringComparison.Ordinal)
        + """ "effectiveDateTime":"2026-03-04T05:06:07Z","valueQuantity":{"value":VALUE,"code":"UNIT"}}"""
        .Replace("VALUE", value, StringComparison.Ordinal).Replace("UNIT", unit, StringComparison.Ordinal);
}
