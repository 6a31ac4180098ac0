namespace Salus.Health.Deidentification.Fhir;

/// <summary>What becomes of an element that no rule names.</summary>
public enum Unmatched
{
    /// <summary>It is redacted: only what a rule keeps or changes is left.</summary>
    Redact,

    /// <summary>It stays, as Microsoft's tool has it. Elements that R4 does not know are removed all the same.</summary>
    Keep,
}
