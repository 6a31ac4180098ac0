namespace Salus.Health.Fhir;

public enum ExportOutcome
{
    /// <summary>The file that was imported, byte for byte: its SHA-256 was computed over what was written, and is the one of the import.</summary>
    Exact,

    /// <summary>A valid bundle of what is there; what is not reads as withheld.</summary>
    Partial,

    /// <summary>The slices do not fit their indexes or each other: what was written must not be used.</summary>
    Damaged,
}

/// <summary>What an export wrote.</summary>
/// <param name="Outcome">Whether it is the imported file.</param>
/// <param name="Sha256">Of what was written.</param>
/// <param name="ImportSha256">Of the imported file; null when it is not known, because a slice is missing.</param>
/// <param name="Resources">Resources written.</param>
/// <param name="Partitions">The partitions that were there, by name.</param>
/// <param name="WithheldReferences">References marked as withheld.</param>
/// <param name="WithheldPartitions">Partitions that those references lead to, as far as the references themselves tell (urn:uuid tells
/// nothing).</param>
/// <param name="MissingAttachments">Attachments that were not to be had; their places say so.</param>
public sealed record ExportReport(
    ExportOutcome Outcome, byte[] Sha256, byte[]? ImportSha256, long Resources, IReadOnlyList<string> Partitions, long WithheldReferences,
    IReadOnlyList<string> WithheldPartitions, IReadOnlyList<AttachmentId> MissingAttachments);
