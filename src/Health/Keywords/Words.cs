using System.Globalization;
using System.Text;
using Salus.Health.Keywords.Stemming;

namespace Salus.Health.Keywords;

/// <summary>From text to words and from words to terms: the one way, for indexing, for queries and for finding a phrase in a text.</summary>
public static class Words
{
    /// <summary>UTF-16 units of a word that count: a longer one is cut there.</summary>
    public const int MaxLength = StemWord.MaxLength;

    /// <summary>
    /// The words of a text: runs of letters and digits with the marks on them. An apostrophe stays within a word when at least three letters stand
    /// before and at most two behind it (<c>patient's</c>), and parts it otherwise (<c>l'hôpital</c>, <c>O'Hara</c>). Chinese, Japanese and Korean runs give each pair of
    /// neighbours, a lone character itself.
    /// </summary>
    public static IEnumerable<Token> Tokenise(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var rune = RuneAt(text, at);
            if (IsPaired(rune))
            {
                var next = at + rune.Utf16SequenceLength;
                var isFirst = at == 0 || !IsPaired(RuneBefore(text, at));
                if (next < text.Length && RuneAt(text, next) is var second && IsPaired(second))
                    yield return new Token(at, next + second.Utf16SequenceLength - at, text[at..(next + second.Utf16SequenceLength)]);
                else if (isFirst)
                    yield return new Token(at, next - at, text[at..next]);
                at = next;
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                var end = EndOfWord(text, at);
                yield return new Token(at, end - at, Lower(text.AsSpan(at, end - at)));
                at = end;
            }
            else
                at += rune.Utf16SequenceLength;
        }
    }

    /// <summary>A lower-case word as it stands in a term: without accents, combining marks and apostrophes.</summary>
    public static string Fold(string word)
    {
        if (Ascii.IsValid(word) && !word.Contains('\''))
            return word;
        var folded = new StringBuilder(word.Length + 4);
        foreach (var c in word)
            if (Accents.PlainOf(c) is { } plain)
                folded.Append(plain);
            else if (c != '\'' && !IsMark(c))
                folded.Append(c);
        return folded.ToString();
    }

    /// <summary>
    /// The <c>w:</c> terms under which a word of a text in a language is indexed: its folded stem, and where they differ also the stem of the
    /// folded word, so that it is found without typing accents. Empty for a word without letters and digits.
    /// </summary>
    /// <param name="word">As <see cref="Tokenise"/> gives it.</param>
    public static IReadOnlyList<string> Terms(string word, Language language)
    {
        var stem = Fold(Stemmers.Stem(word, language));
        if (stem.Length == 0)
            return [];
        var folded = Fold(word);
        if (folded == word || Stemmers.Stem(folded, language) is var plain && plain == stem)
            return [TermNames.Word(stem)];
        return [TermNames.Word(stem), TermNames.Word(plain)];
    }

    /// <summary>
    /// The <c>w:</c> terms that a word of a query stands for, any of which is a hit: its stems in all languages. For each word of a query by itself
    /// (<see cref="Tokenise"/> parts <c>x-ray</c> into two); of a text with several words the terms of all of them.
    /// </summary>
    public static IReadOnlyList<string> QueryVariants(string word) =>
        [.. Tokenise(word).SelectMany(token => Stemmers.Languages.SelectMany(language => Terms(token.Word, language))).Distinct()];

    /// <summary>The beginning of the <c>w:</c> terms that a prefix stands for: folded, not stemmed. Empty when it is not one word.</summary>
    public static string QueryPrefix(string prefix) =>
        Tokenise(prefix).ToList() is [var token] && Fold(token.Word) is { Length: > 0 } folded ? TermNames.Word(folded) : "";

    /// <summary>The language that most stop words of a text belong to; English when it is none of the others by at least two.</summary>
    public static Language DetectLanguage(string text)
    {
        var guess = new LanguageGuess();
        foreach (var token in Tokenise(text))
            guess.Add(token.Word, 1);
        return guess.Best;
    }

    internal static string Lower(ReadOnlySpan<char> word)
    {
        var lower = new StringBuilder(word.Length);
        foreach (var original in word)
        {
            var c = original == '’' ? '\'' : char.ToLowerInvariant(original);
            if (lower.Length > 0 && IsMark(c) && Accents.Compose(lower[^1], c) is not '\0' and var composed)
                lower[^1] = composed;
            else if (lower.Length < MaxLength)
                lower.Append(c);
            else
                break;
        }
        if (char.IsHighSurrogate(lower[^1]))
            lower.Length--;
        return lower.ToString();
    }

    private static int EndOfWord(string text, int start)
    {
        var at = start;
        while (at < text.Length)
        {
            var rune = RuneAt(text, at);
            if (IsWithinWord(rune))
                at += rune.Utf16SequenceLength;
            else if (rune.Value is '\'' or '’' && at - start > 2 && TailAfter(text, at + 1) is > 0 and <= 2 and var tail)
                return at + 1 + tail;
            else
                break;
        }
        return at;
    }

    /// <summary>Letters from here to the end of the word, counted up to three; 0 when something else than letters stands there.</summary>
    private static int TailAfter(string text, int at)
    {
        var count = 0;
        while (count < 3 && at + count < text.Length && char.IsLetter(text[at + count]))
            count++;
        return at + count < text.Length && count < 3 && char.IsLetterOrDigit(text[at + count]) ? 0 : count;
    }

    private static bool IsWithinWord(Rune rune) =>
        (Rune.IsLetterOrDigit(rune) && !IsPaired(rune)) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Marks that may be left out in writing: accents, and the points of Hebrew and Arabic. Those of Indic and Thai letters are vowels.</summary>
    private static bool IsMark(char c) => c is >= '\u0300' and <= '\u036F' or >= '\u0591' and <= '\u05C7' or >= '\u064B' and <= '\u065F';

    /// <summary>Han, Hiragana, Katakana and Hangul: scripts whose words no space parts, or in which particles are joined to them.</summary>
    private static bool IsPaired(Rune rune) => rune.Value is >= 0x3005 and <= 0x3007 or >= 0x3040 and <= 0x30FF or >= 0x31F0 and <= 0x31FF
        or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x323AF;

    private static Rune RuneAt(string text, int at) => Rune.TryGetRuneAt(text, at, out var rune) ? rune : Rune.ReplacementChar;

    private static Rune RuneBefore(string text, int at) => RuneAt(text, at > 1 && char.IsLowSurrogate(text[at - 1]) ? at - 2 : at - 1);
}
