using System.Globalization;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Rows;
using Salus.Testing;

namespace Salus.Crypto.Tests.Statistics.Rows;

public sealed class RowLayoutTests
{
    public static TheoryData<Vector> All => [.. Vectors.Read("rows")];

    [Theory]
    [MemberData(nameof(All))]
    public void RowsAreEncodedAsTheVectorsSay(Vector vector)
    {
        var layout = new RowLayout(
            [.. vector["variables"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Variable)], [.. Numbers(vector["attributes"]).Select(n => (int)n)]);
        long?[] values = [.. vector["values"].Split(',').Select(text => text == "-" ? (long?)null : Number(text))];
        var row = layout.Encode(values, [.. Numbers(vector["categories"]).Select(n => (int)n)]);
        Assert.Equal(layout.Count, row.Length);
        var bytes = new byte[Field61.Size * row.Length];
        FieldVector.Write(row, bytes);
        Assert.Equal(vector.Bytes("elements"), bytes);
    }

    [Fact]
    public void ElementsAreFoundByWhatTheyMean()
    {
        var layout = new RowLayout([new RowVariable(0, 99, [10, 50], Presence.Optional), new RowVariable(5, 6, [], Presence.Required)], [2, 3]);
        var row = layout.Encode([50, 6], [1, 2]);
        Assert.Equal(50UL, row[layout.Value(0)]);
        Assert.Equal(6UL, row[layout.Value(1)]);
        Assert.Equal(1UL, row[layout.Present(0)]);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(bucket => row[layout.Bucket(0, bucket)]));
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(category => row[layout.Category(0, category)]));
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(category => row[layout.Category(1, category)]));
        Assert.Throws<ArgumentException>(() => layout.Present(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Bucket(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Category(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Value(2));
        var absent = layout.Encode([null, 5], [0, 0]);
        Assert.Equal(1 + 2, absent.Count(element => element == 1)); // a distance of one, and two categories
    }

    [Fact]
    public void WhatIsOutOfBoundsOrAbsentIsNotEncoded()
    {
        var layout = new RowLayout([new RowVariable(0, 9, [], Presence.Required)], [2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Encode([10], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Encode([-1], [0]));
        Assert.Throws<ArgumentException>(() => layout.Encode([null], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Encode([1], [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.Encode([1], []));
    }

    [Fact]
    public void ImpossibleDeclarationsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowVariable(1, 0, [], Presence.Required));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowVariable(0, RowVariable.MaxMagnitude + 1, [], Presence.Required));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowVariable(0, 1000, [.. Enumerable.Range(1, 65).Select(n => (long)n)], Presence.Required));
        Assert.Throws<ArgumentException>(() => new RowVariable(0, 9, [3, 3], Presence.Required));
        Assert.Throws<ArgumentException>(() => new RowVariable(0, 9, [0], Presence.Required));
        Assert.Throws<ArgumentException>(() => new RowVariable(0, 9, [10], Presence.Required));
        Assert.Throws<ArgumentException>(() => new RowLayout([], []));
        Assert.Throws<ArgumentException>(() => new RowLayout([], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowLayout([], [RowLayout.MaxElements + 1]));
    }

    private static RowVariable Variable(string text)
    {
        var parts = text.TrimEnd('?').Split('/');
        var ends = parts[0].Split("..");
        return new RowVariable(Number(ends[0]), Number(ends[1]), [.. parts.Skip(1).Select(Number)], text.EndsWith('?') ? Presence.Optional : Presence.Required);
    }

    private static long[] Numbers(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
