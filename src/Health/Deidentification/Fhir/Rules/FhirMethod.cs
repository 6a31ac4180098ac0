namespace Salus.Health.Deidentification.Fhir.Rules;

/// <summary>What a rule does, as the configuration calls it.</summary>
internal enum FhirMethod { Keep, Redact, CryptoHash, DateShift, Encrypt, Substitute, Perturb, Generalize }
