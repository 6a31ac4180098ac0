namespace Salus.Health.Deidentification.Fhir.Values;

/// <summary>What was done to a resource, in the order in which its labels stand.</summary>
[Flags]
internal enum Labels : byte { None = 0, Redacted = 1, Abstracted = 2, CryptoHashed = 4, Masked = 8, Perturbed = 16, Substituted = 32, Generalized = 64 }
