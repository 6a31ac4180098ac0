using Salus.Health.Deidentification.Dicom;
using Salus.Health.Deidentification.Fhir;
using Salus.Health.Deidentification.Images;

namespace Salus.Health.Deidentification;

/// <summary>De-identifies a file by what it is: FHIR, DICOM and pictures. What no rules handle is refused.</summary>
public sealed class Deidentifier(DeidentificationKeys keys)
{
    public FhirRules Fhir { get; init; } = FhirRules.SafeHarbor;

    public DicomOptions Dicom { get; init; } = new();

    public ImageOptions Images { get; init; } = new();

    /// <summary>Names of the file and its folder, for rules that shift dates by them.</summary>
    public string FileName { get; init; } = "";

    /// <inheritdoc cref="FileName"/>
    public string FolderName { get; init; } = "";

    /// <summary>
    /// De-identifies <paramref name="source"/>, seekable and at its beginning, of a type of <see cref="MediaTypes"/>. Throws what the parts throw, and
    /// <see cref="RefusedException"/> for a type without rules; what was written until then is to be thrown away.
    /// </summary>
    public ChangeReport Run(string mediaType, Stream source, Stream output, CancellationToken cancel = default) => mediaType switch
    {
        MediaTypes.FhirJson or MediaTypes.FhirNdjson => new FhirDeidentifier(Fhir, keys) { FileName = FileName, FolderName = FolderName }.Run(source, output, cancel),
        MediaTypes.Dicom => new DicomDeidentifier(Dicom, keys).Run(source, output),
        MediaTypes.Png or MediaTypes.Jpeg or MediaTypes.Gif or MediaTypes.WebP or MediaTypes.Tiff => new ImageCleaner(Images).Run(mediaType, source, output),
        _ => throw new RefusedException(Refusal.NoRules),
    };
}
