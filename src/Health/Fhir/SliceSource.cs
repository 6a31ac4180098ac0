namespace Salus.Health.Fhir;

/// <summary>A slice that was opened: its index and a seekable stream over its bytes.</summary>
public sealed record SliceSource(SliceIndex Index, Stream Body);
