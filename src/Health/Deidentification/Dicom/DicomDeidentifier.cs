using System.IO.Compression;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>
/// De-identifies a DICOM file by the Basic Application Level Confidentiality Profile (PS3.15 annex E), element by element: what may stay is copied byte
/// for byte, the pixels too, and the transfer syntax stays. A file is read twice, once to know it and once to write it; nothing is written of one that is
/// refused by the first reading.
/// </summary>
public sealed class DicomDeidentifier(DicomOptions options, DeidentificationKeys keys)
{
    private const string Implementation = "2.25.244738274918353216735098817712645178902", ImplementationVersion = "SALUS";

    /// <summary>De-identifies the file that <paramref name="input"/>, seekable, is at the beginning of.</summary>
    /// <exception cref="DicomFormatException">The file is damaged or not DICOM.</exception>
    /// <exception cref="RefusedException">The file is of a kind that is not de-identified, or nobody has looked at its pixels.</exception>
    public ChangeReport Run(Stream input, Stream output)
    {
        var start = input.Position;
        var survey = DicomSurvey.Of(input);
        ImageRisk.Check(survey, options);
        input.Position = start;
        var report = new ChangeReport { Items = 1 };
        WriteHeader(survey, output);
        using var deflated = survey.Form.IsDeflated ? new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true) : null;
        using var reader = new DicomReader(input);
        new DataSetEditor(survey, options, keys, report).Run(reader, new(deflated ?? output, survey.Form.IsExplicit, survey.Form.IsBigEndian));
        return report;
    }

    /// <summary>The header anew: whose software sent it, and what else stood there, is not kept.</summary>
    private void WriteHeader(DicomSurvey survey, Stream output)
    {
        using var meta = new MemoryStream();
        var writer = new DicomWriter(meta, isExplicit: true, isBig: false);
        writer.Value(0x0002_0001, Vr.OB, [0, 1]);
        writer.Text(0x0002_0002, Vr.UI, survey.SopClass);
        writer.Text(0x0002_0003, Vr.UI, UidReplacement.Of(keys.Pseudonym, survey.SopInstance));
        writer.Text(0x0002_0010, Vr.UI, survey.Syntax);
        writer.Text(0x0002_0012, Vr.UI, Implementation);
        writer.Text(0x0002_0013, Vr.SH, ImplementationVersion);
        output.Write(new byte[128]);
        output.Write("DICM"u8);
        new DicomWriter(output, isExplicit: true, isBig: false).Value(0x0002_0000, Vr.UL, BitConverter.GetBytes((uint)meta.Length));
        meta.WriteTo(output);
    }
}
