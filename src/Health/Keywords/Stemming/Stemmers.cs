namespace Salus.Health.Keywords.Stemming;

/// <summary>The Snowball stemmers of the languages that Salus knows.</summary>
internal static class Stemmers
{
    public static IReadOnlyList<Language> Languages { get; } = Enum.GetValues<Language>();

    /// <summary>The stem of a lower-case word with its accents, as Snowball 2.2 makes it. A word longer than any, and one of which nothing would be left, is its own stem.</summary>
    public static string Stem(string word, Language language)
    {
        if (word.Length > StemWord.MaxLength)
            return word;
        var stem = language switch
        {
            Language.German => GermanStemmer.Stem(word),
            Language.French => FrenchStemmer.Stem(word),
            Language.Spanish => SpanishStemmer.Stem(word),
            _ => EnglishStemmer.Stem(word),
        };
        return stem.Length > 0 ? stem : word;
    }
}
