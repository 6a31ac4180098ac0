using System.Text;

namespace Salus.Health.Fhir;

/// <summary>Short text for lists.</summary>
internal static class SmallText
{
    public static string Of(ReadOnlySpan<byte> utf8, int max) => Of(Encoding.UTF8.GetString(utf8.Length > max * 4 ? utf8[..(max * 4)] : utf8), max);

    /// <summary>At most so many UTF-16 units, no half of a surrogate pair, no control characters (a list is one line each).</summary>
    public static string Of(string text, int max)
    {
        if (text.Length > max)
            text = text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
    }
}
