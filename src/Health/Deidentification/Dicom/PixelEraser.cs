using System.Buffers.Binary;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>Copies uncompressed pixels line by line, with regions blacked out in every frame; what lies behind the last frame becomes zeros.</summary>
internal sealed class PixelEraser(PixelLayout layout, IReadOnlyList<PixelRegion> regions, bool isBig, Vr vr)
{
    public void Copy(DicomReader reader, DicomElement element, DicomWriter writer)
    {
        var line = new byte[layout.LineBytes];
        // Bytes in words of a big-endian file stand swapped (PS3.5 section 8.1.1).
        var isSwapped = isBig && vr == Vr.OW && layout.Allocated == 8;
        if (layout.Bytes > element.Length)
            throw new DicomFormatException(DicomFault.InvalidLength, element.Tag, element.Offset);
        if (isSwapped && (line.Length & 1) != 0)
            throw new RefusedException(Refusal.PixelForm);
        writer.Header(element.Tag, element.Vr, element.Length);
        for (var frame = 0L; frame < layout.Frames; frame++)
            for (var index = 0L; index < layout.LinesPerFrame; index++)
            {
                reader.Read(line);
                var (plane, y) = ((int)(index / layout.Rows), (int)(index % layout.Rows));
                foreach (var region in regions)
                    if (y >= region.Y && y < region.Y + region.Height)
                        Erase(line, region, plane, isSwapped);
                writer.Bytes(line);
            }
        Span<byte> rest = stackalloc byte[1024];
        while (reader.Read(rest) is > 0 and var count)
        {
            rest[..count].Clear();
            writer.Bytes(rest[..count]);
        }
    }

    private void Erase(Span<byte> line, PixelRegion region, int plane, bool isSwapped)
    {
        var perPixel = layout.Planar == 1 ? 1 : layout.Samples;
        for (var i = region.X * perPixel; i < (region.X + region.Width) * perPixel; i++)
        {
            var black = layout.BlackOf(layout.Planar == 1 ? plane : i % perPixel);
            var at = i * layout.SampleBytes;
            switch (layout.SampleBytes)
            {
                case 1:
                    line[isSwapped ? at ^ 1 : at] = (byte)(black & 0xFF);
                    break;
                case 2 when isBig:
                    BinaryPrimitives.WriteUInt16BigEndian(line[at..], (ushort)(black & 0xFFFF));
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt16LittleEndian(line[at..], (ushort)(black & 0xFFFF));
                    break;
                case 4 when isBig:
                    BinaryPrimitives.WriteUInt32BigEndian(line[at..], black);
                    break;
                default:
                    BinaryPrimitives.WriteUInt32LittleEndian(line[at..], black);
                    break;
            }
        }
    }
}
