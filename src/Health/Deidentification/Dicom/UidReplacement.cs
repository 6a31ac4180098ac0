using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>
/// Unique identifiers made of others under a study's key: the same of the same, so that references between files stay whole, and nothing of who made
/// the first. <c>2.25.</c> and a UUID (PS3.5 section B.2) of version 8.
/// </summary>
internal static class UidReplacement
{
    public static string Of(KeyedHash hash, string uid)
    {
        Span<byte> tag = stackalloc byte[32];
        hash(Encoding.ASCII.GetBytes("dicom-uid:" + uid), tag);
        tag[6] = (byte)(tag[6] & 0x0F | 0x80);
        tag[8] = (byte)(tag[8] & 0x3F | 0x80);
        return "2.25." + BinaryPrimitives.ReadUInt128BigEndian(tag).ToString(CultureInfo.InvariantCulture);
    }
}
