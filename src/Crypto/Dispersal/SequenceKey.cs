using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto.Primitives;

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
    public static SequenceKeyFault TryParse(string? text, out SequenceKey? key) => TryParse(text, out key, out _, out _);

    /// <summary>The same, for whoever shows what is wrong while it is being typed.</summary>
    /// <param name="character">The first character that breaks the rule; null when it is the number of them.</param>
    /// <param name="length">Characters, as far as they could be told apart.</param>
    public static SequenceKeyFault TryParse(string? text, out SequenceKey? key, out string? character, out int length)
    {
        (key, character, length) = (null, null, 0);
        if (text is null)
            return SequenceKeyFault.TooShort;
        if (text.Length > MaxUtf16Length)
            return SequenceKeyFault.TooLong;
        var characters = new List<string>();
        var rest = SequenceCharacter.WithoutVariations(text);
        var fault = SequenceKeyFault.None;
        foreach (var rune in rest.EnumerateRunes())
            if (fault == SequenceKeyFault.None && Rune.IsWhiteSpace(rune))
                (fault, character) = (SequenceKeyFault.WhiteSpace, rune.ToString());
        while (rest.Length > 0)
        {
            var next = rest[..StringInfo.GetNextTextElementLength(rest)];
            length++;
            if (fault == SequenceKeyFault.None && SequenceCharacter.Check(next) is not SequenceKeyFault.None and var wrong)
                (fault, character) = (wrong, next);
            characters.Add(next);
            rest = rest[next.Length..];
        }
        if (fault != SequenceKeyFault.None)
            return fault;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        character = characters.Find(one => !seen.Add(one));
        if (character is not null)
            return SequenceKeyFault.RepeatedCharacter;
        if (length < MinLength)
            return SequenceKeyFault.TooShort;
        if (length > MaxLength)
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

    /// <summary>The key of a secret seed: n characters, 8 &lt;= n &lt;= 56, each equally likely at every place but for 2^-58.</summary>
    public static SequenceKey Derive(Secret seed, int n)
    {
        ArgumentNullException.ThrowIfNull(seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Alphabet.Length);
        using var drawn = Kdf.Derive(seed.Bytes, Domains.SharedSequence, n * sizeof(ulong));
        var characters = Alphabet.ToCharArray();
        for (var i = 0; i < n; i++)
        {
            var other = i + (int)(BinaryPrimitives.ReadUInt64BigEndian(drawn.Bytes[(i * sizeof(ulong))..]) % (ulong)(characters.Length - i));
            (characters[i], characters[other]) = (characters[other], characters[i]);
        }
        return new SequenceKey([.. characters.Take(n).Select(character => character.ToString())]);
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
