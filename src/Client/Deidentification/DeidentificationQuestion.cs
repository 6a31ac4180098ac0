namespace Salus.Client.Deidentification;

/// <summary>Which file to de-identify, and how.</summary>
/// <param name="File">FHIR R4 JSON, DICOM or a picture.</param>
/// <param name="Out">The file to write.</param>
/// <param name="Rules">A configuration in the format of Microsoft's FHIR anonymizer; null for the rules that are built in.</param>
/// <param name="KeepsUnmatched">Whether what no rule names stays; null for what the rules say.</param>
public sealed record DeidentificationQuestion(string File, string Out, string? Rules = null, bool? KeepsUnmatched = null)
{
    /// <summary>DICOM and pictures: somebody has looked at every frame.</summary>
    public bool IsReviewed { get; init; }

    /// <summary>DICOM: regions to black out in every frame, as <c>x,y,w,h</c>.</summary>
    public IReadOnlyList<string> BlackOut { get; init; } = [];

    /// <summary>DICOM: keep dates, moved by the patient's shift.</summary>
    public bool ShiftsDates { get; init; }
}

/// <summary>What was done: counts by method and path, never a value.</summary>
/// <param name="MediaType">What the file is.</param>
/// <param name="Items">Resources or files.</param>
/// <param name="Changes">By method and path.</param>
/// <param name="Left">Where values that were removed from a patient still stand; of rules that keep what they do not name.</param>
/// <param name="Notes">Rules that were read otherwise than they are written.</param>
/// <param name="UsedRandomKeys">Whether pseudonyms or shifts of dates are of this run alone.</param>
public sealed record DeidentifiedFile(
    string MediaType, long Items, IReadOnlyList<DeidentificationChange> Changes, IReadOnlyList<DeidentificationChange> Left, IReadOnlyList<string> Notes, bool UsedRandomKeys);

/// <summary>How often a method was used at a path.</summary>
public sealed record DeidentificationChange(string Method, string Path, long Count);
