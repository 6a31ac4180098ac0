namespace Salus.Health.Deidentification;

/// <summary>
/// What de-identification does with keys, without seeing one. Two runs under the same keys give the same pseudonyms and shifts; keys are those of one
/// study, so that nothing links two studies.
/// </summary>
/// <param name="Pseudonym">Makes pseudonyms of identifiers.</param>
/// <param name="DateShift">Makes a patient's shift of dates.</param>
/// <param name="Encrypt">For rules that encrypt; without it they are refused.</param>
public sealed record DeidentificationKeys(KeyedHash Pseudonym, KeyedHash DateShift, Encryption? Encrypt = null);
