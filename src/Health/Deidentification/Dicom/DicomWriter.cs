using System.Buffers.Binary;
using System.Text;
using Salus.Health.Dicom;

namespace Salus.Health.Deidentification.Dicom;

/// <summary>
/// Writes a data set. Sequences and items get undefined lengths and delimiters, which every transfer syntax allows: so nothing is held to count it, and
/// no length is wrong.
/// </summary>
internal sealed class DicomWriter(Stream stream, bool isExplicit, bool isBig)
{
    private readonly byte[] header = new byte[12];

    public void Header(uint tag, Vr vr, uint length)
    {
        Tag(tag);
        var size = 8;
        if (!isExplicit || vr == Vr.None)
        {
            U32(header.AsSpan(4), length);
        }
        else
        {
            (header[4], header[5]) = ((byte)((int)vr >> 8), (byte)((int)vr & 0xFF));
            if (vr.HasShortLength())
            {
                U16(header.AsSpan(6), checked((ushort)length));
            }
            else
            {
                (header[6], header[7]) = (0, 0);
                U32(header.AsSpan(8), length);
                size = 12;
            }
        }
        stream.Write(header, 0, size);
    }

    /// <summary>An element with its value, padded to an even length.</summary>
    public void Value(uint tag, Vr vr, ReadOnlySpan<byte> value)
    {
        var isOdd = (value.Length & 1) != 0;
        Header(tag, vr, (uint)value.Length + (isOdd ? 1u : 0));
        stream.Write(value);
        if (isOdd)
            stream.WriteByte(vr is Vr.UI or Vr.OB or Vr.OW or Vr.UN ? (byte)0 : (byte)' ');
    }

    public void Text(uint tag, Vr vr, string value) => Value(tag, vr, Encoding.ASCII.GetBytes(value));

    public void StartSequence(uint tag) => Header(tag, Vr.SQ, DicomElement.Undefined);

    public void StartItem() => Header(DicomElement.ItemTag, Vr.None, DicomElement.Undefined);

    public void EndItem() => Header(DicomElement.ItemEndTag, Vr.None, 0);

    public void EndSequence() => Header(DicomElement.SequenceEndTag, Vr.None, 0);

    public void Bytes(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    private void Tag(uint tag)
    {
        U16(header, (ushort)(tag >> 16));
        U16(header.AsSpan(2), (ushort)(tag & 0xFFFF));
    }

    private void U16(Span<byte> at, ushort value)
    {
        if (isBig)
            BinaryPrimitives.WriteUInt16BigEndian(at, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(at, value);
    }

    private void U32(Span<byte> at, uint value)
    {
        if (isBig)
            BinaryPrimitives.WriteUInt32BigEndian(at, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(at, value);
    }
}
