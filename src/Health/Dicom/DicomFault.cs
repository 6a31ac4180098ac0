namespace Salus.Health.Dicom;

/// <summary>Why a DICOM file cannot be read.</summary>
public enum DicomFault
{
    /// <summary>No header, and no data element where one would begin.</summary>
    NotDicom,

    /// <summary>The file ends in the middle of an element.</summary>
    Truncated,

    /// <summary>Two bytes that are no value representation.</summary>
    InvalidRepresentation,

    /// <summary>A length that goes beyond what holds the element, or none where one is due.</summary>
    InvalidLength,

    /// <summary>An item or a delimiter where none can be, or something else in the place of an item.</summary>
    Misplaced,

    /// <summary>Elements that do not stand by rising tag: readers would disagree about which one counts.</summary>
    OutOfOrder,

    TooDeep,

    TooManyElements,

    /// <summary>A deflated data set that is damaged.</summary>
    Deflate,

    /// <summary>A deflated data set that inflates without end.</summary>
    TooLarge,

    /// <summary>A transfer syntax that is not known, or not the one that the data set is written in.</summary>
    TransferSyntax,

    /// <summary>An element that is needed is missing or has no value that makes sense.</summary>
    MissingElement,
}
