using Salus.Client.Requests;

namespace Salus.Client.Tests.Requests;

public class KeywordTests
{
    [Theory]
    [InlineData("Asthma", "asthma")]
    [InlineData("  Type 2   Diabetes ", "type 2 diabetes")]
    [InlineData("X-Ray", "x ray")]
    [InlineData("CRÂNE", "crane")]
    [InlineData("CRA\u0302NE", "crane")]
    public void AKeywordIsOneHoweverItIsTyped(string typed, string folded) => Assert.Equal(folded, Keyword.Fold(typed));

    [Fact]
    public void WhatHasNoLettersAndDigitsIsNoKeyword()
    {
        foreach (var typed in new[] { "", " \t ", "-", "…", new string('\ud800', 1), new string('\udc00', 2) })
            Assert.Null(Keyword.Fold(typed));
    }

    [Fact]
    public void AKeywordThatIsTooLongIsNone()
    {
        Assert.Equal(255, Keyword.Fold(string.Join(' ', Enumerable.Repeat("a", 128)))!.Length);
        Assert.Null(Keyword.Fold(string.Join(' ', Enumerable.Repeat("a", 129))));
    }
}
