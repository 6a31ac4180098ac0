using System.Globalization;
using Salus.Crypto.Statistics.Results;
using Salus.Crypto.Statistics.Rows;
using BigInteger = System.Numerics.BigInteger;

namespace Salus.Crypto.Tests.Statistics.Results;

public sealed class ResultsTests
{
    // Two predictors and 3 + 2a - b/2 exactly.
    private static readonly long[][] Rows = [[1, 2, 4], [2, 2, 6], [3, 4, 7], [5, 0, 13], [8, 6, 16]];

    [Fact]
    public void FractionsAreInLowestTermsAndOrdered()
    {
        Assert.Equal(new Rational(-1, 2), new Rational(3, -6));
        Assert.Equal(default, new Rational(0, -5));
        Assert.Equal("0", default(Rational).ToString());
        Assert.Equal(new Rational(5, 6), new Rational(1, 2) + new Rational(1, 3));
        Assert.Equal(new Rational(1, 6), new Rational(1, 2) - new Rational(1, 3));
        Assert.Equal(new Rational(3, 2), new Rational(1, 2) / new Rational(1, 3));
        Assert.True(new Rational(-1, 2) < new Rational(1, 3) && new Rational(2, 4) <= new Rational(1, 2));
        Assert.Throws<DivideByZeroException>(() => new Rational(1, 1) / 0);
        Assert.Throws<DivideByZeroException>(() => new Rational(1, 0));
    }

    [Theory]
    [InlineData(7, 2, 3, 4, 4), InlineData(-7, 2, -4, -3, -4), InlineData(6, 3, 2, 2, 2), InlineData(-1, 3, -1, 0, 0), InlineData(5, 3, 1, 2, 2)]
    public void FractionsAreRounded(int numerator, int denominator, int floor, int ceiling, int nearest)
    {
        var value = new Rational(numerator, denominator);
        Assert.Equal((floor, ceiling, nearest), ((int)value.Floor(), (int)value.Ceiling(), (int)value.Round()));
    }

    [Theory]
    [InlineData(-1, 8, 2, "-0.13"), InlineData(1, 3, 4, "0.3333"), InlineData(200, 1, 0, "200"), InlineData(-1, 1000, 2, "0.00"), InlineData(12345, 100, 1, "123.5")]
    public void FractionsAreWrittenWithDigits(int numerator, int denominator, int digits, string text) => Assert.Equal(text, new Rational(numerator, denominator).ToString(digits));

    [Fact]
    public void SquareRootsAreRoundedDown()
    {
        for (var value = 0; value < 3000; value++)
        {
            var root = Rational.SquareRoot(value);
            Assert.True(root * root <= value && (root + 1) * (root + 1) > value);
        }
        var large = BigInteger.Pow(10, 60) - 1;
        Assert.Equal(BigInteger.Pow(10, 30) - 1, Rational.SquareRoot(large));
        Assert.Equal("1.41421356", new Rational(2, 1).SquareRoot(8).ToString(8));
    }

    [Fact]
    public void MomentsGiveWhatTheRowsGive()
    {
        var moments = MomentsOf(Rows);
        for (var a = 0; a < 3; a++)
        {
            var column = Rows.Select(row => new Rational(row[a], 1)).ToArray();
            var mean = column.Aggregate(Rational.Zero, (sum, x) => sum + x) / Rows.Length;
            Assert.True(moments.TryMean(a, out var found));
            Assert.Equal(mean, found);
            Assert.True(moments.TryVariance(a, out var variance));
            Assert.Equal(column.Aggregate(Rational.Zero, (sum, x) => sum + (x - mean) * (x - mean)) / (Rows.Length - 1), variance);
        }
        Assert.True(moments.TryCorrelation(0, 1, out var correlation));
        Assert.True(moments.TryCovariance(0, 1, out var covariance));
        Assert.True(moments.TryVariance(0, out var v0));
        Assert.True(moments.TryVariance(1, out var v1));
        Assert.Equal(covariance * covariance / (v0 * v1), correlation);
        Assert.True(moments.TryCorrelation(0, 0, out var one));
        Assert.Equal(1, one);
        Assert.True(MomentsOf([[1, -1], [2, -2]]).TryCorrelation(0, 1, out var opposite));
        Assert.Equal(-1, opposite);
    }

    [Fact]
    public void RegressionIsExact()
    {
        Assert.True(MomentsOf(Rows).TryRegression(2, [0, 1], out var coefficients));
        Assert.Equal([new Rational(3, 1), new Rational(2, 1), new Rational(-1, 2)], coefficients);
        // By hand: the slope of (0,1), (1,3), (2,4) is 3/2, the intercept 7/6.
        Assert.True(MomentsOf([[0, 1], [1, 3], [2, 4]]).TryRegression(1, [0], out var line));
        Assert.Equal([new Rational(7, 6), new Rational(3, 2)], line);
        Assert.True(MomentsOf([[0, 0], [0, 6]]).TryRegression(1, [], out var mean));
        Assert.Equal([new Rational(3, 1)], mean);
    }

    [Fact]
    public void EquationsWhoseFirstFactorIsZeroAreSolvedToo()
    {
        Assert.True(LinearSystem.TrySolve(new BigInteger[,] { { 0, 2, 1, 7 }, { 1, 0, 0, 5 }, { 3, 0, 4, 19 } }, out var solution));
        Assert.Equal([5, 3, 1], solution.Select(x => (long)x.Numerator));
    }

    [Fact]
    public void WhatTheRowsDoNotDetermineIsRefused()
    {
        Assert.False(MomentsOf([[1, 5], [1, 6]]).TryRegression(1, [0], out _));
        Assert.False(MomentsOf([[1, 2, 5], [2, 4, 6], [3, 6, 6]]).TryRegression(2, [0, 1], out _));
        Assert.False(MomentsOf([[1, 5]]).TryRegression(1, [0], out _));
        Assert.False(MomentsOf([[1, 5]]).TryVariance(0, out _));
        Assert.False(MomentsOf([[1, 5]]).TryCorrelation(0, 1, out _));
        Assert.False(MomentsOf([[1, 5], [1, 6]]).TryCorrelation(0, 1, out _));
        Assert.False(new Moments(1, [0, 0, 0]).TryMean(0, out _));
        Assert.False(new Moments(1, [-3, 5, 7]).TryMean(0, out _));
        Assert.False(new Moments(1, [4, 10, 3]).TryVariance(0, out _)); // noise: a mean square below the square of the mean
        Assert.Throws<ArgumentOutOfRangeException>(() => new Moments(2, [1, 2, 3]));
    }

    [Fact]
    public void ChiSquaredIsExact()
    {
        // 2 x 2 by its own formula: n (ad - bc)² / product of the margins.
        Assert.True(new ContingencyTable(2, 2, [10, 20, 30, 5]).TryChiSquared(out var statistic));
        Assert.Equal(new Rational(65L * (50 - 600) * (50 - 600), 30L * 35 * 40 * 25), statistic);
        Assert.True(new ContingencyTable(2, 3, [2, 4, 6, 3, 6, 9]).TryChiSquared(out var independent));
        Assert.Equal(0, independent);
        Assert.Equal(2, new ContingencyTable(2, 3, [2, 4, 6, 3, 6, 9]).DegreesOfFreedom);
        Assert.False(new ContingencyTable(2, 2, [0, 0, 3, 4]).TryChiSquared(out _));
        Assert.False(new ContingencyTable(2, 2, [1, 0, 3, 0]).TryChiSquared(out _));
        Assert.False(new ContingencyTable(2, 2, [-2, 1, 3, 4]).TryChiSquared(out _));
    }

    [Theory]
    [InlineData("0", "10"), InlineData("1/4", "15"), InlineData("1/2", "20"), InlineData("3/4", "55"), InlineData("1", "99")]
    public void QuantilesStandEvenlyInTheirBuckets(string q, string expected)
    {
        // 0 in 0-9, 6 in 10-19, 2 in 20-29, 0 in 30-39, 4 in 40-99.
        var histogram = new Histogram(new RowVariable(0, 99, [10, 20, 30, 40], Presence.Required), [-1, 6, 2, 0, 4]);
        Assert.True(histogram.TryQuantile(Parse(q), out var value));
        Assert.Equal(Parse(expected), value);
    }

    [Fact]
    public void MinimumAndMaximumAreTheEndsOfBucketsWithEnoughRows()
    {
        var histogram = new Histogram(new RowVariable(0, 99, [10, 20, 30], Presence.Required), [1, 6, 9, 2]);
        Assert.True(histogram.TryMinimum(1, out var least));
        Assert.Equal((0, 9), least);
        Assert.True(histogram.TryMinimum(5, out least));
        Assert.Equal((10, 19), least);
        Assert.True(histogram.TryMaximum(3, out var largest));
        Assert.Equal((20, 29), largest);
        Assert.False(histogram.TryMaximum(10, out _));
        Assert.False(new Histogram(new RowVariable(0, 9, [], Presence.Required), [0]).TryQuantile(new Rational(1, 2), out _));
    }

    [Fact]
    public void TheWorstCaseSaysWhetherAResultStaysInTheField()
    {
        Assert.True(FieldRange.Fits(FieldRange.Worst(1_000_000, BigInteger.Pow(2, 40), 0)));
        Assert.False(FieldRange.Fits(FieldRange.Worst(1_048_576, BigInteger.Pow(2, 40), 0)));
        Assert.False(FieldRange.Fits(FieldRange.Worst(1_048_576, -BigInteger.Pow(2, 40), 0)));
        Assert.True(FieldRange.Fits(FieldRange.Limit));
        Assert.False(FieldRange.Fits(FieldRange.Worst(0, 0, FieldRange.Limit + 1)));
    }

    private static Moments MomentsOf(long[][] rows)
    {
        var d = rows[0].Length;
        var numbers = new List<long> { rows.Length };
        numbers.AddRange(Enumerable.Range(0, d).Select(a => rows.Sum(row => row[a])));
        for (var a = 0; a < d; a++)
            for (var b = a; b < d; b++)
                numbers.Add(rows.Sum(row => row[a] * row[b]));
        return new Moments(d, [.. numbers]);
    }

    private static Rational Parse(string text)
    {
        var parts = text.Split('/').Select(part => BigInteger.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new Rational(parts[0], parts.Length > 1 ? parts[1] : 1);
    }
}
