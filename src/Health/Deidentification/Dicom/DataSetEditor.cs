using System.Text;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>The second reading: writes each element as its treatment says, and what tells that a file was de-identified in its place by tag.</summary>
internal sealed class DataSetEditor(DicomSurvey survey, DicomOptions options, DeidentificationKeys keys, ChangeReport report)
{
    private const int MaxText = 16 * 1024 * 1024;

    /// <summary>An item of a sequence that is open: whether its code is of a published scheme, and its code value until that is known.</summary>
    private sealed class Item
    {
        public bool IsPublic { get; set; }
        public DicomElement CodeElement { get; set; }
        public byte[]? Code { get; set; }
    }

    private readonly Stack<Item> items = new([new Item()]);
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly Queue<(uint Tag, Action<DicomWriter> Write)> own = new(OwnElements(survey, options));
    private readonly int days = options.ShiftsDates ? PatientShift.DaysOf(keys.DateShift, options.Patient ?? (survey.PatientId.Length > 0 ? survey.PatientId : survey.Study)) : 0;

    public void Run(DicomReader reader, DicomWriter writer)
    {
        while (reader.TryNext(out var element))
        {
            switch (element.Part)
            {
                case DicomPart.Item:
                    items.Push(new());
                    writer.StartItem();
                    break;
                case DicomPart.ItemEnd:
                    items.Pop();
                    writer.EndItem();
                    break;
                case DicomPart.SequenceEnd:
                    writer.EndSequence();
                    break;
                case DicomPart.Fragment:
                    writer.Header(element.Tag, Vr.None, element.Length);
                    CopyRest(reader, writer);
                    break;
                default:
                    if (items.Count == 1)
                        WriteOwn(writer, before: element.Tag);
                    Edit(reader, element, writer);
                    break;
            }
        }
        WriteOwn(writer, before: uint.MaxValue);
    }

    private void Edit(DicomReader reader, DicomElement element, DicomWriter writer)
    {
        // What tells of an earlier de-identification is written anew.
        if (items.Count == 1 && element.Tag is ElementRules.IdentityRemoved or ElementRules.Method or ElementRules.MethodCodes or ElementRules.BurnedIn or ElementRules.TemporalInformation)
        {
            reader.Skip();
            return;
        }
        // Pixels within sequences are pictures that nobody is shown and nobody looked at.
        var treatment = items.Count > 1 && element.Group == 0x7FE0 ? Treatment.Remove : ElementRules.TreatmentOf(element, options.ShiftsDates);
        var isPatient = element.Tag == ElementRules.PatientId && items.Count == 1 && survey.PatientId.Length > 0;
        if (treatment == Treatment.Keep && element.Part != DicomPart.Value)
        {
            writer.Header(element.Tag, element.Vr, DicomElement.Undefined);
            return;
        }
        if (treatment == Treatment.Keep)
        {
            Keep(reader, element, writer);
            return;
        }
        switch (treatment)
        {
            case Treatment.Empty when isPatient:
                Count("cryptoHash", element);
                writer.Text(element.Tag, element.Vr, Pseudonyms.Of(keys.Pseudonym, survey.PatientId));
                break;
            case Treatment.Empty:
                Count("redact", element);
                writer.Value(element.Tag, element.Vr, []);
                break;
            case Treatment.Dummy:
                Count("substitute", element);
                Dummies.Write(writer, element);
                break;
            case Treatment.Uid when element.Part == DicomPart.Value:
                WriteUids(reader, element, writer);
                break;
            case Treatment.Shift when element.Length <= MaxText && DicomDates.TryShift(element.Vr, reader.Value(MaxText), days, out var shifted):
                Count("dateShift", element);
                writer.Value(element.Tag, element.Vr, shifted);
                break;
            case Treatment.Shift:
                Count("redact", element);
                writer.Value(element.Tag, element.Vr, []);
                break;
            default:
                Count("remove", element);
                break;
        }
        if (element.Part != DicomPart.Value || treatment is not (Treatment.Uid or Treatment.Shift))
            reader.Skip();
    }

    private void Keep(DicomReader reader, DicomElement element, DicomWriter writer)
    {
        if (element.Tag == DicomElement.PixelData && items.Count == 1 && options.BlackOut.Count > 0)
        {
            report.Add("blackOut", DicomFormatException.NameOf(element.Tag), options.BlackOut.Count);
            new PixelEraser(survey.Layout, options.BlackOut, survey.Form.IsBigEndian, element.Vr).Copy(reader, element, writer);
            return;
        }
        if (element.Vr is not (Vr.CS or Vr.DS or Vr.IS or Vr.LO or Vr.SH))
        {
            writer.Header(element.Tag, element.Vr, element.Length + (element.Length & 1));
            CopyRest(reader, writer);
            if ((element.Length & 1) != 0)
                writer.Bytes([0]);
            return;
        }
        var value = reader.Value(MaxText);
        if (!ElementRules.IsWellFormed(element.Vr, value) || (ElementRules.IsSearched(element, value) && survey.Needles.AreIn(value)))
            Count("remove", element);
        else if (element.Tag is ElementRules.CodeValue or ElementRules.CodeScheme or ElementRules.CodeVersion or ElementRules.CodeMeaning)
            KeepCode(element, value, writer);
        else
            writer.Value(element.Tag, element.Vr, value);
    }

    /// <summary>A code stays when its scheme is a published one, which stands behind the code itself and before its meaning.</summary>
    private void KeepCode(DicomElement element, byte[] value, DicomWriter writer)
    {
        var item = items.Peek();
        if (element.Tag == ElementRules.CodeValue)
        {
            (item.CodeElement, item.Code) = (element, value);
            return;
        }
        if (element.Tag == ElementRules.CodeScheme)
        {
            item.IsPublic = ElementRules.IsPublicScheme(value);
            if (item.IsPublic && item.Code is { } code)
                writer.Value(item.CodeElement.Tag, item.CodeElement.Vr, code);
            else if (item.Code is not null)
                Count("remove", item.CodeElement);
        }
        if (item.IsPublic)
            writer.Value(element.Tag, element.Vr, value);
        else
            Count("remove", element);
    }

    /// <summary>Identifiers that the standard itself gives out (of classes, syntaxes, well-known frames of reference) stay where they can be nothing else.</summary>
    private void WriteUids(DicomReader reader, DicomElement element, DicomWriter writer)
    {
        var isInstance = ConfidentialityProfile.TreatmentOf(element.Tag, shiftsDates: false) == Treatment.Uid;
        var root = isInstance ? "1.2.840.10008.1.4." : "1.2.840.10008.";
        var uids = Encoding.ASCII.GetString(reader.Value(MaxText)).Split('\\');
        for (var i = 0; i < uids.Length; i++)
        {
            uids[i] = uids[i].Trim(' ', '\0');
            if (uids[i].Length == 0 || (uids[i].StartsWith(root, StringComparison.Ordinal) && DicomSurvey.IsUid(uids[i])))
                continue;
            Count("refreshUID", element);
            uids[i] = UidReplacement.Of(keys.Pseudonym, uids[i]);
        }
        writer.Text(element.Tag, element.Vr, string.Join('\\', uids));
    }

    private void CopyRest(DicomReader reader, DicomWriter writer)
    {
        while (reader.Read(buffer) is > 0 and var count)
            writer.Bytes(buffer.AsSpan(0, count));
    }

    private void Count(string method, DicomElement element) => report.Add(method, DicomFormatException.NameOf(element.Tag));

    private void WriteOwn(DicomWriter writer, uint before)
    {
        while (own.Count > 0 && own.Peek().Tag < before)
            own.Dequeue().Write(writer);
    }

    private static IEnumerable<(uint Tag, Action<DicomWriter> Write)> OwnElements(DicomSurvey survey, DicomOptions options)
    {
        yield return (ElementRules.IdentityRemoved, static writer => writer.Text(ElementRules.IdentityRemoved, Vr.CS, "YES"));
        yield return (ElementRules.Method, static writer => writer.Text(ElementRules.Method, Vr.LO, "Salus: PS3.15 E.1 basic profile"));
        yield return (ElementRules.MethodCodes, writer =>
        {
            writer.StartSequence(ElementRules.MethodCodes);
            WriteCode(writer, "113100", "Basic Application Confidentiality Profile");
            if (options.BlackOut.Count > 0)
                WriteCode(writer, "113101", "Clean Pixel Data Option");
            if (options.ShiftsDates)
                WriteCode(writer, "113107", "Retain Longitudinal Temporal Information Modified Dates Option");
            writer.EndSequence();
        });
        // Nobody looked at a file that went through by its class alone: it is not marked.
        if (survey.HasPixels && (options.IsReviewed || options.BlackOut.Count > 0 || survey.BurnedIn == "NO"))
            yield return (ElementRules.BurnedIn, static writer => writer.Text(ElementRules.BurnedIn, Vr.CS, "NO"));
        yield return (ElementRules.TemporalInformation, writer => writer.Text(ElementRules.TemporalInformation, Vr.CS, options.ShiftsDates ? "MODIFIED" : "REMOVED"));
    }

    private static void WriteCode(DicomWriter writer, string code, string meaning)
    {
        writer.StartItem();
        writer.Text(ElementRules.CodeValue, Vr.SH, code);
        writer.Text(ElementRules.CodeScheme, Vr.SH, "DCM");
        writer.Text(ElementRules.CodeMeaning, Vr.LO, meaning);
        writer.EndItem();
    }
}
