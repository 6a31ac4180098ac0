using System.Collections.Concurrent;
using Salus.Health.Keywords;

namespace Salus.Client.Search;

/// <summary>Looks into opened texts: for the place that shows best why they were found, and for phrases.</summary>
internal sealed class Snippets
{
    private const int Window = 160;
    private const int Lead = 40;

    private readonly HashSet<string> _forms;
    private readonly IReadOnlyList<IReadOnlyList<HashSet<string>>> _phrases;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _variants = [];

    public Snippets(Query query, ExpandedQuery expanded)
    {
        _forms = [.. expanded.Groups.SelectMany(group => group).SelectMany(terms => terms).SelectMany(term => term.Forms)];
        _phrases = [.. query.Phrases.Select(phrase => Words.Tokenise(phrase).Select(token => Words.QueryVariants(token.Word).ToHashSet()).Where(forms => forms.Count > 0).ToArray())];
    }

    public bool HasPhrases => _phrases.Count > 0;

    /// <summary>Whether every phrase of the query stands in one of the texts, word by word in any of their forms.</summary>
    public bool HoldPhrases(IReadOnlyList<string> texts)
    {
        var tokens = texts.Select(text => Words.Tokenise(text).ToArray()).ToArray();
        return _phrases.All(phrase => tokens.Any(text => Enumerable.Range(0, Math.Max(0, text.Length - phrase.Count + 1))
            .Any(start => Enumerable.Range(0, phrase.Count).All(i => Variants(text[start + i].Word).Any(phrase[i].Contains)))));
    }

    /// <summary>The stretch of the texts with the most of the words that were looked for; the beginning of the first text when there are none in them.</summary>
    public Snippet? Of(IReadOnlyList<string> texts)
    {
        (string Text, Token[] Matches, int First, int Words) best = (texts.Count > 0 ? texts[0] : "", [], 0, 0);
        foreach (var text in texts)
        {
            var matches = Words.Tokenise(text).Where(token => Variants(token.Word).Any(_forms.Contains)).ToArray();
            for (var i = 0; i < matches.Length; i++)
            {
                var words = matches.Skip(i).TakeWhile(token => token.Start + token.Length <= matches[i].Start + Window - Lead).Select(token => Variants(token.Word)[0]).Distinct().Count();
                if (words > best.Words)
                    best = (text, matches, i, words);
            }
        }
        return best.Text.Length == 0 ? null : Cut(best.Text, best.Matches, best.First);
    }

    private static Snippet Cut(string text, Token[] matches, int first)
    {
        var start = matches.Length == 0 ? 0 : WordStart(text, Math.Max(0, matches[first].Start - Lead));
        var end = WordEnd(text, Math.Min(text.Length, start + Window));
        var marks = new List<(int, int)>();
        var lead = start > 0 ? "… " : "";
        var marked = start;
        foreach (var token in matches)
            if (token.Start >= marked && token.Start + token.Length <= end)
            {
                marks.Add((token.Start - start + lead.Length, token.Length));
                marked = token.Start + token.Length;
            }
        var piece = string.Create(end - start, (text, start), static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsWhiteSpace(from.text[from.start + i]) || char.IsControl(from.text[from.start + i]) ? ' ' : from.text[from.start + i];
        });
        return new Snippet(lead + piece + (end < text.Length ? " …" : ""), marks);
    }

    /// <summary>The beginning of the word at a place, unless it is far.</summary>
    private static int WordStart(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start < Lead && !char.IsWhiteSpace(text[start - 1]))
            start--;
        return char.IsLowSurrogate(text[start]) ? start + 1 : start;
    }

    private static int WordEnd(string text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < Lead && !char.IsWhiteSpace(text[end]))
            end++;
        return end < text.Length && char.IsLowSurrogate(text[end]) ? end + 1 : end;
    }

    private IReadOnlyList<string> Variants(string word) => _variants.GetOrAdd(word, Words.QueryVariants);
}
