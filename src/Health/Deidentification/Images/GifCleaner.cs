using System.Buffers.Binary;

namespace Salus.Health.Deidentification.Images;

/// <summary>GIF (87a and 89a): pictures, their colours and timing, and how often an animation runs stay; comments, plain texts and applications' blocks go.</summary>
internal static class GifCleaner
{
    private const byte Extension = 0x21, Picture = 0x2C, Trailer = 0x3B, Control = 0xF9, Application = 0xFF, Comment = 0xFE;

    public static void Run(ImageSource source, Stream output, ChangeReport report)
    {
        var head = new byte[13];
        source.Fill(head);
        if (!head.AsSpan().StartsWith("GIF87a"u8) && !head.AsSpan().StartsWith("GIF89a"u8))
            throw new ImageFormatException(ImageFault.NotAnImage, 0);
        output.Write(head);
        CopyColours(source, output, head[10]);
        var hasPicture = false;
        while (true)
        {
            source.NextPart();
            var at = source.Position;
            switch (source.Byte())
            {
                case Trailer when hasPicture:
                    output.WriteByte(Trailer);
                    if (source.TryByte() is not null)
                        report.Add("remove", "GIF bytes behind the end");
                    return;
                case Picture:
                    hasPicture = true;
                    var descriptor = new byte[9];
                    source.Fill(descriptor);
                    output.WriteByte(Picture);
                    output.Write(descriptor);
                    CopyColours(source, output, descriptor[8]);
                    output.WriteByte(source.Byte());
                    while (source.Byte() is > 0 and var count)
                    {
                        source.NextPart();
                        output.WriteByte(count);
                        source.Copy(count, output);
                    }
                    output.WriteByte(0);
                    break;
                case Extension:
                    Extend(source, output, report);
                    break;
                default:
                    throw new ImageFormatException(ImageFault.Damaged, at);
            }
        }
    }

    private static void CopyColours(ImageSource source, Stream output, byte flags)
    {
        if ((flags & 0x80) != 0)
            source.Copy(3L << (flags & 7) + 1, output);
    }

    private static void Extend(ImageSource source, Stream output, ChangeReport report)
    {
        var (label, at) = (source.Byte(), source.Position);
        var size = source.Byte();
        var first = source.Take(size, size);
        if (label == Control)
        {
            if (size != 4 || source.Byte() != 0)
                throw new ImageFormatException(ImageFault.Damaged, at);
            output.Write([Extension, Control, 4, .. first, 0]);
            return;
        }
        var isLoop = label == Application && (first.AsSpan().SequenceEqual("NETSCAPE2.0"u8) || first.AsSpan().SequenceEqual("ANIMEXTS1.0"u8));
        var wasWritten = false;
        while (size > 0 && source.Byte() is > 0 and var count)
        {
            source.NextPart();
            var block = source.Take(count, count);
            if (!isLoop || wasWritten || block is not [1, _, _])
                continue;
            output.Write([Extension, Application, 11, .. first, 3, .. block, 0]);
            wasWritten = true;
        }
        if (!wasWritten)
            report.Add("remove", label switch { Comment => "GIF comment", 0x01 => "GIF plain text", Application => "GIF application block", _ => "GIF other block" });
    }
}
