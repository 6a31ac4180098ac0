using System.Text;

namespace Salus.Health.Keywords;

/// <summary>
/// Terms are strings in namespaces: <c>w:</c> a stemmed, folded word; <c>c:</c> a code, with its system (<c>c:loinc|4548-4</c>) and bare
/// (<c>c:4548-4</c>); <c>d:</c> a day, month or year; <c>f:</c> the account that a record comes from.
/// </summary>
public static class TermNames
{
    public const string WordPrefix = "w:", CodePrefix = "c:", DatePrefix = "d:", SourcePrefix = "f:";

    /// <summary>UTF-8 bytes of a term behind its prefix; what is longer is cut at a character.</summary>
    public const int MaxBytes = 64;

    /// <summary>The term of a word that is stemmed and folded already.</summary>
    public static string Word(string stem) => WordPrefix + Cut(stem);

    /// <summary>The term of a code as people type it, <c>loinc|4548-4</c> or <c>4548-4</c>; the system may be its short name or its address.</summary>
    public static string Code(string typed)
    {
        typed = typed.Trim();
        var bar = typed.LastIndexOf('|');
        return bar < 0 ? Code(null, typed) : Code(typed[..bar], typed[(bar + 1)..]);
    }

    /// <summary>The term of a code in a system (address, OID or short name), or bare without one.</summary>
    public static string Code(string? system, string code) =>
        CodePrefix + Cut((string.IsNullOrEmpty(system) ? code : $"{CodeSystems.ShortName(system)}|{code}").ToLowerInvariant());

    /// <summary>The terms of a date: its year, its month and its day, as far as it tells them. Empty for anything that is no date.</summary>
    /// <param name="date"><c>2020</c>, <c>2020-03</c>, <c>2020-03-11</c>, what may follow a day is left aside.</param>
    public static IReadOnlyList<string> Dates(ReadOnlySpan<char> date)
    {
        if (!IsNumber(date, 0, 4, 1, 9999))
            return [];
        var year = DatePrefix + date[..4].ToString();
        if (date.Length == 4)
            return [year];
        if (date.Length < 7 || date[4] != '-' || !IsNumber(date, 5, 2, 1, 12))
            return [];
        var month = DatePrefix + date[..7].ToString();
        if (date.Length == 7)
            return [year, month];
        return date.Length < 10 || date[7] != '-' || !IsNumber(date, 8, 2, 1, 31) || (date.Length > 10 && date[10] is not ('T' or ' '))
            ? [] : [year, month, DatePrefix + date[..10].ToString()];
    }

    /// <summary>A date without separators (<c>20200311…</c>, of HL7 and DICOM) as <see cref="Dates"/> takes it; empty for anything else.</summary>
    public static string OfCompactDate(ReadOnlySpan<char> date)
    {
        var digits = 0;
        while (digits < date.Length && digits < 8 && char.IsAsciiDigit(date[digits]))
            digits++;
        return digits switch
        {
            8 => $"{date[..4]}-{date[4..6]}-{date[6..8]}",
            6 => $"{date[..4]}-{date[4..6]}",
            4 => date[..4].ToString(),
            _ => "",
        };
    }

    internal static string Cut(string text)
    {
        if (text.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MaxBytes)
            return text;
        var (bytes, end) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
                break;
            end += rune.Utf16SequenceLength;
        }
        return text[..end];
    }

    private static bool IsNumber(ReadOnlySpan<char> text, int at, int digits, int least, int most)
    {
        if (text.Length < at + digits)
            return false;
        var value = 0;
        foreach (var c in text.Slice(at, digits))
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = value * 10 + (c - '0');
        }
        return value >= least && value <= most;
    }
}
