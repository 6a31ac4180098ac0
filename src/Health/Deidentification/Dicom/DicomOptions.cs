namespace Salus.Health.Deidentification.Dicom;

/// <summary>What a person decided about one DICOM file.</summary>
public sealed record DicomOptions
{
    /// <summary>Somebody has looked at every frame, and no name is burned in, or what is blacked out is all.</summary>
    public bool IsReviewed { get; init; }

    /// <summary>Regions to black out in every frame; giving any says that somebody has looked.</summary>
    public IReadOnlyList<PixelRegion> BlackOut { get; init; } = [];

    /// <summary>Keep dates that tell the course of an illness, moved by the patient's shift; else they are removed or emptied.</summary>
    public bool ShiftsDates { get; init; }

    /// <summary>Whose shift it is, as the rules for FHIR name the patient; else the file's Patient ID, or without one its study.</summary>
    public string? Patient { get; init; }
}
