using System.Globalization;
using System.Text;

namespace Salus.Health.Keywords;

/// <summary>The words of a piece of HTML or XHTML: tags become spaces, character references characters. Any input gives some text.</summary>
internal static class MarkupText
{
    private const int MaxReference = 10;

    public static string Of(string markup)
    {
        var text = new StringBuilder(markup.Length);
        for (var at = 0; at < markup.Length;)
        {
            var next = markup.AsSpan(at).IndexOfAny('<', '&');
            if (next < 0)
            {
                text.Append(markup, at, markup.Length - at);
                break;
            }
            text.Append(markup, at, next);
            at += next;
            if (markup[at] == '&')
                at = ReadReference(markup, at, text);
            else
            {
                text.Append(' ');
                var end = markup.AsSpan(at).StartsWith("<!--") ? After(markup, at, "-->") : IsTag(markup, at) ? After(markup, at, ">") : at + 1;
                at = end;
            }
        }
        return text.ToString();
    }

    /// <summary>Whether a tag begins here; a lone "less than" is text.</summary>
    private static bool IsTag(string markup, int at) => at + 1 < markup.Length && (char.IsAsciiLetter(markup[at + 1]) || markup[at + 1] is '/' or '!' or '?');

    private static int After(string markup, int at, string end) =>
        markup.IndexOf(end, at, StringComparison.Ordinal) is >= 0 and var found ? found + end.Length : markup.Length;

    private static int ReadReference(string markup, int at, StringBuilder into)
    {
        var end = markup.AsSpan(at + 1, Math.Min(MaxReference, markup.Length - at - 1)).IndexOf(';');
        var name = end < 0 ? "" : markup.Substring(at + 1, end);
        if (name.StartsWith('#') && TryNumber(name, out var value) && Rune.TryCreate(value, out var rune))
            into.Append(rune);
        else if (name is "amp" or "lt" or "gt" or "quot" or "apos" or "nbsp")
            into.Append(name == "apos" ? '\'' : ' ');
        else if (Latin(name) is not '\0' and var letter)
            into.Append(letter);
        else
        {
            into.Append('&');
            return at + 1;
        }
        return at + end + 2;
    }

    private static bool TryNumber(string name, out uint value) => name.Length > 1 && name[1] is 'x' or 'X'
        ? uint.TryParse(name.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : uint.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>The letters with accents of Latin-1 by their HTML names, as far as they occur in words: <c>auml</c>, <c>Eacute</c>, <c>szlig</c>.</summary>
    private static char Latin(string name)
    {
        if (name == "szlig")
            return 'ß';
        var mark = name.Length < 4 ? '\0' : name[1..] switch
        {
            "grave" => '\u0300',
            "acute" => '\u0301',
            "circ" => '\u0302',
            "tilde" => '\u0303',
            "uml" => '\u0308',
            "cedil" => '\u0327',
            _ => '\0',
        };
        return mark == '\0' ? '\0' : Accents.Compose(char.ToLowerInvariant(name[0]), mark);
    }
}
