namespace Salus.Health.Dicom;

/// <summary>A value representation (PS3.5 section 6.2): its two letters in one number, the first in the upper byte. Other numbers are representations that this edition does not have.</summary>
internal enum Vr
{
    /// <summary>Not known: implicit representation of an element that the dictionary does not have.</summary>
    None = 0,
    AE = 'A' << 8 | 'E',
    AS = 'A' << 8 | 'S',
    AT = 'A' << 8 | 'T',
    CS = 'C' << 8 | 'S',
    DA = 'D' << 8 | 'A',
    DS = 'D' << 8 | 'S',
    DT = 'D' << 8 | 'T',
    FD = 'F' << 8 | 'D',
    FL = 'F' << 8 | 'L',
    IS = 'I' << 8 | 'S',
    LO = 'L' << 8 | 'O',
    LT = 'L' << 8 | 'T',
    OB = 'O' << 8 | 'B',
    OD = 'O' << 8 | 'D',
    OF = 'O' << 8 | 'F',
    OL = 'O' << 8 | 'L',
    OV = 'O' << 8 | 'V',
    OW = 'O' << 8 | 'W',
    PN = 'P' << 8 | 'N',
    SH = 'S' << 8 | 'H',
    SL = 'S' << 8 | 'L',
    SQ = 'S' << 8 | 'Q',
    SS = 'S' << 8 | 'S',
    ST = 'S' << 8 | 'T',
    SV = 'S' << 8 | 'V',
    TM = 'T' << 8 | 'M',
    UC = 'U' << 8 | 'C',
    UI = 'U' << 8 | 'I',
    UL = 'U' << 8 | 'L',
    UN = 'U' << 8 | 'N',
    UR = 'U' << 8 | 'R',
    US = 'U' << 8 | 'S',
    UT = 'U' << 8 | 'T',
    UV = 'U' << 8 | 'V',
}

internal static class VrExtensions
{
    /// <summary>Whether the length takes two bytes; all others, those of later editions too, have two reserved bytes and a length of four (PS3.5 section 7.1.2).</summary>
    public static bool HasShortLength(this Vr vr) => vr is Vr.AE or Vr.AS or Vr.AT or Vr.CS or Vr.DA or Vr.DS or Vr.DT or Vr.FD or Vr.FL or Vr.IS or Vr.LO or Vr.LT
        or Vr.PN or Vr.SH or Vr.SL or Vr.SS or Vr.ST or Vr.TM or Vr.UI or Vr.UL or Vr.US;

    /// <summary>Representations whose values are text of a person's choice or name someone.</summary>
    public static bool IsFreeText(this Vr vr) => vr is Vr.PN or Vr.LO or Vr.SH or Vr.LT or Vr.ST or Vr.UT or Vr.UC or Vr.UR or Vr.AE;
}
