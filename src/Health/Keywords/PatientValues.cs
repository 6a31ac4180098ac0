using System.Text.RegularExpressions;

namespace Salus.Health.Keywords;

/// <summary>
/// The values that name the patient of a document, to be taken out of what people wrote in it: structure does not find a name in a note. Values that
/// are written otherwise there (abbreviated, with another spelling) stay: terms are sealed, this only makes them fewer.
/// </summary>
internal sealed partial class PatientValues
{
    private const int MaxValues = 128, MinLength = 3, MaxLength = 128;

    private readonly HashSet<string> values;

    public PatientValues(IEnumerable<string>? known = null) => values = new(known ?? [], StringComparer.OrdinalIgnoreCase);

    public void Add(string value)
    {
        value = value.Trim();
        if (value.Length is >= MinLength and <= MaxLength && values.Count < MaxValues)
            values.Add(value);
    }

    /// <summary>Whether a value names the patient by itself: the birth date, where a date is read.</summary>
    public bool Has(string value) => values.Contains(value.Trim());

    /// <summary>The text without the values as words of their own, without references to a person and without UUIDs, which are no words.</summary>
    public string TakenOutOf(string text)
    {
        foreach (var value in values)
            text = Without(text, value);
        return Identifier().Replace(text, " ");
    }

    private static string Without(string text, string value)
    {
        System.Text.StringBuilder? kept = null;
        var from = 0;
        for (var search = 0; search < text.Length && text.IndexOf(value, search, StringComparison.OrdinalIgnoreCase) is >= 0 and var at;)
        {
            var end = at + value.Length;
            search = at + 1;
            if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || (end < text.Length && char.IsLetterOrDigit(text[end])))
                continue;
            (kept ??= new()).Append(text, from, at - from).Append(' ');
            from = search = end;
        }
        return kept?.Append(text, from, text.Length - from).ToString() ?? text;
    }

    [GeneratedRegex(@"\b(?:Patient|Person|RelatedPerson)/[A-Za-z0-9.-]{1,64}|\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b")]
    private static partial Regex Identifier();
}
