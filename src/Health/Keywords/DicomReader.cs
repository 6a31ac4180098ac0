using System.Buffers.Binary;
using System.Collections.Frozen;
using System.IO.Compression;
using System.Text;

namespace Salus.Health.Keywords;

/// <summary>
/// Reads the data elements of a DICOM file (PS3.10) one after the other: explicit and implicit representation, both byte orders, deflated data sets,
/// files without preamble. Items of sequences are passed through as if their elements stood in the data set itself, so nothing nests and nothing is
/// held; values are skipped unless asked for. Sizes are bounded whatever the headers say.
/// </summary>
internal sealed class DicomReader : IDisposable
{
    private const int Preamble = 128;
    private const int MaxElements = 1_000_000;

    /// <summary>Bytes that a deflated data set is followed to: what is looked for stands before the pixels.</summary>
    private const long MaxInflated = 64L * 1024 * 1024;

    private const string Deflated = "1.2.840.10008.1.2.1.99", BigEndian = "1.2.840.10008.1.2.2";
    private const uint TransferSyntax = 0x0002_0010;

    private static readonly string[] LongRepresentations = ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UR", "UT", "UN", "SV", "UV"];

    /// <summary>Sequences of codes, procedure steps and report content, which implicit representation does not mark.</summary>
    private static readonly FrozenSet<uint> KnownSequences = FrozenSet.ToFrozenSet<uint>(
    [
        0x0008_1032, 0x0008_1084, 0x0008_2218, 0x0018_0012, 0x0032_1064, 0x0040_0100, 0x0040_0260, 0x0040_0275, 0x0040_1012, 0x0040_A043, 0x0040_A168, 0x0040_A730,
    ]);

    private readonly Stream file;
    private Stream stream;
    private bool isExplicit = true, isBig, isInMeta;
    private string syntax = "";
    private long left;
    private int elements, headerLength;
    private readonly byte[] scratch = new byte[4096];

    public DicomReader(Stream file)
    {
        (this.file, stream) = (file, file);
        left = file.Length - file.Position;
        Start();
    }

    /// <summary>The file stays open.</summary>
    public void Dispose()
    {
        if (stream != file)
            stream.Dispose();
    }

    /// <summary>The next element, whose value is to be read or skipped, or, of a sequence, left to be gone through; false at the end, or where the file stops making sense.</summary>
    public bool TryNext(out DicomElement element)
    {
        while (TryHeader(out element))
        {
            if (isInMeta && element.Group != 0x0002)
            {
                // The data set begins with this element, whose header is in the data set's own representation.
                EnterDataSet();
                continue;
            }
            if (element.Tag is DicomElement.Item or DicomElement.ItemEnd or DicomElement.SequenceEnd)
            {
                continue;
            }
            if (isInMeta && element.Tag == TransferSyntax)
            {
                if (!TryValue(element, 128, out var value))
                    return false;
                syntax = Encoding.ASCII.GetString(value).Trim('\0', ' ');
                continue;
            }
            return true;
        }
        return false;
    }

    /// <summary>Reads the value of an element; false when the file ends in it, or it has no length or more than <paramref name="most"/>.</summary>
    public bool TryValue(DicomElement element, int most, out byte[] value)
    {
        value = [];
        if (!element.HasLength || element.Length > most || element.Length > left)
            return false;
        value = new byte[element.Length];
        return TryRead(value);
    }

    /// <summary>Skips the value of an element, items and all.</summary>
    public bool TrySkip(DicomElement element)
    {
        if (element.HasLength)
            return TrySkip(element.Length);
        var wasExplicit = isExplicit;
        isExplicit &= !element.IsUnknown;
        // Everything of undefined length that is opened is closed by a delimiter of its own.
        for (var open = 1; open > 0;)
        {
            if (!TryHeader(out var inner))
                return false;
            if (inner.Tag is DicomElement.ItemEnd or DicomElement.SequenceEnd)
                open--;
            else if (!inner.HasLength)
                open++;
            else if (!TrySkip(inner.Length))
                return false;
        }
        isExplicit = wasExplicit;
        return true;
    }

    private void Start()
    {
        var head = new byte[Preamble + 8];
        var start = stream.Position;
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = start;
        if (read == head.Length && head.AsSpan(Preamble).StartsWith("DICM"u8))
        {
            TrySkip(Preamble + 4);
            isInMeta = true;
        }
        else if (read >= 8)
        {
            // Without preamble: the representation shows in the first element.
            isBig = BinaryPrimitives.ReadUInt16LittleEndian(head) is 0x0200 or 0x0800;
            isExplicit = IsRepresentation(head.AsSpan(4, 2));
            isInMeta = isExplicit && !isBig && BinaryPrimitives.ReadUInt16LittleEndian(head) == 0x0002;
        }
    }

    private void EnterDataSet()
    {
        isInMeta = false;
        stream.Position -= headerLength;
        left += headerLength;
        isBig = syntax == BigEndian;
        if (syntax == Deflated)
        {
            stream = new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true);
            left = MaxInflated;
            return;
        }
        // Some files are not written as they say; the first element shows it.
        Span<byte> first = stackalloc byte[8];
        var (start, rest) = (stream.Position, left);
        isExplicit = TryRead(first) && IsRepresentation(first[4..6]);
        (stream.Position, left) = (start, rest);
    }

    private bool TryHeader(out DicomElement element)
    {
        element = default;
        Span<byte> header = stackalloc byte[12];
        headerLength = 8;
        if (++elements > MaxElements || !TryRead(header[..8]))
            return false;
        var tag = (uint)U16(header) << 16 | U16(header[2..]);
        // The first element behind the header of the file is read again as the data set is written.
        if (tag >> 16 == 0xFFFE || !isExplicit || (isInMeta && tag >> 16 != 0x0002))
        {
            var length = U32(header[4..]);
            element = new(tag, length, IsSequence: tag >> 16 != 0xFFFE && (length == DicomElement.Undefined || KnownSequences.Contains(tag)));
            return true;
        }
        if (!IsRepresentation(header[4..6]))
            return false;
        var representation = Encoding.ASCII.GetString(header[4..6]);
        if (!LongRepresentations.Contains(representation))
        {
            element = new(tag, U16(header[6..]), IsSequence: false);
            return true;
        }
        headerLength = 12;
        if (!TryRead(header[8..]))
            return false;
        element = new(tag, U32(header[8..]), representation == "SQ", representation == "UN");
        return true;
    }

    private static bool IsRepresentation(ReadOnlySpan<byte> two) => char.IsAsciiLetterUpper((char)two[0]) && char.IsAsciiLetterUpper((char)two[1]);

    private ushort U16(ReadOnlySpan<byte> bytes) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint U32(ReadOnlySpan<byte> bytes) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private bool TryRead(Span<byte> into)
    {
        if (into.Length > left)
            return false;
        left -= into.Length;
        try
        {
            return stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private bool TrySkip(uint length)
    {
        if (length > left)
            return false;
        if (stream.CanSeek)
        {
            left -= length;
            stream.Position += length;
            return true;
        }
        for (long rest = length; rest > 0;)
        {
            var n = (int)Math.Min(rest, scratch.Length);
            if (!TryRead(scratch.AsSpan(0, n)))
                return false;
            rest -= n;
        }
        return true;
    }
}
