using System.Collections.Frozen;
using System.Text;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>
/// What is done with each element: the profile's word, and of everything that it does not name only what cannot tell who someone is. Private and unknown
/// elements, names, dates, addresses and free text go; numbers, codes and bulk data that belong to an image stay.
/// </summary>
internal static class ElementRules
{
    public const uint CharacterSet = 0x0008_0005, ImageType = 0x0008_0008, SopClass = 0x0008_0016, SopInstance = 0x0008_0018, Modality = 0x0008_0060, ConversionType = 0x0008_0064,
        CodeValue = 0x0008_0100, CodeScheme = 0x0008_0102, CodeVersion = 0x0008_0103, CodeMeaning = 0x0008_0104, PatientId = 0x0010_0020,
        Photometric = 0x0028_0004,
        IdentityRemoved = 0x0012_0062, Method = 0x0012_0063, MethodCodes = 0x0012_0064, BurnedIn = 0x0028_0301, TemporalInformation = 0x0028_0303;

    /// <summary>Groups of the patient, the visit, the request and the report: nothing of theirs stays that the profile does not keep.</summary>
    private static readonly FrozenSet<uint> PersonalGroups = FrozenSet.ToFrozenSet<uint>([0x0010, 0x0012, 0x0032, 0x0038, 0x4000, 0x4008]);

    /// <summary>Short texts that name a device's kind, a method or a code, not a person or a place.</summary>
    private static readonly FrozenSet<uint> Texts = FrozenSet.ToFrozenSet<uint>(
    [
        0x0008_0070, CodeValue, CodeScheme, CodeVersion, CodeMeaning, 0x0008_1090, 0x0018_0024, 0x0018_0031, 0x0018_0085, 0x0018_1160, 0x0018_1210,
        0x0018_1250, 0x0018_1251, 0x0018_9005, 0x0028_1054, 0x0054_1101, 0x0054_1103, 0x0054_1105,
    ]);

    /// <summary>Tables of palettes and look-ups, waveforms, meshes, and the pixels.</summary>
    private static readonly FrozenSet<uint> Bulk = FrozenSet.ToFrozenSet<uint>(
    [
        0x0028_1201, 0x0028_1202, 0x0028_1203, 0x0028_1204, 0x0028_1221, 0x0028_1222, 0x0028_1223, 0x0028_3006, 0x0066_0023, 0x0066_0024, 0x0066_0025, 0x0066_0029,
        0x5400_0110, 0x5400_0112, 0x5400_100A, 0x5400_1010, DicomElement.PixelData,
    ]);

    /// <summary>Coding schemes whose codes and meanings are published (PS3.16 section 8); those of a hospital's own may say anything.</summary>
    private static readonly FrozenSet<string> PublicSchemes = FrozenSet.ToFrozenSet(
        ["DCM", "SCT", "SRT", "SNM3", "99SDM", "LN",
        "UCUM", "FMA", "RADLEX", "MSH", "UMLS", "NCIt", "BI", "ACR", "I9", "I9C", "I10", "I10P", "C4", "ITIS_TSN", "MDC", "PUBCHEM_CID", "RXNORM", "SCPECG"]);

    /// <param name="shiftsDates">Whether dates that tell the course of an illness stay, moved.</param>
    public static Treatment TreatmentOf(DicomElement element, bool shiftsDates)
    {
        var (tag, vr) = (element.Tag, element.Vr);
        if (element.IsPrivate || !DicomDictionary.Allows(tag, vr))
            return Treatment.Remove;
        if (ConfidentialityProfile.TreatmentOf(tag, shiftsDates) is { } treatment)
            return treatment == Treatment.Shift && vr is not (Vr.DA or Vr.DT or Vr.TM) ? ConfidentialityProfile.TreatmentOf(tag, shiftsDates: false)!.Value : treatment;
        if (PersonalGroups.Contains(element.Group))
            return Treatment.Remove;
        return vr switch
        {
            Vr.SQ or Vr.CS or Vr.DS or Vr.IS or Vr.US or Vr.SS or Vr.UL or Vr.SL or Vr.UV or Vr.SV or Vr.FL or Vr.FD or Vr.AT or Vr.OF or Vr.OD or Vr.OL or Vr.OV => Treatment.Keep,
            Vr.UI => Treatment.Uid,
            Vr.OB or Vr.OW => Bulk.Contains(tag) ? Treatment.Keep : Treatment.Remove,
            Vr.LO or Vr.SH => Texts.Contains(tag) ? Treatment.Keep : Treatment.Remove,
            _ => Treatment.Remove,
        };
    }

    /// <summary>Whether the values of a text are what its representation allows: a name in the place of a number or a code word is none.</summary>
    public static bool IsWellFormed(Vr vr, ReadOnlySpan<byte> value)
    {
        if (vr is not (Vr.CS or Vr.DS or Vr.IS))
            return true;
        foreach (var range in value.Split((byte)'\\'))
        {
            var one = value[range].Trim(" \0"u8);
            if (one.Length > 16)
                return false;
            foreach (var b in one)
                if (!(vr switch
                {
                    Vr.CS => b is >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9' or (byte)' ' or (byte)'_',
                    Vr.DS => b is >= (byte)'0' and <= (byte)'9' or (byte)'+' or (byte)'-' or (byte)'.' or (byte)'E' or (byte)'e',
                    _ => b is >= (byte)'0' and <= (byte)'9' or (byte)'+' or (byte)'-',
                }))
                    return false;
        }
        return true;
    }

    /// <summary>Whether the patient's values are looked for in a value that stays: not in words of the standard's own that an image needs, or that anonymous patients are called by.</summary>
    public static bool IsSearched(DicomElement element, ReadOnlySpan<byte> value)
    {
        if (element.Vr is Vr.LO or Vr.SH)
            return true;
        var text = Encoding.Latin1.GetString(value.Trim(" \0"u8));
        return element.Vr == Vr.CS && !(element.Tag switch
        {
            CharacterSet => text.Contains("ISO_IR ", StringComparison.Ordinal) || text.Contains("ISO 2022 IR ", StringComparison.Ordinal) || text is "GB18030" or "GBK",
            Modality => text.Length <= 4,
            Photometric => text is "RGB" or "PALETTE COLOR" || text.StartsWith("MONOCHROME", StringComparison.Ordinal) || text.StartsWith("YBR_", StringComparison.Ordinal),
            _ => text is "NONE" or "UNKNOWN",
        });
    }

    public static bool IsPublicScheme(ReadOnlySpan<byte> designator) => PublicSchemes.Contains(Encoding.ASCII.GetString(designator.Trim(" \0"u8)));
}
