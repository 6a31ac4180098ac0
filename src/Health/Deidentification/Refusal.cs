namespace Salus.Health.Deidentification;

/// <summary>Why a file that could be read is not de-identified.</summary>
public enum Refusal
{
    /// <summary>The picture may have text burned in, and nobody has looked.</summary>
    NotReviewed,

    /// <summary>A structured report: its content is free text.</summary>
    Report,

    /// <summary>A document (PDF, CDA, model) inside of a DICOM file.</summary>
    Document,

    /// <summary>A presentation state or another object whose purpose is to be written on.</summary>
    Annotations,

    /// <summary>A DICOMDIR: a directory of other files.</summary>
    Directory,

    /// <summary>A class of a manufacturer, of which nothing is known.</summary>
    PrivateClass,

    /// <summary>A compressed frame carries a name in a comment, and frames are copied as they are.</summary>
    NamesInFrames,

    /// <summary>Regions are to be blacked out of pixels that are compressed.</summary>
    CompressedPixels,

    /// <summary>Regions are to be blacked out of pixels in a form that is not handled, or of a file without pixels.</summary>
    PixelForm,

    /// <summary>A region that is not within the picture.</summary>
    Region,

    /// <summary>A kind of picture whose metadata is not handled.</summary>
    ImageKind,

    /// <summary>Text, C-CDA, HL7 v2 and anything else that no rules are for.</summary>
    NoRules,
}
