namespace Salus.Health.Deidentification.Images;

/// <summary>
/// JPEG (ITU-T T.81 annex B): tables, frames and scans stay, every application segment and comment goes. Of JFIF its density stays, of Adobe how colours are
/// coded, of Exif the way up. Segments are exactly as long as what they hold.
/// </summary>
internal static class JpegCleaner
{
    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA, Quantisation = 0xDB, Lines = 0xDC, Restart = 0xDD, Huffman = 0xC4, Arithmetic = 0xCC, Reserved = 0xC8, Comment = 0xFE;

    public static void Run(ImageSource source, Stream output, ChangeReport report)
    {
        if (source.Byte() != 0xFF || source.Byte() != Start)
            throw new ImageFormatException(ImageFault.NotAnImage, 0);
        output.Write([0xFF, Start]);
        var (hasFrame, hasScan, isTurned) = (false, false, false);
        for (var marker = Marker(source); marker != End;)
        {
            source.NextPart();
            var at = source.Position;
            if (marker is 0x01 or >= 0xD0 and <= Start)
                throw new ImageFormatException(ImageFault.Damaged, at);
            var length = (source.Byte() << 8 | source.Byte()) - 2;
            if (length < 0)
                throw new ImageFormatException(ImageFault.Damaged, at);
            var segment = source.Take(length, length);
            var isFrame = marker is >= 0xC0 and <= 0xCF and not (Huffman or Arithmetic or Reserved);
            if (isFrame || marker is Scan or Quantisation or Lines or Restart or Huffman or Arithmetic)
            {
                if (!HasItsLength(marker, isFrame, segment) || (marker == Scan && !hasFrame) || (isFrame && hasFrame))
                    throw new ImageFormatException(ImageFault.Damaged, at);
                Write(output, marker, segment);
                hasFrame |= isFrame;
            }
            else if (marker is >= 0xE0 and <= 0xEF or Comment)
            {
                Clean(marker, segment, output, report, ref isTurned);
            }
            else
            {
                throw new ImageFormatException(ImageFault.UnknownPart, at);
            }
            hasScan |= marker == Scan;
            marker = marker == Scan ? CopyScan(source, output) : Marker(source);
        }
        if (!hasScan)
            throw new ImageFormatException(ImageFault.Damaged, source.Position);
        output.Write([0xFF, End]);
        if (source.TryByte() is not null)
            report.Add("remove", "JPEG bytes behind the end");
    }

    private static void Clean(byte marker, ReadOnlySpan<byte> segment, Stream output, ChangeReport report, ref bool isTurned)
    {
        if (marker == 0xE0 && segment.StartsWith("JFIF\0"u8) && segment.Length >= 14)
        {
            // Version 1.02, the density as it was, no thumbnail.
            Write(output, marker, [.. "JFIF\0"u8, 1, 2, .. segment[7..12], 0, 0]);
            if (segment.Length > 14)
                report.Add("remove", "JPEG thumbnail");
        }
        else if (marker == 0xEE && segment.StartsWith("Adobe"u8) && segment.Length >= 12)
        {
            Write(output, marker, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, segment[11]]);
        }
        else
        {
            if (marker == 0xE1 && !isTurned && segment.StartsWith("Exif\0\0"u8) && Orientation.Of(segment[6..]) is { } orientation)
            {
                Write(output, marker, [.. "Exif\0\0"u8, .. Orientation.Exif(orientation)]);
                isTurned = true;
            }
            report.Add("remove", NameOf(marker, segment));
        }
    }

    private static string NameOf(byte marker, ReadOnlySpan<byte> segment) => marker switch
    {
        Comment => "JPEG comment",
        0xE1 when segment.StartsWith("Exif\0"u8) => "JPEG Exif",
        0xE1 when segment.StartsWith("http://ns.adobe.com/"u8) => "JPEG XMP",
        0xE2 when segment.StartsWith("ICC_PROFILE\0"u8) => "JPEG colour profile",
        0xED when segment.StartsWith("Photoshop"u8) => "JPEG IPTC",
        _ => "JPEG application segment",
    };

    /// <summary>Whether a segment holds what its kind holds and not a byte more.</summary>
    private static bool HasItsLength(byte marker, bool isFrame, ReadOnlySpan<byte> segment)
    {
        if (isFrame)
            return segment.Length >= 6 && segment.Length == 6 + 3 * segment[5];
        switch (marker)
        {
            case Scan:
                return segment.Length >= 1 && segment.Length == 4 + 2 * segment[0];
            case Lines or Restart:
                return segment.Length == 2;
            case Arithmetic:
                return (segment.Length & 1) == 0;
            case Quantisation:
                while (segment.Length > 0)
                {
                    var size = 1 + (segment[0] >> 4 == 0 ? 64 : 128);
                    if (segment.Length < size)
                        return false;
                    segment = segment[size..];
                }
                return true;
            default:
                while (segment.Length > 0)
                {
                    if (segment.Length < 17)
                        return false;
                    var size = 17;
                    foreach (var count in segment[1..17])
                        size += count;
                    if (segment.Length < size)
                        return false;
                    segment = segment[size..];
                }
                return true;
        }
    }

    private static byte Marker(ImageSource source)
    {
        if (source.Byte() != 0xFF)
            throw new ImageFormatException(ImageFault.Damaged, source.Position - 1);
        byte marker;
        do
            marker = source.Byte();
        while (marker == 0xFF);
        return marker != 0 ? marker : throw new ImageFormatException(ImageFault.Damaged, source.Position - 1);
    }

    /// <summary>Copies coded data up to the next marker that is not a restart.</summary>
    private static byte CopyScan(ImageSource source, Stream output)
    {
        while (true)
        {
            var b = source.Byte();
            if (b == 0xFF)
            {
                var next = source.Byte();
                while (next == 0xFF)
                    next = source.Byte();
                if (next is not (0 or >= 0xD0 and <= 0xD7))
                    return next;
                output.WriteByte(b);
                b = next;
            }
            output.WriteByte(b);
        }
    }

    private static void Write(Stream output, byte marker, ReadOnlySpan<byte> segment)
    {
        output.Write([0xFF, marker, (byte)(segment.Length + 2 >> 8), (byte)(segment.Length + 2 & 0xFF)]);
        output.Write(segment);
    }
}
