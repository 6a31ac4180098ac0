namespace Salus.Health.Keywords;

/// <summary>The header of a DICOM data element (PS3.5 section 7.1).</summary>
/// <param name="Tag">Group in the upper 16 bits, element in the lower.</param>
/// <param name="Length">Bytes of the value; <see cref="Undefined"/> when a delimiter ends it.</param>
/// <param name="IsSequence">Whether the value is items (VR SQ); in implicit representation only an undefined length or a known tag tells.</param>
/// <param name="IsUnknown">Whether the representation is UN: what is within is then implicit.</param>
internal readonly record struct DicomElement(uint Tag, uint Length, bool IsSequence, bool IsUnknown = false)
{
    public const uint Undefined = 0xFFFFFFFF;

    public const uint Item = 0xFFFE_E000, ItemEnd = 0xFFFE_E00D, SequenceEnd = 0xFFFE_E0DD;

    public ushort Group => (ushort)(Tag >> 16);

    public bool HasLength => Length != Undefined;
}
