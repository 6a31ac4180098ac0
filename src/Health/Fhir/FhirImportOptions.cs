namespace Salus.Health.Fhir;

/// <summary>How an import is sliced.</summary>
public sealed record FhirImportOptions
{
    public static FhirImportOptions Default { get; } = new();

    public PartitionTable Partitions { get; init; } = PartitionTable.Default;

    /// <summary>Puts the whole import into this one partition, which the owner names; null goes by <see cref="Partitions"/>.</summary>
    public string? WholePartition { get; init; }

    /// <summary>Base64 of at least this many bytes, decoded, becomes a record of its own; smaller stays in the resource.</summary>
    public int AttachmentFloor { get; init; } = 16 * 1024;
}
