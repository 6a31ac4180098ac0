namespace Salus.Health.Deidentification.Fhir.Rules;

/// <summary>The "parameters" of a configuration. An empty key is none.</summary>
internal sealed record FhirParameters
{
    public string DateShiftKey { get; init; } = "";

    public DateShiftScope DateShiftScope { get; init; }

    public string CryptoHashKey { get; init; } = "";

    public string EncryptKey { get; init; } = "";

    public bool PartialAges { get; init; }

    public bool PartialDates { get; init; }

    public bool PartialZipCodes { get; init; }

    /// <summary>First digits of ZIP codes of areas where too few people live.</summary>
    public IReadOnlyList<string> RestrictedZipCodes { get; init; } = [];
}
