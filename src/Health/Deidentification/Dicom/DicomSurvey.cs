using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>The first reading of a file: that all of it can be read, what it is, whom it names.</summary>
internal sealed class DicomSurvey
{
    private const int MaxText = 64 * 1024;

    /// <summary>Bytes of a compressed frame before its picture, where comments stand.</summary>
    private const int StartOfFragment = 4096;

    private static readonly SearchValues<char> OfUids = SearchValues.Create("0123456789.");

    /// <summary>Numbers of the patient, the visit and the request; besides them every person's name is looked for.</summary>
    private static readonly FrozenSet<uint> Identifiers = FrozenSet.ToFrozenSet<uint>(
    [
        0x0008_0050, 0x0010_0020, 0x0010_1000, 0x0010_1040, 0x0010_1090, 0x0010_2154, 0x0038_0010, 0x0012_0040,
    ]);

    public DicomForm Form { get; private set; }
    public string Syntax { get; private set; } = "";
    public string SopClass { get; private set; } = "";
    public string SopInstance { get; private set; } = "";
    public string PatientId { get; private set; } = "";
    public string Study { get; private set; } = "";
    public string Modality { get; private set; } = "";
    public string BurnedIn { get; private set; } = "";
    public string ImageType { get; private set; } = "";
    public bool IsConverted { get; private set; }
    public bool HasPixels { get; private set; }
    public bool HasFragments { get; private set; }
    public bool IsDirectory { get; private set; }

    /// <summary>Whether an overlay lies in bits of the pixels that they do not use.</summary>
    public bool HasHiddenOverlay { get; private set; }

    /// <summary>Whether a compressed frame carries one of the file's names, in a comment.</summary>
    public bool HasNamesInFrames { get; private set; }

    public PixelLayout Layout { get; } = new();
    public Needles Needles { get; } = new();

    public static DicomSurvey Of(Stream file)
    {
        var survey = new DicomSurvey();
        using var reader = new DicomReader(file);
        var last = new Stack<uint>([0]);
        var start = new byte[StartOfFragment];
        while (reader.TryNext(out var element))
        {
            switch (element.Part)
            {
                case DicomPart.Item:
                    last.Push(0);
                    continue;
                case DicomPart.ItemEnd:
                    last.Pop();
                    continue;
                case DicomPart.Fragment:
                    survey.HasNamesInFrames |= survey.Needles.AreAmong(start.AsSpan(0, reader.Read(start)));
                    continue;
                case DicomPart.SequenceEnd:
                    continue;
            }
            if (element.Tag <= last.Peek())
                throw new DicomFormatException(DicomFault.OutOfOrder, element.Tag, element.Offset);
            last.Pop();
            last.Push(element.Tag);
            survey.Take(reader, element, isTop: last.Count == 1);
        }
        survey.Finish(reader);
        return survey;
    }

    private void Take(DicomReader reader, DicomElement element, bool isTop)
    {
        IsDirectory |= element.Group == 0x0004;
        if (isTop && element.Tag is DicomElement.PixelData or 0x7FE0_0008 or 0x7FE0_0009)
            (HasPixels, HasFragments) = (true, element.Part == DicomPart.Fragments);
        if (element.Part != DicomPart.Value || element.Length is 0 or > MaxText)
            return;
        if (element.Vr == Vr.PN || Identifiers.Contains(element.Tag))
        {
            var name = reader.Value(MaxText);
            Needles.Add(name);
            if (isTop && element.Tag == ElementRules.PatientId)
                PatientId = TextOf(name);
        }
        else if (isTop)
        {
            TakeOfImage(reader, element);
        }
    }

    private void TakeOfImage(DicomReader reader, DicomElement element)
    {
        string Text() => TextOf(reader.Value(MaxText));
        int Number() => reader.Value(MaxText) is { Length: 2 } two ? reader.Form.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(two) : BinaryPrimitives.ReadUInt16LittleEndian(two) : 0;
        switch (element.Tag)
        {
            case ElementRules.SopClass: SopClass = Text(); break;
            case ElementRules.SopInstance: SopInstance = Text(); break;
            case ElementRules.Modality: Modality = Text(); break;
            case 0x0020_000D: Study = Text(); break;
            case ElementRules.BurnedIn: BurnedIn = Text(); break;
            case ElementRules.ImageType: ImageType = Text(); break;
            case ElementRules.ConversionType: IsConverted = true; break;
            case 0x0028_0002: Layout.Samples = Number(); break;
            case ElementRules.Photometric: Layout.Photometric = Text(); break;
            case 0x0028_0006: Layout.Planar = Number(); break;
            case 0x0028_0008: Layout.Frames = long.TryParse(Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var frames) ? frames : 0; break;
            case 0x0028_0010: Layout.Rows = Number(); break;
            case 0x0028_0011: Layout.Columns = Number(); break;
            case 0x0028_0100: Layout.Allocated = Number(); break;
            case 0x0028_0101: Layout.Stored = Number(); break;
            case 0x0028_0103: Layout.IsSigned = Number() == 1; break;
            case var tag when tag >> 24 == 0x60 && (tag & 0xFFFF) == 0x0102: HasHiddenOverlay |= Number() != 0; break;
        }
    }

    private void Finish(DicomReader reader)
    {
        Form = reader.Form;
        IsDirectory |= reader.StatedClass == "1.2.840.10008.1.3.10";
        if (IsDirectory)
            return;
        if (reader.HasPreamble && reader.Stated is null)
            throw new DicomFormatException(DicomFault.MissingElement, 0x0002_0010, 0);
        Syntax = reader.Stated ?? Form.Uid;
        if (!DicomForm.TryOf(Syntax, out var form) || form != Form || (HasPixels && HasFragments != DicomForm.IsEncapsulated(Syntax)))
            throw new DicomFormatException(DicomFault.TransferSyntax, 0x0002_0010, 0);
        if (!IsUid(SopClass))
            throw new DicomFormatException(DicomFault.MissingElement, ElementRules.SopClass, 0);
        if (!IsUid(SopInstance))
            throw new DicomFormatException(DicomFault.MissingElement, ElementRules.SopInstance, 0);
    }

    public static bool IsUid(string text) => text.Length is > 0 and <= 64 && text.AsSpan().IndexOfAnyExcept(OfUids) < 0;

    private static string TextOf(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value.Trim(" \0"u8));
}
