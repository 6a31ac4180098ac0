namespace Salus.Health.Fhir;

/// <summary>What one partition gets of an import: the original bytes of its entries, one after the other, and their index.</summary>
public sealed class PartitionSlice
{
    private readonly SourceBytes source;
    private readonly Segments segments;

    internal PartitionSlice(SourceBytes source, Segments segments, SliceIndex index, PatientNeedles patient)
    {
        this.source = source;
        this.segments = segments;
        Index = index;
        Patient = patient;
    }

    /// <summary>Of a slice: FHIR JSON values one after the other; not a FHIR file by itself.</summary>
    public const string MediaType = "application/vnd.salus.fhir-slice";

    public string Partition => Index.Partition;

    /// <summary>Bytes of the slice.</summary>
    public long Length => segments.Length;

    public SliceIndex Index { get; }

    /// <summary>What names the patient of the import, wherever that stood.</summary>
    internal PatientNeedles Patient { get; }

    /// <summary>
    /// A seekable stream over the slice. It reads from the imported file, which must stay open and unchanged; several may be read at once.
    /// </summary>
    public Stream OpenRead() => new PositionStream(Length, (position, into) => segments.ReadAt(source, position, into));
}
