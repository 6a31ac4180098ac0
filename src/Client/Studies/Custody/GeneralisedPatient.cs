using System.Globalization;
using System.Text.Json;
using Salus.Health.Cohort;

namespace Salus.Client.Studies.Custody;

/// <summary>
/// The Patient resource of a release. It is made anew: its number, the participant's pseudonym, and the quasi-identifiers as the gate generalised them. Nothing else of the contributed
/// resource is taken over, for whatever it says of a person the gate did not weigh.
/// </summary>
internal static class GeneralisedPatient
{
    private const string Participant = "urn:salus:participant";

    /// <summary>What FHIR's own elements cannot say, as a decade of birth.</summary>
    private const string Generalised = "urn:salus:generalised";

    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";

    private static readonly string[] Sexes = ["male", "female", "other", "unknown"];

    /// <param name="json">takes one object</param>
    /// <param name="id">the resource's own, or null</param>
    /// <param name="pseudonym">of the participant</param>
    /// <param name="told">column and value, without those of which nothing is told</param>
    public static void Write(Utf8JsonWriter json, string? id, string pseudonym, IReadOnlyDictionary<string, string> told)
    {
        var left = new Dictionary<string, string>(told);
        json.WriteStartObject();
        json.WriteString("resourceType", "Patient");
        if (id is not null)
            json.WriteString("id", id);
        json.WriteStartArray("identifier");
        json.WriteStartObject();
        json.WriteString("system", Participant);
        json.WriteString("value", pseudonym);
        json.WriteEndObject();
        json.WriteEndArray();
        if (Take(left, PatientColumns.Sex, Sexes.Contains) is { } sex)
            json.WriteString("gender", sex);
        if ((Take(left, PatientColumns.BirthDate, IsDate) ?? Take(left, PatientColumns.BirthYear, IsDate)) is { } born)
            json.WriteString("birthDate", born);
        if (Take(left, PatientColumns.Deceased, value => value is "yes" or "no") is { } deceased)
            json.WriteBoolean("deceasedBoolean", deceased == "yes");
        Address(json, left);
        Coded(json, "maritalStatus", Take(left, PatientColumns.MaritalStatus));
        if (Take(left, PatientColumns.Language) is { } language)
        {
            json.WriteStartArray("communication");
            json.WriteStartObject();
            Coded(json, "language", language);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        Extensions(json, left);
        json.WriteEndObject();
    }

    private static void Address(Utf8JsonWriter json, Dictionary<string, string> left)
    {
        var parts = new[] { ("city", PatientColumns.City), ("state", PatientColumns.State), ("postalCode", PatientColumns.Zip), ("country", PatientColumns.Country) }
            .Select(part => (Element: part.Item1, Value: Take(left, part.Item2))).Where(part => part.Value is not null).ToList();
        if (parts.Count == 0)
            return;
        json.WriteStartArray("address");
        json.WriteStartObject();
        foreach (var (element, value) in parts)
            json.WriteString(element, value);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Coded(Utf8JsonWriter json, string element, string? code)
    {
        if (code is null)
            return;
        json.WriteStartObject(element);
        json.WriteStartArray("coding");
        json.WriteStartObject();
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Extensions(Utf8JsonWriter json, Dictionary<string, string> left)
    {
        var core = new[] { PatientColumns.Race, PatientColumns.Ethnicity }.Select(name => (Name: name, Value: Take(left, name))).Where(pair => pair.Value is not null).ToList();
        if (core.Count + left.Count == 0)
            return;
        json.WriteStartArray("extension");
        foreach (var (name, value) in core)
            Extension(json, UsCore + name, [("text", value!)]);
        if (left.Count > 0)
            Extension(json, Generalised, left.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        json.WriteEndArray();
    }

    private static void Extension(Utf8JsonWriter json, string url, IEnumerable<(string Url, string Value)> parts)
    {
        json.WriteStartObject();
        json.WriteStartArray("extension");
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("url", part.Url);
            json.WriteString("valueString", part.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("url", url);
        json.WriteEndObject();
    }

    private static string? Take(Dictionary<string, string> left, string column, Func<string, bool>? fits = null) =>
        left.TryGetValue(column, out var value) && (fits is null || fits(value)) && left.Remove(column) ? value : null;

    private static bool IsDate(string value) =>
        DateOnly.TryParseExact(value, ["yyyy", "yyyy-MM", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
