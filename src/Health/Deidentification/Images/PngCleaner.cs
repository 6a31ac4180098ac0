using System.Buffers.Binary;
using System.Text;

namespace Salus.Health.Deidentification.Images;

/// <summary>PNG (W3C, third edition): what is shown stays, of each chunk that it needs or that says which colours it has; all others go. Animations too.</summary>
internal static class PngCleaner
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] Table = MakeTable();

    /// <summary>Bytes of Exif that are looked through for the way up.</summary>
    private const int MaxExif = 64 * 1024;

    public static void Run(ImageSource source, Stream output, ChangeReport report)
    {
        var head = new byte[8];
        source.Fill(head);
        if (!head.AsSpan().SequenceEqual(Signature))
            throw new ImageFormatException(ImageFault.NotAnImage, 0);
        output.Write(head);
        var (isFirst, hasData, isTurned) = (true, false, false);
        while (true)
        {
            source.NextPart();
            var at = source.Position;
            source.Fill(head);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.ASCII.GetString(head, 4, 4);
            if (length > int.MaxValue || isFirst != (type == "IHDR"))
                throw new ImageFormatException(ImageFault.Damaged, at);
            isFirst = false;
            hasData |= type == "IDAT";
            if (IsKept(type, length))
            {
                Copy(source, output, head, length, at);
                if (type != "IEND")
                    continue;
                break;
            }
            // A chunk that begins with a capital letter is one that no reader may do without.
            if (char.IsAsciiLetterUpper(type[0]))
                throw new ImageFormatException(ImageFault.UnknownPart, at);
            var exif = source.Take(length, type == "eXIf" ? MaxExif : 0);
            source.Skip(4);
            report.Add("remove", NameOf(type));
            if (type != "eXIf" || isTurned || Orientation.Of(exif) is not { } orientation)
                continue;
            isTurned = true;
            Write(output, "eXIf"u8, Orientation.Exif(orientation));
        }
        if (!hasData)
            throw new ImageFormatException(ImageFault.Damaged, source.Position);
        if (source.TryByte() is not null)
            report.Add("remove", "PNG bytes behind the end");
    }

    /// <summary>Chunks that the picture consists of, and those of its colours, size and frames, each as long as it is.</summary>
    private static bool IsKept(string type, uint length) => type switch
    {
        "IHDR" => length == 13,
        "IDAT" or "fdAT" => true,
        "PLTE" => length <= 768,
        "IEND" => length == 0,
        "tRNS" => length <= 256,
        "gAMA" or "cICP" => length == 4,
        "cHRM" => length == 32,
        "sRGB" => length == 1,
        "sBIT" => length <= 4,
        "bKGD" => length <= 6,
        "pHYs" => length == 9,
        "acTL" => length == 8,
        "fcTL" => length == 26,
        _ => false,
    };

    private static string NameOf(string type) => type is "tEXt" or "zTXt" or "iTXt" or "eXIf" or "tIME" or "iCCP" or "sPLT" or "hIST" or "dSIG" or "caBX" ? "PNG " + type : "PNG other chunk";

    private static void Copy(ImageSource source, Stream output, byte[] head, uint length, long at)
    {
        output.Write(head);
        var check = Update(uint.MaxValue, head.AsSpan(4));
        for (long left = length; left > 0;)
        {
            var part = source.Next(left);
            check = Update(check, part);
            output.Write(part);
            left -= part.Length;
        }
        var stated = new byte[4];
        source.Fill(stated);
        if (BinaryPrimitives.ReadUInt32BigEndian(stated) != ~check)
            throw new ImageFormatException(ImageFault.Damaged, at);
        output.Write(stated);
    }

    private static void Write(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Update(Update(uint.MaxValue, type), data));
        output.Write(number);
    }

    /// <summary>CRC-32 as PNG has it (annex D).</summary>
    private static uint Update(uint check, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            check = Table[(check ^ b) & 0xFF] ^ check >> 8;
        return check;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ value >> 1 : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
