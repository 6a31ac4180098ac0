using System.Collections.Frozen;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>
/// The Basic Application Level Confidentiality Profile (PS3.15 annex E, table E.1-1). Where the table leaves a choice, the last one is taken that does not
/// break an image: emptied rather than removed, a dummy rather than nothing.
/// </summary>
internal static class ConfidentialityProfile
{
    private static readonly FrozenDictionary<uint, string> Actions = DicomDictionary.Read("profile.txt").ToFrozenDictionary(static entry => entry.Tag, static entry => string.Intern(entry.Word));

    /// <summary>What the table says of an element; null when it does not name it.</summary>
    /// <param name="shiftsDates">The option "retain longitudinal temporal information with modified dates".</param>
    public static Treatment? TreatmentOf(uint tag, bool shiftsDates) => !Actions.TryGetValue(tag, out var action) ? null
        : shiftsDates && action[^1] == '+' ? Treatment.Shift
        : action.TrimEnd('+') switch
        {
            "X" => Treatment.Remove,
            "Z" or "X/Z" => Treatment.Empty,
            "U" => Treatment.Uid,
            // References to other images: the sequence stays, the identifiers in it are replaced.
            "X/Z/U*" => Treatment.Keep,
            "D" or "X/D" or "Z/D" or "X/Z/D" => Treatment.Dummy,
            _ => Treatment.Remove,
        };
}
