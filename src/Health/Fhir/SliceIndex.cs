namespace Salus.Health.Fhir;

/// <summary>
/// What goes with the bytes of one slice: the resources in it by offset, the kinds of personal facts, and this slice's share of the way back to the
/// file. It tells nothing of other partitions: neither that they exist nor how much is in them. It is sealed with the slice, in one record.
/// </summary>
public sealed class SliceIndex
{
    /// <summary>The import that the slices have in common.</summary>
    public required ImportId Import { get; init; }

    public required string Partition { get; init; }

    public required FhirForm Form { get; init; }

    /// <summary>Bundle.type of the imported bundle, or null.</summary>
    public string? BundleType { get; init; }

    public required PersonalFacts Facts { get; init; }

    /// <summary>In the order of the file; they follow each other without a gap, from offset 0.</summary>
    public required IReadOnlyList<ResourceEntry> Entries { get; init; }

    /// <summary>Places whose base64 is in attachment records, by rising offset.</summary>
    public required IReadOnlyList<SliceAttachment> Attachments { get; init; }

    /// <summary>
    /// Offsets, rising, of reference values whose targets are in this import and not in this slice: withheld from whoever has only this slice.
    /// </summary>
    public required IReadOnlyList<long> Links { get; init; }

    /// <summary>This slice's share of the <see cref="RestoreMap"/>: random bytes to whoever lacks another slice.</summary>
    internal ReadOnlyMemory<byte> Share { get; init; }

    /// <summary>Bytes of the slice.</summary>
    public long BodyLength => Entries.Count == 0 ? 0 : Entries[^1].Offset + Entries[^1].Length;

    /// <summary>The compact encoding; the same index always gives the same bytes.</summary>
    public byte[] ToBytes() => SliceIndexCodec.Encode(this);

    /// <summary>False for anything that <see cref="ToBytes"/> does not make.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SliceIndex? index) =>
        SliceIndexCodec.TryDecode(bytes, out index);
}
