using System.Globalization;

namespace Salus.Client.Statistics;

/// <summary>The words and signs of a question, one after the other.</summary>
internal sealed class StatisticsTokens(string text)
{
    private static readonly string[] Signs = ["..", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "{", "}", "]", ",", "~", "+"];

    private int _at;

    /// <summary>The next word or sign, or empty at the end. Words are letters, digits, hyphens and points between digits; they are read in small letters.</summary>
    public string Peek()
    {
        var before = _at;
        var token = Next();
        _at = before;
        return token;
    }

    public string Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        if (_at == text.Length)
            return "";
        if (Array.Find(Signs, sign => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0) is { } found)
        {
            _at += found.Length;
            return found;
        }
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '-' || IsPoint(_at)))
            _at++;
        return _at > start ? text[start.._at].ToLowerInvariant() : throw new FormatException($"The sign \u201c{Shown(text[_at])}\u201d has no meaning in a question.");
    }

    public bool TryTake(string sign)
    {
        if (Peek() != sign)
            return false;
        Next();
        return true;
    }

    public void Take(string sign, string after)
    {
        var found = Next();
        if (found != sign)
            throw new FormatException($"After {after} comes \u201c{sign}\u201d, not {Named(found)}.");
    }

    public static string Named(string token) => token.Length == 0 ? "the end" : $"\u201c{token}\u201d";

    private bool IsPoint(int at) => text[at] == '.' && at > 0 && char.IsAsciiDigit(text[at - 1]) && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]);

    private static string Shown(char sign) =>
        char.IsControl(sign) || char.IsSurrogate(sign) || char.GetUnicodeCategory(sign) == UnicodeCategory.Format ? $"U+{(int)sign:X4}" : sign.ToString();
}
