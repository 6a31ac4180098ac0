using System.Collections.Frozen;
using System.Text;
using System.Text.Unicode;
using Salus.Health.Dicom;

namespace Salus.Health.Keywords;

/// <summary>
/// What a DICOM file is found by: modality, body part, what study, series, protocol and procedure are called, who referred, performed and reported,
/// dates, codes, and the text of structured reports. The patient module (group 0010) is read only to take its values out of those texts; pixels are
/// passed over.
/// </summary>
internal sealed class DicomKeywords(ITermSink sink)
{
    /// <summary>Bytes of one value that is read; descriptions have at most 64, texts of reports a few thousand.</summary>
    private const int MaxValue = 64 * 1024;

    private const int MaxTexts = 4096;

    private const uint CharacterSet = 0x0008_0005, CodeValue = 0x0008_0100, CodeScheme = 0x0008_0102, CodeMeaning = 0x0008_0104;
    private const ushort PatientGroup = 0x0010;

    private static readonly FrozenSet<uint> Dates = FrozenSet.ToFrozenSet<uint>([0x0008_0020, 0x0008_0021, 0x0008_0022, 0x0008_0023, 0x0008_002A, 0x0040_0244, 0x0040_A032, 0x300A_0006]);

    // Not the comments on image and study: they hold anything, telephone numbers too.
    private static readonly FrozenSet<uint> Texts = FrozenSet.ToFrozenSet<uint>(
    [
        0x0008_0060, 0x0008_0061, 0x0008_0070, 0x0008_0080, 0x0008_1030, 0x0008_103E, 0x0008_1040, 0x0008_1080, 0x0008_1090, 0x0008_2111,
        0x0018_0010, 0x0018_0015, 0x0018_1030, 0x0018_1400, 0x0020_0060, 0x0032_1060, 0x0032_1070,
        0x0040_0007, 0x0040_0254, 0x0040_1002, 0x0040_A160, 0x0042_0010, 0x0070_0080, 0x0070_0081,
        0x300A_0002, 0x300A_0003, 0x300A_0004, 0x300A_00C2, 0x3006_0002, 0x3006_0026,
    ]);

    /// <summary>Referring, of record, performing, reading and requesting physicians, operators.</summary>
    private static readonly FrozenSet<uint> Names = FrozenSet.ToFrozenSet<uint>([0x0008_0090, 0x0008_1048, 0x0008_1050, 0x0008_1060, 0x0008_1070, 0x0032_1032, 0x0040_0006, 0x0040_A075]);

    private static readonly FrozenSet<uint> PatientTags = FrozenSet.ToFrozenSet<uint>([0x0010_0010, 0x0010_0020, 0x0010_1000, 0x0010_1001, 0x0010_1005, 0x0010_1040, 0x0010_1060, 0x0010_2154]);

    private readonly PatientValues patient = new();
    private readonly List<string> texts = [];
    private Encoding? encoding;
    private string code = "", scheme = "";

    /// <summary>Reads a file; one that stops making sense gives what stands before.</summary>
    public void Read(Stream content)
    {
        try
        {
            using var reader = new DicomReader(content);
            while (reader.TryNext(out var element))
                Read(reader, element);
        }
        catch (DicomFormatException)
        {
        }
        // The patient's module stands behind the study's description.
        foreach (var text in texts)
            sink.Text(patient.TakenOutOf(text));
    }

    private void Read(DicomReader reader, DicomElement element)
    {
        if (element is { Part: DicomPart.Sequence, Group: PatientGroup })
            reader.Skip();
        if (element.Part != DicomPart.Value || element.Length > MaxValue)
            return;
        var isWanted = Dates.Contains(element.Tag) || Texts.Contains(element.Tag) || Names.Contains(element.Tag) || PatientTags.Contains(element.Tag)
            || element.Tag is CharacterSet or CodeValue or CodeScheme or CodeMeaning;
        if (isWanted)
            Take(element.Tag, reader.Value(MaxValue));
    }

    private void Take(uint tag, byte[] value)
    {
        if (tag == CharacterSet)
        {
            encoding = Encoding.ASCII.GetString(value) is var name && name.Contains("ISO_IR 100", StringComparison.Ordinal) ? Encoding.Latin1 : null;
            return;
        }
        var text = Decode(value);
        if (tag == CodeValue)
            (code, scheme) = (text, "");
        else if (tag == CodeScheme)
            scheme = text;
        else if (tag == CodeMeaning)
        {
            // The meaning comes last of a code's elements, which stand by rising tag.
            sink.Code(scheme, code);
            Add(text);
        }
        else if (Dates.Contains(tag))
            sink.Date(TermNames.OfCompactDate(text));
        else if (Names.Contains(tag))
            sink.Text(text.Replace('^', ' ').Replace('=', ' '));
        else if (PatientTags.Contains(tag))
            foreach (var part in text.Split('^', '=', '\\'))
                patient.Add(part);
        else
            Add(text);
    }

    private void Add(string text)
    {
        if (texts.Count < MaxTexts)
            texts.Add(text.Replace('\\', ' ').Replace('^', ' '));
    }

    /// <summary>UTF-8 or Latin-1; of other character sets only what is ASCII, and of those that switch within a text what stands before.</summary>
    private string Decode(byte[] value)
    {
        var bytes = value.AsSpan();
        var text = bytes.IndexOf((byte)0x1B) is >= 0 and var escape ? Encoding.ASCII.GetString(bytes[..escape])
            : Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes)
            : (encoding ?? Encoding.ASCII).GetString(bytes);
        return text.Trim('\0', ' ', '\uFFFD');
    }
}
