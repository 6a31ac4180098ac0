namespace Salus.Bench.Fuzz;

/// <summary>How long and on what a run of <c>fuzz</c> works.</summary>
/// <param name="Seconds">For each target.</param>
/// <param name="Seed">Gives the same inputs again, as far as time does not decide.</param>
/// <param name="Only">A part of the targets' names, or null for all of them.</param>
/// <param name="Keeps">Whether inputs that took new ways go into the corpus.</param>
internal sealed record FuzzOptions(int Seconds = 3, int? Seed = null, string? Only = null, bool Keeps = false);
