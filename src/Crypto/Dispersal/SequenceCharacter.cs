using System.Globalization;
using System.Text;

namespace Salus.Crypto.Dispersal;

/// <summary>
/// Which text elements a sequence key takes: single code points that are letters, digits, punctuation or symbols, and emoji of several code points.
/// </summary>
/// <remarks>
/// Marks and conjoining jamo are refused as ambiguous: with them one visible character has a composed and a decomposed spelling, and where a
/// text element ends has changed between Unicode versions. What is left is cut the same way by every version.
/// </remarks>
internal static class SequenceCharacter
{
    private const int ZeroWidthJoiner = 0x200D;
    private const int FirstVariation = 0xFE00;
    private const int LastVariation = 0xFE0F;

    /// <summary>
    /// Code points other than marks that normalisation (NFC, UAX 15) replaces, as first and last of each range; from the Unicode character database, version 14.
    /// The set is closed: the stability policy lets no assigned character join it, and later compatibility ideographs lie in the two blocks.
    /// </summary>
    private static readonly int[] Unstable =
    [
        0x374, 0x374, 0x37E, 0x37E, 0x387, 0x387, 0x958, 0x95F, 0x9DC, 0x9DD, 0x9DF, 0x9DF, 0xA33, 0xA33, 0xA36, 0xA36, 0xA59, 0xA5B, 0xA5E, 0xA5E,
        0xB5C, 0xB5D, 0xF43, 0xF43, 0xF4D, 0xF4D, 0xF52, 0xF52, 0xF57, 0xF57, 0xF5C, 0xF5C, 0xF69, 0xF69, 0x1F71, 0x1F71, 0x1F73, 0x1F73,
        0x1F75, 0x1F75, 0x1F77, 0x1F77, 0x1F79, 0x1F79, 0x1F7B, 0x1F7B, 0x1F7D, 0x1F7D, 0x1FBB, 0x1FBB, 0x1FBE, 0x1FBE, 0x1FC9, 0x1FC9,
        0x1FCB, 0x1FCB, 0x1FD3, 0x1FD3, 0x1FDB, 0x1FDB, 0x1FE3, 0x1FE3, 0x1FEB, 0x1FEB, 0x1FEE, 0x1FEF, 0x1FF9, 0x1FF9, 0x1FFB, 0x1FFB,
        0x1FFD, 0x1FFD, 0x2126, 0x2126, 0x212A, 0x212B, 0x2329, 0x232A, 0x2ADC, 0x2ADC, 0xF900, 0xFAFF, 0xFB1D, 0xFB1D, 0xFB1F, 0xFB1F,
        0xFB2A, 0xFB4E, 0x1D15E, 0x1D164, 0x1D1BB, 0x1D1C0, 0x2F800, 0x2FA1F,
    ];

    /// <summary>The text without variation selectors: the heart is the same character in red and in black.</summary>
    public static string WithoutVariations(string text) =>
        string.Concat(text.Where(character => character is < (char)FirstVariation or > (char)LastVariation));

    /// <summary>None, NotText or Ambiguous.</summary>
    public static SequenceKeyFault Check(string element)
    {
        var codePoints = 0;
        var symbols = 0;
        for (var at = 0; at < element.Length; codePoints++)
        {
            // A half of a surrogate pair has no rune.
            if (!Rune.TryGetRuneAt(element, at, out var rune))
                return SequenceKeyFault.NotText;
            at += rune.Utf16SequenceLength;
            if (IsJamo(rune.Value) || IsUnstable(rune.Value))
                return SequenceKeyFault.Ambiguous;
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                    return SequenceKeyFault.Ambiguous;
                case UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol:
                    symbols++;
                    break;
                case UnicodeCategory.Format when rune.Value == ZeroWidthJoiner && symbols > 0 && at < element.Length:
                    symbols++;
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    return SequenceKeyFault.NotText;
                default:
                    break; // letters, digits, punctuation, other symbols
            }
        }
        return codePoints == 1 || symbols == codePoints ? SequenceKeyFault.None : SequenceKeyFault.Ambiguous;
    }

    private static bool IsJamo(int value) => value is (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF);

    private static bool IsUnstable(int value)
    {
        for (var i = 0; i < Unstable.Length; i += 2)
            if (value >= Unstable[i] && value <= Unstable[i + 1])
                return true;
        return false;
    }
}
