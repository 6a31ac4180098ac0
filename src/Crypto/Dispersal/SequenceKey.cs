using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Salus.Crypto.Dispersal;

/// <summary>What is wrong with a would-be sequence key; each rule has its own message.</summary>
public enum SequenceKeyFault
{
    None,

    /// <summary>It holds white space.</summary>
    WhiteSpace,

    /// <summary>A character occurs twice.</summary>
    RepeatedCharacter,

    /// <summary>Fewer than <see cref="SequenceKey.MinLength"/> characters.</summary>
    TooShort,

    /// <summary>More than <see cref="SequenceKey.MaxLength"/> characters.</summary>
    TooLong,

    /// <summary>It holds something that is no visible character: a control, an invisible format character, half a surrogate pair.</summary>
    NotText,

    /// <summary>It holds a character that can be written in several ways (a letter with separate accents, a compatibility look-alike).</summary>
    Ambiguous,
}

/// <summary>
/// The sequence key Q: a text whose characters name and order the fragments of a record. No white space, every character once,
/// 8 to 64 characters; as many fragments as characters. A character is what a user sees as one: a Unicode text element (UAX 29).
/// </summary>
/// <remarks>
/// Every text has one accepted spelling, on every platform: normalisation needs tables that neither the invariant mode nor the browser
/// has, so a spelling that normalisation would change is refused instead (<see cref="SequenceKeyFault.Ambiguous"/>), and variation
/// selectors, which change looks only, are dropped. The key is a secret when the owner holds it; <see cref="ToString"/> never prints it.
/// </remarks>
public sealed class SequenceKey
{
    public const int MinLength = 8;
    public const int MaxLength = 64;

    // The longest emoji has 10 code points; longer texts are refused before anything is looked at.
    private const int MaxUtf16Length = MaxLength * 24;

    // Without 0 O o 1 I l: it is written down and typed in again.
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";

    private readonly string[] _characters;

    private SequenceKey(string[] characters) => _characters = characters;

    /// <summary>n: the number of characters, which is the number of fragments.</summary>
    public int Count => _characters.Length;

    /// <summary>The character of fragment <paramref name="index"/>, 0 &lt;= index &lt; <see cref="Count"/>.</summary>
    public string this[int index] => _characters[index];

    /// <summary>Reads a key that somebody typed. White space is reported first, then characters that are none, repetition, length.</summary>
    public static SequenceKeyFault TryParse(string? text, out SequenceKey? key)
    {
        key = null;
        if (text is null)
            return SequenceKeyFault.TooShort;
        if (text.Length > MaxUtf16Length)
            return SequenceKeyFault.TooLong;
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsWhiteSpace(rune))
                return SequenceKeyFault.WhiteSpace;

        var characters = new List<string>();
        var rest = SequenceCharacter.WithoutVariations(text);
        while (rest.Length > 0)
        {
            var length = StringInfo.GetNextTextElementLength(rest);
            var character = rest[..length];
            if (SequenceCharacter.Check(character) is var fault and not SequenceKeyFault.None)
                return fault;
            characters.Add(character);
            rest = rest[length..];
        }
        if (characters.Distinct(StringComparer.Ordinal).Count() < characters.Count)
            return SequenceKeyFault.RepeatedCharacter;
        if (characters.Count < MinLength)
            return SequenceKeyFault.TooShort;
        if (characters.Count > MaxLength)
            return SequenceKeyFault.TooLong;
        key = new SequenceKey([.. characters]);
        return SequenceKeyFault.None;
    }

    /// <summary>A random key of <paramref name="n"/> characters, 8 &lt;= n &lt;= 56, without those that look alike.</summary>
    public static SequenceKey Generate(int n = MinLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Alphabet.Length);
        return OfAnyLength(n);
    }

    /// <summary>A random key of 1 to 56 characters, for tests and measurements of codes with fewer fragments than a real key gives.</summary>
    internal static SequenceKey OfAnyLength(int n)
    {
        var characters = Alphabet.ToCharArray();
        RandomNumberGenerator.Shuffle<char>(characters);
        return new SequenceKey([.. characters.Take(n).Select(character => character.ToString())]);
    }

    /// <summary>The text itself, to be sealed into metadata or shown to its owner. Nowhere else.</summary>
    public string Reveal() => string.Concat(_characters);

    /// <summary>Says nothing of the key.</summary>
    public override string ToString() => "[redacted]";
}
