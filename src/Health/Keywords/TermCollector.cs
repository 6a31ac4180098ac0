namespace Salus.Health.Keywords;

/// <summary>
/// Gathers the words, codes and dates of one document. Words wait unstemmed until the document's language is known. Memory is bounded by <see
/// cref="MaxTerms"/>: of what comes after, only words that are known already are counted.
/// </summary>
internal sealed class TermCollector(IReadOnlyList<string> ownKeywords) : ITermSink
{
    /// <summary>Different words, codes and dates of one document; far above any text that people write.</summary>
    private const int MaxTerms = 200_000;

    /// <summary>Words whose terms are kept for the documents that follow.</summary>
    private const int MaxKnown = 20_000;

    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly LanguageGuess guess = new();
    private readonly Dictionary<(string Word, Language Language), IReadOnlyList<string>> known = [];
    private Language? stated;

    public void Text(string text)
    {
        foreach (var token in Words.Tokenise(text))
        {
            Count(words, token.Word);
            guess.Add(token.Word, 1);
        }
    }

    public void Code(string? system, string code)
    {
        code = code.Trim();
        if (code.Length == 0)
            return;
        Count(codes, TermNames.Code(null, code));
        if (!string.IsNullOrWhiteSpace(system))
            Count(codes, TermNames.Code(system, code));
    }

    public void Date(ReadOnlySpan<char> date)
    {
        foreach (var term in TermNames.Dates(date))
            Count(codes, term);
    }

    public void Language(ReadOnlySpan<char> tag) => stated ??= tag.Length >= 2 && (tag.Length == 2 || tag[2] is '-' or '_')
        ? tag[..2].ToString().ToLowerInvariant() switch
        {
            "en" => Keywords.Language.English,
            "de" => Keywords.Language.German,
            "fr" => Keywords.Language.French,
            "es" => Keywords.Language.Spanish,
            _ => null,
        }
        : null;

    /// <summary>The document, as it is indexed; what was gathered is then forgotten.</summary>
    public DocumentTerms Take(int resource)
    {
        foreach (var keyword in ownKeywords)
            Text(keyword);
        var language = stated ?? guess.Best;
        var terms = new Dictionary<string, int>(codes, StringComparer.Ordinal);
        foreach (var (word, frequency) in words)
            foreach (var term in TermsOf(word, language))
                terms[term] = Sum(terms.GetValueOrDefault(term), frequency);
        var sorted = terms.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var length = 0;
        foreach (var (term, frequency) in sorted)
            if (!term.StartsWith(TermNames.DatePrefix, StringComparison.Ordinal))
                length = Sum(length, frequency);
        words.Clear();
        codes.Clear();
        guess.Clear();
        stated = null;
        return new DocumentTerms(resource, sorted, length);
    }

    private IReadOnlyList<string> TermsOf(string word, Language language)
    {
        if (known.TryGetValue((word, language), out var terms))
            return terms;
        if (known.Count == MaxKnown)
            known.Clear();
        return known[(word, language)] = Words.Terms(word, language);
    }

    private static void Count(Dictionary<string, int> into, string term)
    {
        if (into.TryGetValue(term, out var times))
            into[term] = Sum(times, 1);
        else if (into.Count < MaxTerms)
            into.Add(term, 1);
    }

    private static int Sum(int a, int b) => (int)Math.Min((long)a + b, int.MaxValue);
}
