using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>Values that say nothing, for elements that an image has to have (action D of the profile).</summary>
internal static class Dummies
{
    public static void Write(DicomWriter writer, DicomElement element)
    {
        var (tag, vr) = (element.Tag, element.Vr);
        switch (vr)
        {
            case Vr.SQ:
                writer.StartSequence(tag);
                writer.StartItem();
                writer.EndItem();
                writer.EndSequence();
                break;
            case Vr.DA:
                writer.Text(tag, vr, "19000101");
                break;
            case Vr.TM:
                writer.Text(tag, vr, "000000");
                break;
            case Vr.DT:
                writer.Text(tag, vr, "19000101000000");
                break;
            case Vr.DS or Vr.IS:
                writer.Text(tag, vr, "0");
                break;
            case Vr.OB or Vr.OW:
                writer.Value(tag, vr, [0, 0]);
                break;
            default:
                writer.Text(tag, vr, vr.IsFreeText() || vr == Vr.CS ? "REMOVED" : "");
                break;
        }
    }
}
