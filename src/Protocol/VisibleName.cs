using System.Buffers;
using System.Globalization;
using System.Text;

namespace Salus.Protocol;

/// <summary>
/// Names that people give: visible characters and single blanks between them, so that two names which look the same by blanks, direction marks or control characters are not
/// both possible.
/// </summary>
public static class VisibleName
{
    /// <summary>Whether a text can name a device or a passkey: visible, 1 to 64 characters (UTF-16).</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= Limits.MaxVisibleName && IsVisible(name);
    }

    /// <summary>Whether a text is not empty and all of it is seen.</summary>
    public static bool IsVisible(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name[0] == ' ' || name[^1] == ' ' || name.Contains("  ", StringComparison.Ordinal))
            return false;
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != OperationStatus.Done || !IsVisible(rune))
                return false;
            rest = rest[consumed..];
        }
        return true;
    }

    /// <summary>Whether whoever prints a text prints neither another line nor in another direction: what people may call a file, blanks of any kind included.</summary>
    public static bool IsPrintable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EnumerateRunes().All(IsPrintable);
    }

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || (IsPrintable(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
