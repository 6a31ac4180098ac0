using System.Buffers.Binary;
using System.Text;

namespace Salus.Health.Deidentification.Images;

/// <summary>WebP (RFC 9649): pictures, transparency and animation stay; Exif but for the way up, XMP, colour profiles and unknown chunks go.</summary>
internal static class WebPCleaner
{
    private const byte HasProfile = 0x20, HasExif = 0x08, HasXmp = 0x04;
    private const int FrameHeader = 16, MaxExif = 64 * 1024;

    public static void Run(ImageSource source, Stream output, ChangeReport report)
    {
        // The size of all stands first: what stays is counted before it is written.
        var counter = new CountingStream();
        var orientation = Copy(source, counter, report, null);
        if (orientation is not null)
            counter.Count += 8 + Orientation.Exif(1).Length;
        source.Rewind();
        output.Write("RIFF"u8);
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, checked((uint)(counter.Count + 4)));
        output.Write(size);
        output.Write("WEBP"u8);
        Copy(source, output, null, orientation);
        if (orientation is { } way)
            Write(output, "EXIF", Orientation.Exif(way));
    }

    private static int? Copy(ImageSource source, Stream output, ChangeReport? report, int? orientation)
    {
        var head = new byte[12];
        source.Fill(head);
        if (!head.AsSpan().StartsWith("RIFF"u8) || !head.AsSpan(8).SequenceEqual("WEBP"u8))
            throw new ImageFormatException(ImageFault.NotAnImage, 0);
        long left = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) - 4L;
        int? found = null;
        var hasPicture = false;
        while (left > 0)
        {
            var (type, length) = Header(source, ref left);
            hasPicture |= type is "VP8 " or "VP8L" or "ANMF";
            switch (type)
            {
                case "VP8X" when length == 10:
                    var features = source.Take(length, 10);
                    features[0] = (byte)(features[0] & ~(HasProfile | HasExif | HasXmp) | (orientation is null ? 0 : HasExif));
                    Write(output, type, features);
                    break;
                case "VP8 " or "VP8L" or "ALPH" or "ANIM":
                    CopyChunk(source, output, type, length);
                    break;
                case "ANMF" when length >= FrameHeader:
                    Write(output, type, Frame(source, length));
                    source.Skip(length & 1);
                    break;
                case "EXIF":
                    var exif = source.Take(length, MaxExif).AsSpan();
                    source.Skip(length & 1);
                    found ??= Orientation.Of(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif);
                    report?.Add("remove", "WebP Exif");
                    break;
                default:
                    source.Skip(length + (length & 1));
                    report?.Add("remove", type switch { "XMP " => "WebP XMP", "ICCP" => "WebP colour profile", _ => "WebP other chunk" });
                    break;
            }
        }
        if (!hasPicture)
            throw new ImageFormatException(ImageFault.Damaged, source.Position);
        if (source.TryByte() is not null)
            report?.Add("remove", "WebP bytes behind the end");
        return found;
    }

    private static (string Type, long Length) Header(ImageSource source, ref long left)
    {
        source.NextPart();
        var (head, at) = (new byte[8], source.Position);
        source.Fill(head);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        left -= 8 + length + (length & 1);
        // The last chunk of some files lacks its padding in the count.
        return left >= -1 ? (Encoding.ASCII.GetString(head, 0, 4), length) : throw new ImageFormatException(ImageFault.Damaged, at);
    }

    /// <summary>A frame of an animation holds chunks of its own, of which the picture stays.</summary>
    private static byte[] Frame(ImageSource source, long length)
    {
        using var frame = new MemoryStream();
        source.Copy(FrameHeader, frame);
        var left = length - FrameHeader;
        while (left > 0)
        {
            var (type, size) = Header(source, ref left);
            if (type is "VP8 " or "VP8L" or "ALPH")
                CopyChunk(source, frame, type, size);
            else
                source.Skip(size + (size & 1));
        }
        return frame.ToArray();
    }

    private static void CopyChunk(ImageSource source, Stream output, string type, long length)
    {
        WriteHeader(output, type, length);
        source.Copy(length, output);
        Pad(output, length);
        source.Skip(length & 1);
    }

    private static void Write(Stream output, string type, ReadOnlySpan<byte> data)
    {
        WriteHeader(output, type, data.Length);
        output.Write(data);
        Pad(output, data.Length);
    }

    private static void WriteHeader(Stream output, string type, long length)
    {
        Span<byte> head = stackalloc byte[8];
        Encoding.ASCII.GetBytes(type, head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)length);
        output.Write(head);
    }

    private static void Pad(Stream output, long length)
    {
        if ((length & 1) != 0)
            output.WriteByte(0);
    }

    private sealed class CountingStream : Stream
    {
        public long Count { get; set; }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Count;
        public override long Position { get => Count; set => throw new NotSupportedException(); }
        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
        public override void Write(byte[] buffer, int offset, int count) => Count += count;
        public override void WriteByte(byte value) => Count++;
        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
