using System.Collections.Frozen;
using System.Globalization;

namespace Salus.Health.Dicom;

/// <summary>
/// The public data elements of PS3.6 with their value representations, in a resource of one line for each group: needed where the file does not state
/// them (implicit representation), and to know what is known.
/// </summary>
internal static class DicomDictionary
{
    private static readonly FrozenDictionary<uint, string> Elements = Read("dictionary.txt").ToFrozenDictionary(static entry => entry.Tag, static entry => string.Intern(entry.Word));

    /// <summary>The representation of an element in implicit representation, <see cref="Vr.None"/> of one that is not known. Where several are allowed, the widest.</summary>
    public static Vr VrOf(uint tag) => Elements.TryGetValue(tag, out var code) ? code switch
    {
        "px" or "ox" or "lt" => Vr.OW,
        "xs" => Vr.US,
        _ => (Vr)(code[0] << 8 | code[1]),
    } : Vr.None;

    /// <summary>Whether an element is known and may have this representation.</summary>
    public static bool Allows(uint tag, Vr vr) => Elements.TryGetValue(tag, out var code) && code switch
    {
        "px" or "ox" => vr is Vr.OB or Vr.OW,
        "xs" => vr is Vr.US or Vr.SS,
        "lt" => vr is Vr.US or Vr.SS or Vr.OW,
        _ => vr == (Vr)(code[0] << 8 | code[1]),
    };

    /// <summary>The entries of a resource: group, then elements with what follows them.</summary>
    internal static IEnumerable<(uint Tag, string Word)> Read(string resource)
    {
        using var reader = new StreamReader(typeof(DicomDictionary).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException(resource + " is not in the assembly."));
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var words = line.Split(' ');
            var group = uint.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 16;
            foreach (var word in words.AsSpan(1).ToArray())
                yield return (group | uint.Parse(word.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture), word[4..]);
        }
    }
}
