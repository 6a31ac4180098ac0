namespace Salus.Health.Deidentification;

/// <summary>A file that is not de-identified although it can be read: why, and what to do. Never carries a value of the file.</summary>
public sealed class RefusedException(Refusal reason) : Exception(WhatOf(reason))
{
    public Refusal Reason { get; } = reason;

    private static string WhatOf(Refusal reason) => reason switch
    {
        Refusal.NotReviewed =>
            "The picture may show a name: text can be burned into its pixels. Look at all of it, then say --reviewed; a DICOM file can have regions with text taken out by --black-out x,y,w,h.",
        Refusal.Report => "This is a structured report: its content is free text, which no rule makes safe. Leave it out.",
        Refusal.Document => "This DICOM file wraps a document: its content is free text, which no rule makes safe. Leave it out.",
        Refusal.Annotations => "This is a presentation state: what people wrote on images. Leave it out and take the images.",
        Refusal.Directory => "This is a DICOMDIR, a directory that repeats names from other files. Leave it out and take the files that it lists.",
        Refusal.PrivateClass => "The class of this DICOM file is a manufacturer's own, of which nothing is known. Leave it out.",
        Refusal.NamesInFrames => "A compressed frame carries a name in a comment of its own. Decompress the file first (dcmdjpeg, gdcmconv --raw): comments do not survive that.",
        Refusal.CompressedPixels => "The pixels are compressed: regions can only be blacked out of plain ones. Decompress the file first (dcmdjpeg, dcmdrle, gdcmconv --raw), then black out.",
        Refusal.PixelForm => "Regions cannot be blacked out of pixels in this form. Convert the file to 8 or 16 bits, grey or RGB, first.",
        Refusal.Region => "A region is not within the picture: x,y is its upper left corner, counted from 0, w,h its size in pixels.",
        Refusal.NoRules => "No rule set handles this kind of file: what names a person in free text, C-CDA, HL7 v2 or PDF is not found by rules. Convert it to FHIR R4 first, or leave it out.",
        _ => "The metadata of this kind of picture cannot be taken out. Convert it to PNG first.",
    };
}
