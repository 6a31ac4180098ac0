using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>Terms of an index that stand for one thing that was asked for: the stems of a word in all languages, the words that begin with a prefix. They count as one.</summary>
internal sealed class ExpandedTerm(IReadOnlyList<string> forms, bool isScored)
{
    public IReadOnlyList<string> Forms => forms;

    public bool IsScored => isScored;
}

/// <summary>A query in the terms of an index: a document has, of every group, at least one alternative, and has an alternative when it has all terms of it.</summary>
internal sealed class ExpandedQuery
{
    /// <summary>Words that a prefix stands for, at most: the first in the order of the alphabet.</summary>
    public const int MaxPrefixForms = 128;

    private readonly Func<string, int, IEnumerable<string>> _withPrefix;
    private readonly List<IReadOnlyList<IReadOnlyList<ExpandedTerm>>> _groups = [];
    private readonly List<IReadOnlyList<ExpandedTerm>> _without = [];
    private readonly List<string> _notes = [];

    private ExpandedQuery(Func<string, int, IEnumerable<string>> withPrefix) => _withPrefix = withPrefix;

    public IReadOnlyList<IReadOnlyList<IReadOnlyList<ExpandedTerm>>> Groups => _groups;

    /// <summary>What a document must not have.</summary>
    public IReadOnlyList<IReadOnlyList<ExpandedTerm>> Without => _without;

    /// <summary>What the asker should know about the answer.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public IEnumerable<ExpandedTerm> Terms => _groups.SelectMany(group => group).Concat(_without).SelectMany(terms => terms);

    /// <param name="sources">Accounts of which one must have written the document; null for all.</param>
    /// <param name="withPrefix">The first so many terms of all segments that begin with a text, each once, in their order.</param>
    public static ExpandedQuery Of(Query query, IReadOnlyCollection<AccountId>? sources, Func<string, int, IEnumerable<string>> withPrefix)
    {
        var expanded = new ExpandedQuery(withPrefix);
        foreach (var group in query.Groups)
        {
            var alternatives = group.AnyOf.Select(expanded.Expand).Where(terms => terms.Count > 0).ToArray();
            // "x-ray" asks for two words, each for itself; two spellings of a word ask for one.
            if (alternatives is [var only])
                foreach (var term in only.Where(term => !expanded._groups.Any(known => IsOf(known, term))))
                    expanded._groups.Add([[term]]);
            else if (alternatives.Length > 1)
                expanded._groups.Add(alternatives);
        }
        if (expanded._groups.Count == 0)
            throw new CannotException("There is nothing to look for in this query: it has no word, code or date.", Reasons.BadQuery);
        expanded._without.AddRange(query.Without.Select(expanded.Expand).Where(terms => terms.Count > 0));
        if (sources is not null)
            expanded._groups.Add([[new ExpandedTerm([.. sources.Select(source => TermNames.SourcePrefix + source)], isScored: false)]]);
        return expanded;
    }

    private IReadOnlyList<ExpandedTerm> Expand(QueryTerm term) => term.Kind switch
    {
        QueryTermKind.Code => [new ExpandedTerm([TermNames.Code(term.Text)], isScored: true)],
        QueryTermKind.Date => [new ExpandedTerm([TermNames.DatePrefix + term.Text], isScored: false)],
        _ => Words(term),
    };

    private IReadOnlyList<ExpandedTerm> Words(QueryTerm term)
    {
        var tokens = Health.Keywords.Words.Tokenise(term.Text).Select(token => token.Word).ToArray();
        return [.. tokens.Select((word, i) => new ExpandedTerm(
            term.Kind == QueryTermKind.Prefix && i == tokens.Length - 1 ? Beginning(word) : Health.Keywords.Words.QueryVariants(word), isScored: true))
            .Where(expanded => expanded.Forms.Count > 0)];
    }

    private List<string> Beginning(string word)
    {
        var prefix = Health.Keywords.Words.QueryPrefix(word);
        if (prefix.Length == 0)
            return [];
        var forms = _withPrefix(prefix, MaxPrefixForms + 1).ToList();
        if (forms.Count > MaxPrefixForms)
        {
            forms.RemoveRange(MaxPrefixForms, forms.Count - MaxPrefixForms);
            _notes.Add($"More than {MaxPrefixForms} words begin with {word}: only the first of them were looked for. Type more letters.");
        }
        // The index holds stems: "diabetes*" would miss "diabet".
        return [.. forms.Union(Health.Keywords.Words.QueryVariants(word))];
    }

    private static bool IsOf(IReadOnlyList<IReadOnlyList<ExpandedTerm>> group, ExpandedTerm term) =>
        group is [[var only]] && only.IsScored == term.IsScored && only.Forms.SequenceEqual(term.Forms);
}
