using System.Numerics;
using System.Security.Cryptography;

namespace Salus.Health.Fhir;

/// <summary>
/// A file of FHIR R4 JSON, sliced by partition with its bytes kept: each slice is the original bytes of the entries of one partition, so that a slice
/// is granted, sealed and read on its own; attachments become records of their own; and all slices together give the file back byte for byte (<see
/// cref="FhirExport"/>).
/// </summary>
public sealed class FhirImport
{
    private FhirImport(FhirReader file, long length, byte[] hash, IReadOnlyList<PartitionSlice> slices, IReadOnlyList<FhirAttachment> attachments)
    {
        Form = file.Form;
        Resources = file.Units.Count;
        Length = length;
        Sha256 = hash;
        Slices = slices;
        Attachments = attachments;
    }

    public FhirForm Form { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>SHA-256 of the file.</summary>
    public byte[] Sha256 { get; }

    /// <summary>Resources of the file; the slices together may have more, for directory entries are copied.</summary>
    public int Resources { get; }

    /// <summary>One for each partition that the file has something for, by name; at least one.</summary>
    public IReadOnlyList<PartitionSlice> Slices { get; }

    public IReadOnlyList<FhirAttachment> Attachments { get; }

    /// <summary>
    /// Reads the file once, with memory that does not grow with the size of resources or attachments. The slices are ranges of <paramref
    /// name="source"/>: it stays open and unchanged until they and the attachments are sealed. Throws <see cref="FhirFormatException"/> for a file
    /// that cannot be kept exactly.
    /// </summary>
    public static FhirImport Read(Stream source, FhirImportOptions? options = null, CancellationToken cancel = default)
    {
        options ??= FhirImportOptions.Default;
        // 1. Find the units and what is said in them.
        var bytes = new SourceBytes(source);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = new FhirReader(bytes, Math.Max(1, options.AttachmentFloor), hash, cancel: cancel);
        file.ReadFile();
        var sha256 = hash.GetHashAndReset();
        // 2. Give each to its partitions.
        var partitions = PartitionPlan.Make(file, options);
        var attachments = file.Attachments
            .Where(a => a.Length > 0 && BitOperations.IsPow2(a.Unit.Slices) && FhirAttachment.IsCanonical(bytes, a))
            .Select(a => new FhirAttachment(bytes, a, partitions[BitOperations.TrailingZeroCount(a.Unit.Slices)])).ToList();
        // 3. Cut.
        var shares = RestoreMap.Of(bytes, file, sha256).Split(partitions.Count);
        var cutter = new SliceCutter(bytes, file, attachments, PatientNeedles.Of(bytes, file.Units));
        var slices = partitions.Select((partition, i) => cutter.Cut(partition, i, shares[i])).ToList();
        return new FhirImport(file, bytes.Length, sha256, slices, attachments);
    }
}
