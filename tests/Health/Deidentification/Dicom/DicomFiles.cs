using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Dicom;
using Salus.Testing;

namespace Salus.Health.Tests.Deidentification.Dicom;

/// <summary>The DICOM files of the data set, keys of a study, and what stands in a file.</summary>
internal static class DicomFiles
{
    public static readonly DicomOptions Reviewed = new() { IsReviewed = true };

    /// <summary>Files that are whole and of a kind that is de-identified.</summary>
    public static IEnumerable<string> Whole => Directory.GetFiles(Path.Combine(Places.Data, "dicom"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).OfType<string>()
        .Order(StringComparer.Ordinal).Except(["DICOMDIR", "MR_truncated.dcm", "rtplan_truncated.dcm", "reportsi.dcm", "reportsi_with_empty_number_tags.dcm", "no_meta.dcm",
            "SC_rgb_jpeg.dcm", "priv_SQ.dcm", "nested_priv_SQ.dcm"]);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static string PathOf(string name) =>
        Path.Combine(Places.Data, "dicom", name) is var path && File.Exists(path) ? path : Path.Combine(Places.Data, "dicom", "derived", name);

    public static DeidentificationKeys KeysOf(string study) => new(HashOf(study + " pseudonym"), HashOf(study + " dates"));

    public static byte[] Run(byte[] file, DicomOptions? options = null, string study = "study") => Run(file, out _, options, study);

    public static byte[] Run(byte[] file, out ChangeReport report, DicomOptions? options = null, string study = "study")
    {
        using var output = new MemoryStream();
        report = new DicomDeidentifier(options ?? Reviewed, KeysOf(study)).Run(new MemoryStream(file), output);
        return output.ToArray();
    }

    /// <summary>All values with their places, as "(0008,1140)[0].(0008,1155)"; fragments of pixels as items of their element. The header of the file is not among them.</summary>
    public static List<DicomValue> Values(byte[] file)
    {
        using var reader = new DicomReader(new MemoryStream(file));
        var values = new List<DicomValue>();
        var path = new Stack<(string Prefix, int Items)>([("", 0)]);
        while (reader.TryNext(out var element))
        {
            var name = path.Peek().Prefix + string.Create(CultureInfo.InvariantCulture, $"({element.Group:X4},{element.Tag & 0xFFFF:X4})");
            switch (element.Part)
            {
                case DicomPart.Value:
                    values.Add(new(name, element.Tag, element.Vr, reader.Value(int.MaxValue)));
                    break;
                case DicomPart.Sequence or DicomPart.Fragments:
                    values.Add(new(name, element.Tag, element.Vr, []));
                    path.Push((name, 0));
                    break;
                case DicomPart.Item or DicomPart.Fragment:
                    var (prefix, items) = path.Pop();
                    path.Push((prefix, items + 1));
                    name = string.Create(CultureInfo.InvariantCulture, $"{prefix}[{items}]");
                    if (element.Part == DicomPart.Item)
                        path.Push((name + ".", 0));
                    else
                        values.Add(new(name, DicomElement.PixelData, Vr.OB, reader.Value(int.MaxValue)));
                    break;
                default:
                    path.Pop();
                    break;
            }
        }
        return values;
    }

    /// <summary>The bytes of a file without those of its pixels; of a deflated one, inflated.</summary>
    public static byte[] WithoutPixels(byte[] file)
    {
        using var rest = new MemoryStream();
        foreach (var value in Values(file).Where(static value => value.Tag != DicomElement.PixelData))
        {
            rest.Write(Encoding.ASCII.GetBytes(value.Path));
            rest.Write(value.Bytes);
        }
        // The header, and anything that no element accounts for.
        rest.Write(file.AsSpan(0, Math.Min(file.Length, 512)));
        return rest.ToArray();
    }

    public static byte[][] PixelsOf(byte[] file) =>
        [.. Values(file).Where(static value => value.Tag == DicomElement.PixelData && !value.Path.Contains('.', StringComparison.Ordinal)).Select(static value => value.Bytes)];

    private static KeyedHash HashOf(string key) => (message, tag) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), message, tag);
}

internal sealed record DicomValue(string Path, uint Tag, Vr Vr, byte[] Bytes)
{
    public string Text => Encoding.Latin1.GetString(Bytes).Trim('\0', ' ');
}
