using Salus.Client.Statistics;
using Salus.Protocol.Statistics;

namespace Salus.Client.Tests.Statistics;

public class AskedStatisticTests
{
    [Theory]
    [InlineData("count()", Measure.Count, "")]
    [InlineData("count(glucose)", Measure.Total, "1")]
    [InlineData("mean( Heart-Rate )", Measure.Total, "0")]
    [InlineData("variance(glucose)", Measure.Spread, "1")]
    [InlineData("quantile(glucose, 0.25)", Measure.Buckets, "1")]
    [InlineData("median(heart-rate)", Measure.Buckets, "0")]
    [InlineData("histogram(sex)", Measure.Categories, "0")]
    [InlineData("covariance(glucose, heart-rate)", Measure.Joint, "0,1")]
    [InlineData("regression(heart-rate ~ weight + glucose)", Measure.Gram, "0,1,2")]
    [InlineData("chi-squared(smoker, sex)", Measure.Table, "0,1")]
    public void FunctionsAskForTheirMeasure(string text, Measure measure, string operands)
    {
        var asked = Parse(text);
        Assert.Equal((measure, operands), (asked.Question.Measure, string.Join(',', asked.Question.Operands)));
        Assert.Equal(asked.Question, Parse($"  {text.ToUpperInvariant()} ").Question);
    }

    [Theory]
    [InlineData("sex=female", 1, 0, 0b001)]
    [InlineData("sex!=female", 1, 0, 0b110)]
    [InlineData("smoker in {yes, earlier}", 1, 1, 0b0110)]
    [InlineData("smoker=unknown", 1, 1, 0b1000)]
    [InlineData("heart-rate < 100", 2, 0, 0b0011)]
    [InlineData("heart-rate >= 100", 2, 0, 0b1100)]
    [InlineData("glucose in [4.0..11.0)", 2, 1, 0b0110)]
    [InlineData("glucose in [..7)", 2, 1, 0b0011)]
    [InlineData("glucose in [2..]", 2, 1, 0b1111)]
    [InlineData("glucose in [4..] and glucose < 11", 2, 1, 0b0110)]
    public void ConditionsAreSetsOfCategoriesAndBuckets(string condition, int kind, int index, int members)
    {
        var filter = Assert.Single(Parse($"count() where {condition}").Question.Filters);
        Assert.Equal(new Filter((FilterKind)kind, (byte)index, (UInt128)members), filter);
    }

    [Fact]
    public void EqualQuestionsInOtherWordsAreTheSame()
    {
        Assert.Equal(Parse("mean(glucose) where sex=female and smoker=no").Question, Parse("sum(glucose) where smoker in {no} and sex in {female}").Question);
        Assert.Equal(Parse("count()").Question, Parse("count() where sex in {female, male, unknown}").Question);
        Assert.Equal(Parse("min(glucose)").Question, Parse("quantile(glucose, 0.9)").Question);
        Assert.NotEqual(Parse("count() where sex=female").Question, Parse("count() where sex=male").Question);
    }

    [Theory]
    [InlineData("", "is no function")]
    [InlineData("average(glucose)", "is no function")]
    [InlineData("mean glucose", "comes “(”")]
    [InlineData("mean(glucose", "comes “)”")]
    [InlineData("mean()", "Write mean(a)")]
    [InlineData("mean(glucose, weight)", "Write mean(a)")]
    [InlineData("mean(pressure)", "has no “pressure”")]
    [InlineData("mean(sex)", "is no number")]
    [InlineData("histogram(weight)", "no buckets")]
    [InlineData("quantile(glucose, 1.5)", "from 0 to 1")]
    [InlineData("correlation(glucose, glucose)", "twice")]
    [InlineData("chi-squared(sex, glucose)", "is of attributes")]
    [InlineData("regression(glucose)", "comes “~”")]
    [InlineData("count() with sex=female", "where")]
    [InlineData("count() where sex=woman", "is one of female, male, unknown")]
    [InlineData("count() where sex<female", "write sex=")]
    [InlineData("count() where glucose=5", "is a number")]
    [InlineData("count() where glucose < 5", "begin at 2, 4, 7, 11")]
    [InlineData("count() where glucose in [7..4)", "No value")]
    [InlineData("count() where weight < 3", "no buckets")]
    [InlineData("count() where sex=female or sex=male", "“and”")]
    [InlineData("count() where sex=female and sex=male", "exclude each other")]
    [InlineData("count() where sex in {}", "nobody")]
    [InlineData("count(); drop", "no meaning")]
    [InlineData("count()\u202e", "U+202E")]
    public void WhatIsWrongIsSaidWithWhatToWrite(string text, string expected)
    {
        Assert.False(AskedStatistic.TryParse(text, Example.Terms, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void NoTextCrashesTheReader()
    {
        var random = new Random(5);
        string[] parts = ["mean", "(", ")", "glucose", "sex", "=", "female", "where", "and", "in", "[", "..", "4", "{", "}", "~", "+", ",", " ", "0.5", "!", "\ud800", "\0", "é"];
        for (var i = 0; i < 20_000; i++)
            _ = AskedStatistic.TryParse(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)])), Example.Terms, out _, out _);
        Assert.False(AskedStatistic.TryParse(new string('(', 100_000), Example.Terms, out _, out _));
    }

    private static AskedStatistic Parse(string text) => AskedStatistic.TryParse(text, Example.Terms, out var asked, out var fault) ? asked : throw new FormatException(fault);
}
