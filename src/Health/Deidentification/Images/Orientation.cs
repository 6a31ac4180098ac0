using System.Buffers.Binary;

namespace Salus.Health.Deidentification.Images;

/// <summary>Which way up a picture is: the one entry of Exif (CIPA DC-008) that is part of how it looks.</summary>
internal static class Orientation
{
    private const int Tag = 0x0112, Short = 3;

    /// <summary>2 to 8 when the picture has to be turned, null when it is upright or nothing is said that makes sense.</summary>
    public static int? Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14)
            return null;
        var isBig = tiff.StartsWith("MM\0*"u8);
        if (!isBig && !tiff.StartsWith("II*\0"u8))
            return null;
        var directory = isBig ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return null;
        var entries = tiff[(int)directory..];
        var count = U16(entries, isBig);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
            if (U16(entries, isBig) == Tag)
                return U16(entries[2..], isBig) == Short && U16(entries[8..], isBig) is >= 2 and <= 8 and var way ? way : null;
        return null;
    }

    /// <summary>Exif that says this and nothing else.</summary>
    public static byte[] Exif(int orientation) => [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, Short, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static int U16(ReadOnlySpan<byte> bytes, bool isBig) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
