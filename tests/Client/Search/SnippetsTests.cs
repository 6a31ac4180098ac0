using Salus.Client.Search;

namespace Salus.Client.Tests.Search;

public class SnippetsTests
{
    [Theory]
    [InlineData("asthma", "A child with asthma since birth.", "A child with *asthma* since birth.")]
    [InlineData("running nose", "The nose runs.", "The *nose* *runs*.")]
    [InlineData("diabète", "Diabetes, then DIABETE.", "*Diabetes*, then *DIABETE*.")]
    [InlineData("code:4548-4", "Hemoglobin", "Hemoglobin")]
    [InlineData("asthma", "line one\r\n\tasthma", "line one   *asthma*")]
    [InlineData("asthma", "", null)]
    public void WordsAreMarkedInAnyForm(string query, string text, string? expected) => Assert.Equal(expected, Of(query, text)?.Marked("*", "*"));

    [Fact]
    public void TheStretchWithMostOfTheWordsIsShown()
    {
        var far = string.Join(' ', Enumerable.Repeat("something else", 40));
        var snippet = Of("asthma cough fever", $"asthma {far} cough with fever and asthma {far}");
        Assert.StartsWith("… ", snippet!.Text, StringComparison.Ordinal);
        Assert.EndsWith(" …", snippet.Text, StringComparison.Ordinal);
        Assert.Contains("[cough] with [fever] and [asthma]", snippet.Marked("[", "]"), StringComparison.Ordinal);
        Assert.InRange(snippet.Text.Length, 20, 300);
        Assert.Equal("the other *cough*", Snippet("asthma cough", ["nothing here", "the other cough"])!.Marked("*", "*"));
    }

    [Fact]
    public void AnyTextIsCutBetweenCharacters()
    {
        var random = new Random(5);
        string[] pieces = ["asthma", " ", "🩺", "é", "病気", "\ud83e", "x", "\n", "'"];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (Of("asthma 病気", text) is not { } snippet)
                continue;
            Assert.All(snippet.Marks, mark => Assert.InRange(mark.Start + mark.Length, 1, snippet.Text.Length));
            Assert.Equal(snippet.Text, snippet.Marked("", ""));
        }
    }

    [Theory]
    [InlineData("\"shortness of breath\"", "Shortness of breath at night", true)]
    [InlineData("\"shortness of breath\"", "short breath", false)]
    [InlineData("\"shortness of breath\"", "breath of shortness", false)]
    [InlineData("\"chest pain\"", "chest pains", true)]
    [InlineData("\"chest pain\"", "chest-pain", true)]
    [InlineData("\"chest pain\" \"at night\"", "chest pain", false)]
    [InlineData("chest pain", "nothing of it", true)]
    public void PhrasesStandSideBySide(string query, string text, bool holds)
    {
        Assert.True(Query.TryParse(query, out var parsed, out _));
        Assert.Equal(holds, new Snippets(parsed, Expanded(parsed)).HoldPhrases([text]));
        // The end of one text and the beginning of the next are no phrase.
        Assert.Equal(parsed.Phrases.Count == 0, new Snippets(parsed, Expanded(parsed)).HoldPhrases(["chest", "pain"]));
    }

    private static Snippet? Of(string query, string text) => Snippet(query, text.Length == 0 ? [] : [text]);

    private static Snippet? Snippet(string query, string[] texts)
    {
        Assert.True(Query.TryParse(query, out var parsed, out _));
        return new Snippets(parsed, Expanded(parsed)).Of(texts);
    }

    private static ExpandedQuery Expanded(Query query) => ExpandedQuery.Of(query, null, (_, _) => []);
}
