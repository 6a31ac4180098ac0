using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Salus.Client.Search;

/// <summary>
/// What to search for, as it is typed (docs/spec/search.md, Query): words of which all are wanted, <c>any:word</c>, <c>"a phrase"</c>, <c>-word</c>, <c>prefix*</c>,
/// <c>code:loinc|4548-4</c>, <c>date:2020-03</c>, <c>partition:NAME</c>, <c>from:NAME</c>.
/// </summary>
public sealed class Query
{
    /// <summary>Characters of a query, at most.</summary>
    public const int MaxLength = 1000;

    /// <summary>Words, codes and dates of a query, at most.</summary>
    public const int MaxTerms = 64;

    private const int MinPrefix = 2;

    private static readonly string[] Keys = ["any", "code", "date", "partition", "from"];

    private readonly List<QueryGroup> _groups = [];
    private readonly List<QueryTerm> _alternatives = [];
    private readonly List<QueryTerm> _without = [];
    private readonly List<string> _phrases = [];
    private readonly List<string> _partitions = [];
    private readonly List<string> _sources = [];
    private bool _allAlternatives;

    private Query()
    {
    }

    /// <summary>A document must match every one of them.</summary>
    public IReadOnlyList<QueryGroup> Groups => _groups;

    /// <summary>A document must have none of them.</summary>
    public IReadOnlyList<QueryTerm> Without => _without;

    /// <summary>Words that must stand together in the opened text; they are among <see cref="Groups"/> one by one as well.</summary>
    public IReadOnlyList<string> Phrases => _phrases;

    /// <summary>Names of partitions, or none for all.</summary>
    public IReadOnlyList<string> Partitions => _partitions;

    /// <summary>Names or mail addresses of sources, or none for all.</summary>
    public IReadOnlyList<string> Sources => _sources;

    /// <summary>False with one sentence that says what is wrong and what to write instead.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out string? fault)
    {
        query = new Query();
        fault = text.Length > MaxLength ? $"A query has at most {MaxLength} characters." : query.Read(text);
        if (fault is not null)
            query = null;
        return fault is null;
    }

    private string? Read(string text)
    {
        var rest = text.AsSpan();
        while (true)
        {
            rest = rest.TrimStart(Blanks);
            if (rest.IsEmpty)
                return Finish();
            if (!Item.TryTake(ref rest, out var item))
                return "A quotation mark is not closed: \"two words\" are found side by side.";
            if (Add(item) is { } fault)
                return fault;
        }
    }

    private string? Finish()
    {
        if (_alternatives.Count > 0)
            _groups.Add(new QueryGroup([.. _alternatives.Distinct()]));
        else if (_allAlternatives)
            return "any: wants words after it: any: asthma copd finds what has one of them.";
        if (_groups.Count == 0)
            return "Name at least one word, code: or date: to look for; -word, partition: and from: only narrow what is found.";
        return _groups.Sum(group => group.AnyOf.Count) + _without.Count > MaxTerms ? $"A query has at most {MaxTerms} words, codes and dates." : null;
    }

    private string? Add(Item item) => item.Key switch
    {
        null when item.IsQuoted => item.IsExcluded ? "A phrase cannot be left out, only a word: -word." : AddPhrase(item.Value),
        null => AddTerm(item, item.Value, _allAlternatives),
        "any" when item.IsExcluded => "any: cannot be left out: write -word for each.",
        "any" when item is { Value: "", IsQuoted: false } => AlternativesFollow(),
        "any" when item.IsQuoted => "any: takes words, not a phrase.",
        "any" => AddTerm(item, item.Value, isAlternative: true),
        "code" or "date" => AddTerm(item, item.Text, isAlternative: false),
        "partition" => AddFilter(item, _partitions),
        "from" => AddFilter(item, _sources),
        _ => $"There is no {item.Key}: in a query, only {string.Join(", ", Keys.Select(key => key + ":"))}. In quotation marks it is text.",
    };

    private string? AlternativesFollow()
    {
        _allAlternatives = true;
        return null;
    }

    private string? AddTerm(Item item, string text, bool isAlternative)
    {
        if (Term(text, out var fault) is not { } term)
            return fault;
        if (item.IsExcluded)
            _without.Add(term);
        else if (isAlternative)
            _alternatives.Add(term);
        else
            Require(term);
        return null;
    }

    private string? AddPhrase(string text)
    {
        var words = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(HasLetterOrDigit).ToArray();
        if (words.Length == 0)
            return "There are no words between the quotation marks.";
        foreach (var word in words)
            Require(new QueryTerm(QueryTermKind.Word, word));
        if (words.Length > 1)
            _phrases.Add(string.Join(' ', words));
        return null;
    }

    private static string? AddFilter(Item item, List<string> to)
    {
        if (item.IsExcluded)
            return $"{item.Key}: cannot be left out: name the ones that you want.";
        if (item.Value.Length == 0)
            return $"{item.Key}: wants a name after it.";
        to.Add(item.Value);
        return null;
    }

    private void Require(QueryTerm term)
    {
        if (!_groups.Any(group => group.AnyOf is [var only] && only == term))
            _groups.Add(new QueryGroup([term]));
    }

    /// <summary>Null with a fault, or null without one for what is no word at all: a lone "&amp;" is passed over.</summary>
    private static QueryTerm? Term(string text, out string? fault)
    {
        fault = null;
        if (text.StartsWith("code:", StringComparison.OrdinalIgnoreCase))
        {
            var code = text[5..];
            fault = HasLetterOrDigit(code) ? null : "code: wants a code after it: code:4548-4 or code:loinc|4548-4.";
            return fault is null ? new QueryTerm(QueryTermKind.Code, code) : null;
        }
        if (text.StartsWith("date:", StringComparison.OrdinalIgnoreCase))
        {
            var date = text[5..];
            fault = IsDate(date) ? null : "date: wants a year, a month or a day after it: date:2020, date:2020-03 or date:2020-03-11.";
            return fault is null ? new QueryTerm(QueryTermKind.Date, date) : null;
        }
        if (text.EndsWith('*'))
        {
            var prefix = text[..^1];
            fault = prefix.Contains('*', StringComparison.Ordinal) || prefix.Count(char.IsLetterOrDigit) < MinPrefix
                ? "A * stands at the end of a word, after at least two letters: diabet*." : null;
            return fault is null ? new QueryTerm(QueryTermKind.Prefix, prefix) : null;
        }
        if (text.Contains('*', StringComparison.Ordinal))
            fault = "A * stands at the end of a word, after at least two letters: diabet*.";
        return fault is null && HasLetterOrDigit(text) ? new QueryTerm(QueryTermKind.Word, text) : null;
    }

    private static bool IsDate(string text) => text.All(c => c == '-' || char.IsAsciiDigit(c))
        && DateOnly.TryParseExact(text, ["yyyy", "yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool HasLetterOrDigit(string text) => text.EnumerateRunes().Any(System.Text.Rune.IsLetterOrDigit);

    /// <summary>What separates items: white space, and what a terminal or a clipboard may slip in.</summary>
    private static readonly char[] Blanks =
        [.. Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => char.IsWhiteSpace(c) || char.IsControl(c))];

    /// <summary>Text up to the next blank that is in no quotation marks: <c>-key:"some value"</c>.</summary>
    private readonly record struct Item(bool IsExcluded, string? Key, string Value, bool IsQuoted)
    {
        /// <summary>Key and value as they were typed.</summary>
        public string Text => Key is null ? Value : $"{Key}:{Value}";

        /// <summary>False when a quotation mark is not closed.</summary>
        public static bool TryTake(ref ReadOnlySpan<char> rest, out Item item)
        {
            item = default;
            var isExcluded = rest[0] == '-';
            var start = isExcluded ? 1 : 0;
            var (end, quotes, colon) = (start, 0, -1);
            for (; end < rest.Length && (quotes % 2 == 1 || !Blanks.AsSpan().Contains(rest[end])); end++)
                if (rest[end] is '"')
                    quotes++;
                else if (rest[end] == ':' && quotes == 0 && colon < 0)
                    colon = end;
            if (quotes % 2 == 1)
                return false;
            var key = colon > start && IsKey(rest[start..colon]) ? rest[start..colon].ToString().ToLowerInvariant() : null;
            var value = rest[(key is null ? start : colon + 1)..end].ToString().Replace("\"", "", StringComparison.Ordinal);
            item = new Item(isExcluded, key, value, quotes > 0);
            rest = rest[end..];
            return true;
        }

        private static bool IsKey(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
                if (!char.IsAsciiLetter(c))
                    return false;
            return true;
        }
    }
}
