using System.Buffers.Binary;
using System.Text.Unicode;

namespace Salus.Health;

/// <summary>Tells what a file is by its first bytes; its name only decides where the bytes leave it open.</summary>
public static class MediaTypes
{
    public const string FhirJson = "application/fhir+json", FhirNdjson = "application/fhir+ndjson", FhirXml = "application/fhir+xml",
        Dicom = "application/dicom", Cda = "application/hl7-cda+xml", Hl7V2 = "application/hl7-v2", Pdf = "application/pdf",
        Png = "image/png", Jpeg = "image/jpeg", Gif = "image/gif", Tiff = "image/tiff", WebP = "image/webp", Mp4 = "video/mp4",
        Json = "application/json", Ndjson = "application/x-ndjson", Xml = "application/xml", Csv = "text/csv", Text = "text/plain",
        Unknown = "application/octet-stream";

    /// <summary>Give at least this many bytes when the file has them: some kinds show themselves late.</summary>
    public const int HeadSize = 4096;

    /// <summary>The media type of a file by its first bytes (<see cref="HeadSize"/> or all) and its name (which may be empty).</summary>
    public static string Detect(ReadOnlySpan<byte> head, string fileName)
    {
        var extension = Path.GetExtension(fileName).ToLowerInvariant();
        return OfSignature(head) ?? OfText(head, extension) ?? (IsDicomWithoutHeader(head) || extension is ".dcm" or ".dicom" ? Dicom : Unknown);
    }

    /// <summary>A media type as a resource states it: printable ASCII of at most 128 characters, else null.</summary>
    internal static string? Clean(ReadOnlySpan<byte> stated) =>
        stated.Length is > 2 and <= 128 && stated.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0 && stated.Contains((byte)'/')
            ? System.Text.Encoding.ASCII.GetString(stated) : null;

    private static string? OfSignature(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 132 && head[128..].StartsWith("DICM"u8))
            return Dicom;
        if (head.StartsWith("%PDF-"u8))
            return Pdf;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return Png;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return Jpeg;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return Gif;
        // Classic TIFF (42) and BigTIFF (43), in both byte orders.
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8))
            return Tiff;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8))
            return WebP;
        return head.Length >= 12 && head[4..].StartsWith("ftyp"u8) ? Mp4 : null;
    }

    private static string? OfText(ReadOnlySpan<byte> head, string extension)
    {
        if (!IsText(head))
            return null;
        var text = head.StartsWith("\uFEFF"u8) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        // A batch of HL7 v2 has FHS and BHS before the first message; MLLP frames it with 0x0B, which IsText lets through at the start.
        if (text.StartsWith("MSH|"u8) || text.StartsWith("FHS|"u8) || text.StartsWith("BHS|"u8) || text.StartsWith("\vMSH|"u8))
            return Hl7V2;
        if (text.StartsWith("{"u8) || text.StartsWith("["u8))
            return OfJson(text, extension);
        if (text.StartsWith("<"u8))
            return text.IndexOf("ClinicalDocument"u8) >= 0 ? Cda : text.IndexOf("http://hl7.org/fhir"u8) >= 0 ? FhirXml : Xml;
        if (head.IsEmpty)
            return Unknown;
        return extension == ".csv" ? Csv : Text;
    }

    private static string OfJson(ReadOnlySpan<byte> text, string extension)
    {
        var isFhir = text.IndexOf("\"resourceType\""u8) >= 0;
        // A second object on a line of its own, or a name that says so: a first line may be longer than the head.
        var isLines = text[0] == '{' && (extension == ".ndjson" || text.IndexOf("}\n{"u8) >= 0 || text.IndexOf("}\r\n{"u8) >= 0);
        return (isFhir, isLines) switch
        {
            (true, true) => FhirNdjson,
            (true, false) => FhirJson,
            (false, true) => Ndjson,
            _ => Json,
        };
    }

    /// <summary>UTF-8 (a character may be cut at the end of the head) or Latin-1 HL7, without control characters that no text has.</summary>
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var b in head)
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'\v' or 0x1C or 0x1B))
                return false;
        for (var cut = 0; cut < 4 && cut <= head.Length; cut++)
            if (Utf8.IsValid(head[..^cut]))
                return true;
        return head.StartsWith("MSH|"u8);
    }

    /// <summary>
    /// DICOM without preamble (old files, PS3.10 section 7): begins with a data element of group 2 or 8, in implicit or explicit representation and
    /// either byte order, whose length fits.
    /// </summary>
    private static bool IsDicomWithoutHeader(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16)
            return false;
        var group = BinaryPrimitives.ReadUInt16LittleEndian(head);
        var isBig = group is 0x0200 or 0x0800;
        if (isBig)
            group = BinaryPrimitives.ReadUInt16BigEndian(head);
        var element = isBig ? BinaryPrimitives.ReadUInt16BigEndian(head[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        if (group is not (0x0002 or 0x0008) || element > 0x0100)
            return false;
        if (head[4] is >= (byte)'A' and <= (byte)'Z' && head[5] is >= (byte)'A' and <= (byte)'Z')
            return true;
        var length = isBig ? BinaryPrimitives.ReadUInt32BigEndian(head[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        return length is > 0 and <= 1024;
    }
}
