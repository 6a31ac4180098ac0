namespace Salus.Health.Dicom;

/// <summary>What a reader has come to.</summary>
internal enum DicomPart
{
    /// <summary>An element with a value.</summary>
    Value,

    /// <summary>An element whose value is items, up to its <see cref="SequenceEnd"/>.</summary>
    Sequence,
    Item,
    ItemEnd,
    SequenceEnd,

    /// <summary>Encapsulated pixels: fragments follow, up to the <see cref="SequenceEnd"/>.</summary>
    Fragments,
    Fragment,
}

/// <summary>The header of a DICOM data element, item or delimiter (PS3.5 section 7).</summary>
/// <param name="Tag">Group in the upper 16 bits, element in the lower; of an end, that of what ends.</param>
/// <param name="Vr">As the file states it, in implicit representation as the dictionary does.</param>
/// <param name="Length">Bytes of the value; <see cref="Undefined"/> when a delimiter ends it.</param>
/// <param name="Offset">Where the header begins; in a deflated data set counted as inflated.</param>
internal readonly record struct DicomElement(DicomPart Part, uint Tag, Vr Vr, uint Length, long Offset)
{
    public const uint Undefined = 0xFFFFFFFF;

    public const uint ItemTag = 0xFFFE_E000, ItemEndTag = 0xFFFE_E00D, SequenceEndTag = 0xFFFE_E0DD, PixelData = 0x7FE0_0010;

    public ushort Group => (ushort)(Tag >> 16);

    public bool HasLength => Length != Undefined;

    public bool IsPrivate => (Group & 1) != 0;
}
