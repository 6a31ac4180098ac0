namespace Salus.Health.Keywords.Stemming;

/// <summary>A word that a stemmer works on: letters that are looked at and replaced from either end. Positions count from 0; a suffix is named by its text.</summary>
internal ref struct StemWord
{
    /// <summary>UTF-16 units of the longest word that is stemmed.</summary>
    public const int MaxLength = 64;

    /// <summary>Units that a word may grow to while it is stemmed: one letter may become two, and an e may follow.</summary>
    public const int Room = 2 * MaxLength + 8;

    private readonly Span<char> letters;

    public StemWord(string word, Span<char> room)
    {
        letters = room;
        word.CopyTo(letters);
        Length = word.Length;
    }

    public int Length { get; private set; }

    public readonly char this[int at]
    {
        get => letters[at];
        set => letters[at] = value;
    }

    /// <summary>Whether the letters before <paramref name="end"/> are these.</summary>
    public readonly bool Has(string text, int end) => end >= text.Length && letters[(end - text.Length)..end].SequenceEqual(text);

    public readonly bool StartsWith(string text) => Length >= text.Length && letters[..text.Length].SequenceEqual(text);

    /// <summary>The longest of the suffixes that the letters before <paramref name="end"/> have at or after <paramref name="from"/>; empty for none.</summary>
    /// <param name="suffixes">The longest first.</param>
    public readonly string Longest(string[] suffixes, int end, int from = 0)
    {
        foreach (var suffix in suffixes)
            if (end - suffix.Length >= from && Has(suffix, end))
                return suffix;
        return "";
    }

    public readonly string Longest(string[] suffixes) => Longest(suffixes, Length);

    /// <summary>Replaces the letters from a position to another.</summary>
    public void Replace(int from, int to, string with)
    {
        letters[to..Length].CopyTo(letters[(from + with.Length)..]);
        with.CopyTo(letters[from..]);
        Length += with.Length - (to - from);
    }

    /// <summary>Replaces so many last letters.</summary>
    public void End(int count, string with = "") => Replace(Length - count, Length, with);

    /// <summary>The position after the first letter of the set at or after a position; -1 when there is none.</summary>
    public readonly int Past(string set, int from)
    {
        var at = from < 0 || from > Length ? -1 : letters[from..Length].IndexOfAny(set);
        return at < 0 ? -1 : from + at + 1;
    }

    /// <summary>The position after the first letter outside the set at or after a position; -1 when there is none.</summary>
    public readonly int PastNot(string set, int from)
    {
        var at = from < 0 || from > Length ? -1 : letters[from..Length].IndexOfAnyExcept(set);
        return at < 0 ? -1 : from + at + 1;
    }

    /// <summary>The region after the first letter outside the vowels that follows a vowel, and the same again within it; the word's length where there is none.</summary>
    public readonly (int R1, int R2) Regions(string vowels, int from = 0)
    {
        var r1 = PastNot(vowels, Past(vowels, from));
        var r2 = r1 < 0 ? -1 : PastNot(vowels, Past(vowels, r1));
        return (r1 < 0 ? Length : r1, r2 < 0 ? Length : r2);
    }

    public readonly override string ToString() => letters[..Length].ToString();

    /// <summary>Suffixes of several groups, the longest first, as <see cref="Longest(string[])"/> takes them.</summary>
    public static string[] Table(params string[] groups) =>
        [.. groups.SelectMany(group => group.Split(' ')).Distinct().OrderByDescending(suffix => suffix.Length)];
}
