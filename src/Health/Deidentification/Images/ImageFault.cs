namespace Salus.Health.Deidentification.Images;

/// <summary>Why a picture cannot be read.</summary>
public enum ImageFault
{
    /// <summary>Not a picture of the kind that its first bytes say.</summary>
    NotAnImage,

    /// <summary>The file ends before the picture does.</summary>
    Truncated,

    /// <summary>A part that is not as long as it has to be, out of its place, or with a wrong checksum.</summary>
    Damaged,

    /// <summary>A part without which the picture cannot be shown, and of which nothing is known.</summary>
    UnknownPart,

    /// <summary>More parts than a picture has.</summary>
    TooManyParts,
}
