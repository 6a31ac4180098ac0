using System.Globalization;

namespace Salus.Health.Deidentification.Fhir;

/// <summary>Values that the rules removed from a patient still stand elsewhere in what would be written. Says where, never what.</summary>
public sealed class IdentifiersLeftException(IReadOnlyList<Change> places) : Exception(
    $"Values that were removed from the patient still stand in {string.Join(", ", places.Take(10).Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Path} ({place.Count})")))}"
    + $"{(places.Count > 10 ? $" and {places.Count - 10} other places" : "")}: the rules keep text that names the patient")
{
    /// <summary>Paths and counts.</summary>
    public IReadOnlyList<Change> Places { get; } = places;
}
