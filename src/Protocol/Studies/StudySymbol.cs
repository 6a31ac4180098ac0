namespace Salus.Protocol.Studies;

/// <summary>
/// Names of a study's columns and categories: 1 to 40 small letters, digits and hyphens between them, so that queries need no quotation marks and no two names look
/// the same.
/// </summary>
public static class StudySymbol
{
    public const int MaxLength = 40;

    /// <summary>A column begins with a letter.</summary>
    public static bool IsColumn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsCategory(text) && char.IsAsciiLetterLower(text[0]);
    }

    public static bool IsCategory(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= MaxLength && text[0] != '-' && text[^1] != '-'
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
    }
}
