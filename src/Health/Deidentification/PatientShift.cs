using System.Buffers.Binary;
using System.Text;

namespace Salus.Health.Deidentification;

/// <summary>By how many days a patient's dates are moved within a study: the same for all of the patient's files, whatever their format; never zero.</summary>
internal static class PatientShift
{
    /// <summary>Days to either side.</summary>
    public const int Most = 50;

    /// <param name="patient">Whom the shift belongs to: the patient's identifier.</param>
    public static int DaysOf(KeyedHash hash, string patient)
    {
        Span<byte> tag = stackalloc byte[32];
        hash(Encoding.UTF8.GetBytes(patient), tag);
        var days = (int)(BinaryPrimitives.ReadUInt64BigEndian(tag) % (2 * Most)) - Most;
        return days >= 0 ? days + 1 : days;
    }
}
