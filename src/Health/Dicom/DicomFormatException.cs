using System.Globalization;

namespace Salus.Health.Dicom;

/// <summary>A DICOM file that was refused: why, at which element, at which byte. Never carries a value of the file.</summary>
public sealed class DicomFormatException(DicomFault fault, uint tag, long offset) : FormatException(
    string.Create(CultureInfo.InvariantCulture, $"{WhatOf(fault)} ({NameOf(tag)}, byte {offset}). {RemedyOf(fault)}"))
{
    public DicomFault Fault { get; } = fault;

    /// <summary>Group in the upper 16 bits, element in the lower; 0 when it is none in particular.</summary>
    public uint Tag { get; } = tag;

    /// <summary>Offset of the byte in the file, the first one is 0; in a deflated data set counted as inflated.</summary>
    public long Offset { get; } = offset;

    /// <summary>What reports call an element: a tag that no edition has may be four letters of a value in a damaged file, and is not told.</summary>
    internal static string NameOf(uint tag) =>
        tag == 0 ? "the file"
        : DicomDictionary.VrOf(tag) != Vr.None || tag >> 16 is 0x0002 or 0xFFFE ? string.Create(CultureInfo.InvariantCulture, $"({tag >> 16:X4},{tag & 0xFFFF:X4})")
        : (tag >> 16 & 1) != 0 ? "a private element" : "an unknown element";

    private static string WhatOf(DicomFault fault) => fault switch
    {
        DicomFault.NotDicom => "This is no DICOM file",
        DicomFault.Truncated => "The file ends in the middle of an element",
        DicomFault.InvalidRepresentation => "An element has no value representation",
        DicomFault.InvalidLength => "An element has a length that cannot be",
        DicomFault.Misplaced => "An item or delimiter stands where none can be",
        DicomFault.OutOfOrder => "The elements do not stand by rising tag",
        DicomFault.TooDeep => "Sequences are nested too deep",
        DicomFault.TooManyElements => "The file has too many elements",
        DicomFault.Deflate => "The deflated data set is damaged",
        DicomFault.TooLarge => "The deflated data set is too large",
        DicomFault.TransferSyntax => "The transfer syntax is not known, or not the one that the file is written in",
        _ => "An element that is needed is missing",
    };

    private static string RemedyOf(DicomFault fault) => fault switch
    {
        DicomFault.Truncated => "The copy is incomplete: fetch the file again and compare its size.",
        DicomFault.TransferSyntax or DicomFault.OutOfOrder => "Let the archive or a converter (dcmconv) write the file anew.",
        _ => "Ask the sender for the file as the archive holds it.",
    };
}
