using System.Collections.Frozen;

namespace Salus.Health.Fhir;

/// <summary>
/// Which partition a resource belongs to, by its type. Two kinds of types have no partition of their own: the shared directory (organisations,
/// practitioners, places), copied into each partition that refers to it, and followers (Provenance, Binary, List, Task), which go where the resources
/// go that they are about.
/// </summary>
public sealed class PartitionTable
{
    public const string Personal = "personal", Medical = "medical", Insurance = "insurance", Prescription = "prescription";

    private static readonly FrozenSet<string> Directory = FrozenSet.Create(
        "Organization", "Practitioner", "PractitionerRole", "Location", "HealthcareService", "Endpoint");

    private static readonly FrozenSet<string> Followers = FrozenSet.Create("Provenance", "Binary", "List", "Task");

    private readonly FrozenDictionary<string, string> partitions;

    private PartitionTable(IReadOnlyDictionary<string, string> partitions) => this.partitions = partitions.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The table for FHIR R4; a type that is not in it is medical.</summary>
    public static PartitionTable Default { get; } = new(
        new[] { "Patient", "RelatedPerson", "Person", "Consent" }.Select(t => (t, Personal))
        .Concat(new[]
        {
            "Claim", "ClaimResponse", "ExplanationOfBenefit", "Coverage", "CoverageEligibilityRequest", "CoverageEligibilityResponse",
            "EnrollmentRequest", "EnrollmentResponse", "Account", "Invoice", "ChargeItem", "PaymentNotice", "PaymentReconciliation", "Contract",
        }.Select(t => (t, Insurance)))
        .Concat(new[]
        {
            "Medication", "MedicationRequest", "MedicationAdministration", "MedicationDispense", "MedicationStatement", "VisionPrescription",
        }.Select(t => (t, Prescription)))
        .ToDictionary(x => x.t, x => x.Item2));

    /// <summary>The same table with one type elsewhere: owners make partitions of their own, such as <c>mental-health</c>.</summary>
    public PartitionTable With(string resourceType, string partition)
    {
        RequireName(partition);
        if (IsDirectory(resourceType) || IsFollower(resourceType))
            throw new ArgumentException($"{resourceType} goes with the resources that refer to it or that it is about.", nameof(resourceType));
        return new(new Dictionary<string, string>(partitions) { [resourceType] = partition });
    }

    public string PartitionOf(string resourceType) => partitions.GetValueOrDefault(resourceType, Medical);

    public static bool IsDirectory(string resourceType) => Directory.Contains(resourceType);

    public static bool IsFollower(string resourceType) => Followers.Contains(resourceType);

    /// <summary>1 to 64 characters, no control characters and no white space at the ends.</summary>
    public static bool IsName(string partition) =>
        partition.Length is > 0 and <= 64 && partition.Trim() == partition && !partition.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    internal static void RequireName(string partition)
    {
        if (!IsName(partition))
            throw new ArgumentException("A partition's name has 1 to 64 characters, none of them a control character.", nameof(partition));
    }
}
