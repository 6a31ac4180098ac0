using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>Which files are refused, and which pictures somebody has to look at before they are let go.</summary>
internal static class ImageRisk
{
    private const string Storage = "1.2.840.10008.5.1.4.1.1.";

    /// <summary>Classes whose frames come out of a reconstruction: CT, MR, PET, nuclear medicine; text stands there only where software made a picture of a screen.</summary>
    private static readonly string[] Reconstructed = ["2", "2.1", "2.2", "4", "4.1", "4.2", "4.3", "4.4", "20", "128", "128.1", "130"];

    /// <summary>Ultrasound and secondary capture.</summary>
    private static readonly string[] WithText = ["3", "3.1", "6", "6.1", "6.2", "6.3", "7", "7.1", "7.2", "7.3", "7.4"];

    /// <summary>Numbers shown as pixels: segmentations, maps of parameters, dose.</summary>
    private static readonly string[] Computed = ["66.4", "30", "481.2"];

    /// <exception cref="RefusedException">The file is of a kind that is not de-identified, or nobody has looked at it.</exception>
    public static void Check(DicomSurvey survey, DicomOptions options)
    {
        if (survey.IsDirectory)
            throw new RefusedException(Refusal.Directory);
        if (!survey.SopClass.StartsWith(Storage, StringComparison.Ordinal))
            throw new RefusedException(Refusal.PrivateClass);
        var kind = survey.SopClass[Storage.Length..];
        if (kind.StartsWith("88.", StringComparison.Ordinal))
            throw new RefusedException(Refusal.Report);
        if (kind.StartsWith("104.", StringComparison.Ordinal))
            throw new RefusedException(Refusal.Document);
        if (kind.StartsWith("11.", StringComparison.Ordinal))
            throw new RefusedException(Refusal.Annotations);
        if (survey.HasNamesInFrames)
            throw new RefusedException(Refusal.NamesInFrames);
        if (options.BlackOut.Count > 0)
            CheckRegions(survey, options);
        else if (survey.HasPixels && !options.IsReviewed && IsAtRisk(survey, kind))
            throw new RefusedException(Refusal.NotReviewed);
    }

    /// <summary>Ultrasound and secondary capture always, whatever they say; others unless they are marked clean, or are of a class without text and marked nothing.</summary>
    private static bool IsAtRisk(DicomSurvey survey, string kind)
    {
        if (survey.Modality is "US" or "IVUS" or "OT" or "SC" || WithText.Contains(kind) || survey.IsConverted || survey.HasHiddenOverlay)
            return true;
        if (survey.BurnedIn == "NO")
            return false;
        return survey.BurnedIn.Length > 0 || !(Computed.Contains(kind) || (Reconstructed.Contains(kind) && survey.ImageType.Split('\\')[0] == "ORIGINAL"));
    }

    private static void CheckRegions(DicomSurvey survey, DicomOptions options)
    {
        if (DicomForm.IsEncapsulated(survey.Syntax))
            throw new RefusedException(Refusal.CompressedPixels);
        if (!survey.HasPixels || !survey.Layout.IsSupported)
            throw new RefusedException(Refusal.PixelForm);
        if (!options.BlackOut.All(survey.Layout.Holds))
            throw new RefusedException(Refusal.Region);
    }
}
