using System.Text;

namespace Salus.Health.Deidentification;

/// <summary>What takes the place of an identifier: the same of the same within a study, in hexadecimal letters (64, as many as a DICOM long string holds).</summary>
internal static class Pseudonyms
{
    public static string Of(KeyedHash hash, string identifier)
    {
        Span<byte> tag = stackalloc byte[32];
        hash(Encoding.UTF8.GetBytes(identifier), tag);
        return Convert.ToHexStringLower(tag);
    }
}
