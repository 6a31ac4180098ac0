using System.Text;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>
/// What a file says in the elements that name people and the patient's numbers: looked for in everything that would stay. Words of four characters and
/// more are found within others, shorter ones only alone. Kept as bytes of the file's character set, letters of ASCII without case.
/// </summary>
internal sealed class Needles
{
    private const int MaxCount = 4096, Long = 4, Shortest = 2, NotByChance = 6;

    private readonly HashSet<string> longOnes = new(StringComparer.Ordinal), shortOnes = new(StringComparer.Ordinal);

    public void Add(ReadOnlySpan<byte> value)
    {
        var text = Fold(value);
        foreach (var word in text.Split(['^', '=', '\\', ' ', ',', '\0', '/', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (longOnes.Count + shortOnes.Count >= MaxCount || word.Length < Shortest)
                continue;
            (word.Length >= Long ? longOnes : shortOnes).Add(word);
        }
    }

    public bool AreIn(ReadOnlySpan<byte> value)
    {
        var text = Fold(value);
        foreach (var needle in longOnes)
            if (text.Contains(needle, StringComparison.Ordinal))
                return true;
        if (shortOnes.Count == 0)
            return false;
        foreach (var word in text.Split(['^', '=', '\\', ' ', ',', '\0', '/', ';', '_', '-', '.'], StringSplitOptions.RemoveEmptyEntries))
            if (shortOnes.Contains(word))
                return true;
        return false;
    }

    /// <summary>Whether a word that is too long to stand there by chance is in bytes that are no text.</summary>
    public bool AreAmong(ReadOnlySpan<byte> bytes)
    {
        if (!longOnes.Any(static needle => needle.Length >= NotByChance))
            return false;
        var text = Fold(bytes);
        return longOnes.Any(needle => needle.Length >= NotByChance && text.Contains(needle, StringComparison.Ordinal));
    }

    private static string Fold(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value).ToLowerInvariant();
}
