using FsCheck;
using FsCheck.Fluent;
using Salus.Client.Search;

namespace Salus.Client.Tests.Search;

public class QueryTests
{
    [Fact]
    public void PlainWordsAreAllWanted()
    {
        var query = Parse("asthma  Inhaler\tasthma");
        Assert.Equal([[Word("asthma")], [Word("Inhaler")]], query.Groups.Select(group => group.AnyOf));
        Assert.Empty(query.Without);
    }

    [Fact]
    public void AlternativesFormOneGroup()
    {
        Assert.Equal([[Word("cough")], [Word("asthma"), Word("copd")]], Parse("any:asthma cough any:copd").Groups.Select(group => group.AnyOf));
        Assert.Equal([[Word("cough")], [Word("asthma"), Word("copd")]], Parse("cough any: asthma copd").Groups.Select(group => group.AnyOf));
        Assert.Equal([[Code("4548-4"), new QueryTerm(QueryTermKind.Prefix, "diab")]], Parse("any:code:4548-4 any:diab*").Groups.Select(group => group.AnyOf));
    }

    [Fact]
    public void APhraseIsItsWordsAndIsCheckedLater()
    {
        var query = Parse("\"shortness of breath\" \"asthma\"");
        Assert.Equal(["shortness of breath"], query.Phrases);
        Assert.Equal(["shortness", "of", "breath", "asthma"], query.Groups.Select(group => group.AnyOf.Single().Text));
    }

    [Fact]
    public void WhatNarrowsIsKeptApart()
    {
        var query = Parse("asthma -copd -code:4548-4 -diab* partition:medical from:\"City Hospital\" from:lab@example.org date:2020-03");
        Assert.Equal([Word("copd"), Code("4548-4"), new QueryTerm(QueryTermKind.Prefix, "diab")], query.Without);
        Assert.Equal(["medical"], query.Partitions);
        Assert.Equal(["City Hospital", "lab@example.org"], query.Sources);
        Assert.Equal([[Word("asthma")], [new QueryTerm(QueryTermKind.Date, "2020-03")]], query.Groups.Select(group => group.AnyOf));
    }

    [Theory]
    [InlineData("code:loinc|4548-4", QueryTermKind.Code, "loinc|4548-4")]
    [InlineData("CODE:\"A 1\"", QueryTermKind.Code, "A 1")]
    [InlineData("date:2020", QueryTermKind.Date, "2020")]
    [InlineData("date:2020-02-29", QueryTermKind.Date, "2020-02-29")]
    [InlineData("di*", QueryTermKind.Prefix, "di")]
    [InlineData("12:30", QueryTermKind.Word, "12:30")]
    [InlineData("& x-ray", QueryTermKind.Word, "x-ray")]
    public void EachKindIsRead(string text, QueryTermKind kind, string expected) =>
        Assert.Equal(new QueryTerm(kind, expected), Parse(text).Groups.Single().AnyOf.Single());

    [Theory]
    [InlineData("", "at least one word")]
    [InlineData("   ", "at least one word")]
    [InlineData("& -- \u0000", "at least one word")]
    [InlineData("-asthma", "at least one word")]
    [InlineData("partition:medical from:x", "at least one word")]
    [InlineData("\"open", "not closed")]
    [InlineData("a\"b", "not closed")]
    [InlineData("\"\"", "no words")]
    [InlineData("\" & \"", "no words")]
    [InlineData("-\"two words\"", "cannot be left out")]
    [InlineData("any:", "wants words")]
    [InlineData("-any:x", "cannot be left out")]
    [InlineData("any:\"two words\"", "not a phrase")]
    [InlineData("d*", "at least two letters")]
    [InlineData("*", "at least two letters")]
    [InlineData("a*b", "at the end of a word")]
    [InlineData("dia**", "at the end of a word")]
    [InlineData("code:", "wants a code")]
    [InlineData("code:|", "wants a code")]
    [InlineData("date:", "wants a year")]
    [InlineData("date:20", "wants a year")]
    [InlineData("date:2020-13", "wants a year")]
    [InlineData("date:2021-02-29", "wants a year")]
    [InlineData("date:٢٠٢٠", "wants a year")]
    [InlineData("asthma partition:", "wants a name")]
    [InlineData("asthma -from:x", "cannot be left out")]
    [InlineData("form:x", "There is no form:")]
    public void WhatIsNoQuerySaysWhatToWrite(string text, string expected)
    {
        Assert.False(Query.TryParse(text, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TooMuchIsRefused()
    {
        Assert.False(Query.TryParse(new string('a', Query.MaxLength + 1), out _, out _));
        Assert.False(Query.TryParse(string.Join(' ', Enumerable.Range(0, Query.MaxTerms + 1).Select(i => $"a{i}")), out _, out _));
        Assert.True(Query.TryParse(string.Join(' ', Enumerable.Range(0, Query.MaxTerms).Select(i => $"a{i}")), out _, out _));
    }

    [Fact]
    public void AnyTextIsAQueryOrAFault()
    {
        var pieces = Gen.Elements("-", "\"", ":", "*", " ", "any", "code", "date", "from", "a", "é", "\u0000", "\ud800", "2020", "|", "🩺");
        Prop.ForAll(Gen.ListOf(pieces).Select(list => string.Concat(list)).ToArbitrary(), text =>
            Query.TryParse(text, out var query, out var fault) ? query.Groups.All(group => group.AnyOf.Count > 0) && fault is null : fault is { Length: > 0 }).QuickCheckThrowOnFailure();
    }

    private static Query Parse(string text) => Query.TryParse(text, out var query, out var fault) ? query : throw new InvalidOperationException(fault);

    private static QueryTerm Word(string text) => new(QueryTermKind.Word, text);

    private static QueryTerm Code(string text) => new(QueryTermKind.Code, text);
}
