using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Salus.Health.Dicom;

/// <summary>
/// Reads a DICOM file (PS3.10) part after part: explicit and implicit representation, both byte orders, deflated data sets, files without preamble.
/// Nothing is held but the frames of what is open; no length that a file claims is believed beyond what holds it. A value is read, copied or passed over
/// before the next part. Damage is a <see cref="DicomFormatException"/>.
/// </summary>
internal sealed class DicomReader : IDisposable
{
    /// <summary>Bytes that a deflated data set may inflate to.</summary>
    public const long MaxInflated = 1L << 30;

    private const int Preamble = 128, MaxDepth = 64, MaxElements = 16_000_000;
    private const uint MediaClass = 0x0002_0002, TransferSyntax = 0x0002_0010;

    private readonly record struct Frame(DicomPart Part, uint Tag, long End, bool WasExplicit, bool WasBig);

    private readonly Stream file;
    private readonly long start;
    private readonly List<Frame> open = [];
    private readonly byte[] scratch = new byte[16 * 1024];
    private Stream stream;
    private long position, end, valueLeft;
    private bool isExplicit = true, isBig, isInMeta;
    private int elements;
    private DicomElement current;

    /// <param name="file">Seekable, at its beginning; it stays open.</param>
    public DicomReader(Stream file)
    {
        (this.file, stream, start, end) = (file, file, file.Position, file.Length - file.Position);
        Start();
    }

    /// <summary>The transfer syntax that the header states; null without a header, or before the data set.</summary>
    public string? Stated { get; private set; }

    /// <summary>The class that the header states.</summary>
    public string? StatedClass { get; private set; }

    public bool HasPreamble { get; private set; }

    /// <summary>How the data set is written, which some files state wrongly.</summary>
    public DicomForm Form { get; private set; }

    public int Depth => open.Count;

    public void Dispose()
    {
        if (stream != file)
            stream.Dispose();
    }

    /// <summary>The next part of the data set; false at its end. What is left of a value is passed over.</summary>
    public bool TryNext(out DicomElement element)
    {
        Span<byte> header = stackalloc byte[12];
        while (true)
        {
            Pass(valueLeft);
            if (TryEnd(out element))
                return true;
            var at = position;
            if (!TryFill(header[..8], isAllOrNothing: open.Count == 0))
                return false;
            if (++elements > MaxElements)
                throw new DicomFormatException(DicomFault.TooManyElements, 0, at);
            var tag = (uint)U16(header) << 16 | U16(header[2..]);
            if (isInMeta && tag >> 16 != 0x0002)
            {
                // The data set begins with this element, whose header is in the data set's own representation.
                EnterDataSet(at);
                continue;
            }
            element = current = tag >> 16 == 0xFFFE ? Delimiter(tag, U32(header[4..]), at) : Element(tag, header, at);
            if (!isInMeta)
                return true;
            if (element.Part != DicomPart.Value)
                throw new DicomFormatException(DicomFault.Misplaced, tag, at);
            if (tag == MediaClass)
                StatedClass = Encoding.ASCII.GetString(Value(128)).Trim('\0', ' ');
            if (tag == TransferSyntax)
                Stated = Encoding.ASCII.GetString(Value(128)).Trim('\0', ' ');
        }
    }

    /// <summary>The value of the element that the reader is at.</summary>
    /// <exception cref="DicomFormatException">It has more than <paramref name="most"/> bytes, or the file ends in it.</exception>
    public byte[] Value(int most)
    {
        if (valueLeft > most)
            throw new DicomFormatException(DicomFault.InvalidLength, current.Tag, current.Offset);
        if (stream == file)
        {
            var value = new byte[valueLeft];
            Read(value);
            return value;
        }
        // How much a deflated data set has left shows only by reading.
        using var inflated = new MemoryStream();
        while (valueLeft > 0)
            inflated.Write(scratch, 0, Read(scratch));
        return inflated.ToArray();
    }

    /// <summary>Reads the next bytes of the value, as many as fit and there are.</summary>
    public int Read(Span<byte> into)
    {
        var count = (int)Math.Min(into.Length, valueLeft);
        Fill(into[..count]);
        valueLeft -= count;
        return count;
    }

    /// <summary>Passes over the element that the reader is at, items and all.</summary>
    public void Skip()
    {
        Pass(valueLeft);
        if (current.Part is not (DicomPart.Sequence or DicomPart.Fragments or DicomPart.Item))
            return;
        if (open[^1].End is >= 0 and var close)
        {
            Pass(close - position);
            TryEnd(out _);
            return;
        }
        for (var depth = open.Count; open.Count >= depth;)
            if (!TryNext(out _))
                throw new DicomFormatException(DicomFault.Truncated, current.Tag, position);
    }

    private void Start()
    {
        var head = new byte[Preamble + 4];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = start;
        HasPreamble = read == head.Length && head.AsSpan(Preamble).SequenceEqual("DICM"u8);
        if (HasPreamble)
        {
            Pass(Preamble + 4);
            isInMeta = true;
        }
        else if (read < 8)
        {
            throw new DicomFormatException(DicomFault.NotDicom, 0, 0);
        }
        else
        {
            // Without preamble: the representation shows in the first element.
            isBig = BinaryPrimitives.ReadUInt16LittleEndian(head) is 0x0200 or 0x0800;
            isExplicit = IsRepresentation(head.AsSpan(4, 2));
            isInMeta = isExplicit && !isBig && BinaryPrimitives.ReadUInt16LittleEndian(head) == 0x0002;
            Form = new(isExplicit, isBig, IsDeflated: false);
            if (!isExplicit && !isBig && BinaryPrimitives.ReadUInt16LittleEndian(head) is not (0x0002 or 0x0008))
                throw new DicomFormatException(DicomFault.NotDicom, 0, 0);
        }
    }

    private void EnterDataSet(long at)
    {
        isInMeta = false;
        (position, stream.Position) = (at, start + at);
        isBig = Stated == DicomForm.BigEndianUid;
        if (Stated == DicomForm.DeflatedUid)
        {
            stream = new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true);
            (position, end) = (0, MaxInflated);
            Form = new(IsExplicit: true, IsBigEndian: false, IsDeflated: true);
            return;
        }
        // Some files are not written as they say; the first element shows it.
        Span<byte> first = stackalloc byte[8];
        isExplicit = end - at >= 8 && TryFill(first, isAllOrNothing: true) && IsRepresentation(first[4..6]);
        (position, stream.Position) = (at, start + at);
        Form = new(isExplicit, isBig, IsDeflated: false);
    }

    private DicomElement Element(uint tag, Span<byte> header, long at)
    {
        if (open.Count > 0 && open[^1].Part != DicomPart.Item)
            throw new DicomFormatException(DicomFault.Misplaced, tag, at);
        var vr = DicomDictionary.VrOf(tag);
        uint length;
        if (!isExplicit)
        {
            length = U32(header[4..]);
            if (length == DicomElement.Undefined && vr == Vr.None)
                vr = Vr.SQ;
        }
        else
        {
            if (!IsRepresentation(header[4..6]))
                throw new DicomFormatException(DicomFault.InvalidRepresentation, tag, at);
            vr = (Vr)(header[4] << 8 | header[5]);
            length = U16(header[6..]);
            if (!vr.HasShortLength())
            {
                Fill(header[8..]);
                length = U32(header[8..]);
            }
        }
        if (length != DicomElement.Undefined && length > Limit - position)
            throw new DicomFormatException(open.Exists(static frame => frame.End >= 0) ? DicomFault.InvalidLength : DicomFault.Truncated, tag, at);
        // An unknown representation of undefined length holds items in implicit representation (PS3.5 section 6.2.2).
        if (vr == Vr.SQ || (vr == Vr.UN && length == DicomElement.Undefined))
        {
            Push(DicomPart.Sequence, tag, length, at);
            if (vr == Vr.UN)
                (isExplicit, isBig) = (false, false);
            return new(DicomPart.Sequence, tag, vr, length, at);
        }
        if (length == DicomElement.Undefined)
        {
            if (vr is not (Vr.OB or Vr.OW))
                throw new DicomFormatException(DicomFault.InvalidLength, tag, at);
            Push(DicomPart.Fragments, tag, length, at);
            return new(DicomPart.Fragments, tag, vr, length, at);
        }
        valueLeft = length;
        return new(DicomPart.Value, tag, vr, length, at);
    }

    private DicomElement Delimiter(uint tag, uint length, long at)
    {
        var top = open.Count > 0 ? open[^1] : default;
        switch (tag)
        {
            case DicomElement.ItemTag when top.Part is DicomPart.Sequence or DicomPart.Fragments:
                if (length != DicomElement.Undefined && length > Limit - position)
                    throw new DicomFormatException(top.End >= 0 ? DicomFault.InvalidLength : DicomFault.Truncated, tag, at);
                if (top.Part == DicomPart.Sequence)
                {
                    Push(DicomPart.Item, tag, length, at);
                    return new(DicomPart.Item, tag, Vr.None, length, at);
                }
                if (length == DicomElement.Undefined)
                    throw new DicomFormatException(DicomFault.InvalidLength, tag, at);
                valueLeft = length;
                return new(DicomPart.Fragment, tag, Vr.None, length, at);
            case DicomElement.ItemEndTag when top.Part == DicomPart.Item && top.End < 0:
                return Pop(DicomPart.ItemEnd, at);
            case DicomElement.SequenceEndTag when top.Part is DicomPart.Sequence or DicomPart.Fragments && top.End < 0:
                return Pop(DicomPart.SequenceEnd, at);
            default:
                throw new DicomFormatException(DicomFault.Misplaced, tag, at);
        }
    }

    /// <summary>What ends by its length, ends here.</summary>
    private bool TryEnd(out DicomElement element)
    {
        element = default;
        if (open.Count == 0 || open[^1].End != position)
            return false;
        element = current = Pop(open[^1].Part == DicomPart.Item ? DicomPart.ItemEnd : DicomPart.SequenceEnd, position);
        return true;
    }

    private void Push(DicomPart part, uint tag, uint length, long at)
    {
        if (open.Count == MaxDepth)
            throw new DicomFormatException(DicomFault.TooDeep, tag, at);
        open.Add(new(part, tag, length == DicomElement.Undefined ? -1 : position + length, isExplicit, isBig));
    }

    private DicomElement Pop(DicomPart part, long at)
    {
        var frame = open[^1];
        open.RemoveAt(open.Count - 1);
        (isExplicit, isBig) = (frame.WasExplicit, frame.WasBig);
        return new(part, frame.Tag, Vr.None, 0, at);
    }

    /// <summary>Where the innermost that has a length ends, else the file.</summary>
    private long Limit
    {
        get
        {
            for (var i = open.Count - 1; i >= 0; i--)
                if (open[i].End >= 0)
                    return open[i].End;
            return end;
        }
    }

    internal static bool IsRepresentation(ReadOnlySpan<byte> two) => char.IsAsciiLetterUpper((char)two[0]) && char.IsAsciiLetterUpper((char)two[1]);

    private ushort U16(ReadOnlySpan<byte> bytes) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint U32(ReadOnlySpan<byte> bytes) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private void Fill(Span<byte> into) => TryFill(into, isAllOrNothing: false);

    /// <summary>False only when all or nothing is asked for, and the file ended before the first byte.</summary>
    private bool TryFill(Span<byte> into, bool isAllOrNothing)
    {
        if (into.Length > Limit - position && (Limit != end || position < end || !isAllOrNothing))
            throw new DicomFormatException(stream != file && Limit == end ? DicomFault.TooLarge : Limit != end ? DicomFault.InvalidLength : DicomFault.Truncated, current.Tag, position);
        int read;
        try
        {
            read = stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw new DicomFormatException(DicomFault.Deflate, current.Tag, position);
        }
        position += read;
        if (read == into.Length)
            return true;
        return read == 0 && isAllOrNothing ? false : throw new DicomFormatException(DicomFault.Truncated, current.Tag, position);
    }

    private void Pass(long count)
    {
        valueLeft = 0;
        if (stream == file)
        {
            position += count;
            stream.Position = start + position;
            return;
        }
        while (count > 0)
        {
            var part = (int)Math.Min(count, scratch.Length);
            Fill(scratch.AsSpan(0, part));
            count -= part;
        }
    }
}
