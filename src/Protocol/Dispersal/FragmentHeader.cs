using System.Buffers.Binary;

namespace Salus.Protocol.Dispersal;

/// <summary>
/// The first 4096 bytes of a fragment. Which of the n it is does not stand there: only who can derive the labels knows.
/// </summary>
/// <remarks>
/// Big-endian. 0: "salusfrg" | 8: version 1 | 9: suite 1 | 10: k | 11: n | 12: unit size (4) | 16: body length (8) | 24: label (32) | zeros to 4096.
/// Suite 1: C2SP chunked encryption with AES-256-GCM and SHA-256, Reed-Solomon 0x11D Cauchy, SHA-256 tree of 4 KiB leaves. One encoding for each value.
/// </remarks>
public sealed class FragmentHeader
{
    public const int Size = FragmentLayout.HeaderSize;
    public const byte Version = 1;
    public const byte Suite = 1;

    private const int LabelOffset = 24;
    private const int ZerosOffset = LabelOffset + FragmentLayout.LabelSize;

    private readonly byte[] _label;

    public FragmentHeader(FragmentLayout layout, ReadOnlySpan<byte> label)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNotEqual(label.Length, FragmentLayout.LabelSize, nameof(label));
        Layout = layout;
        _label = label.ToArray();
    }

    public FragmentLayout Layout { get; }

    /// <summary>32 bytes.</summary>
    public ReadOnlySpan<byte> Label => _label;

    private static ReadOnlySpan<byte> Magic => "salusfrg"u8;

    /// <summary>Fills all of the 4096 bytes.</summary>
    public void Write(Span<byte> header)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, Size, nameof(header));
        header.Clear();
        Magic.CopyTo(header);
        header[8] = Version;
        header[9] = Suite;
        header[10] = (byte)Layout.DataUnits;
        header[11] = (byte)Layout.Fragments;
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], FragmentLayout.UnitSize);
        BinaryPrimitives.WriteUInt64BigEndian(header[16..], (ulong)Layout.BodyLength);
        _label.CopyTo(header[LabelOffset..]);
    }

    /// <summary>False for anything but 4096 bytes in the one encoding, within the limits of <see cref="FragmentLayout"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> header, out FragmentHeader? parsed)
    {
        parsed = null;
        if (header.Length != Size || !header.StartsWith(Magic) || header[8] != Version || header[9] != Suite)
            return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(header[12..]) != FragmentLayout.UnitSize || header[ZerosOffset..].ContainsAnyExcept((byte)0))
            return false;
        var bodyLength = BinaryPrimitives.ReadUInt64BigEndian(header[16..]);
        if (bodyLength > FragmentLayout.MaxBodyLength || !FragmentLayout.TryCreate((long)bodyLength, header[10], header[11], out var layout))
            return false;
        parsed = new FragmentHeader(layout!, header.Slice(LabelOffset, FragmentLayout.LabelSize));
        return true;
    }
}
