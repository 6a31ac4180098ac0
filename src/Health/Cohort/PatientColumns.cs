using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Salus.Health.Cohort;

/// <summary>
/// The fixed set of columns that a study can ask about a patient, read out of the patient's FHIR R4 resources before they are de-identified. A row never holds
/// more than the study declares; what a record does not say is "".
/// </summary>
public static class PatientColumns
{
    public const string Sex = "sex", BirthDate = "birth-date", BirthYear = "birth-year", Age = "age", Zip = "zip", City = "city", State = "state", Country = "country",
        Race = "race", Ethnicity = "ethnicity", MaritalStatus = "marital-status",
        Language = "language", Deceased = "deceased", ConditionCode = "condition-code", ConditionDisplay = "condition-display";

    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";

    private static readonly Dictionary<string, BuiltInHierarchy> Hierarchies = new(StringComparer.Ordinal)
    {
        [Sex] = BuiltInHierarchy.Suppress, [BirthDate] = BuiltInHierarchy.Date, [BirthYear] = BuiltInHierarchy.Year, [Age] = BuiltInHierarchy.Age, [Zip] = BuiltInHierarchy.Zip,
        [City] = BuiltInHierarchy.Suppress, [State] = BuiltInHierarchy.Suppress, [Country] = BuiltInHierarchy.Suppress, [Race] = BuiltInHierarchy.Suppress,
        [Ethnicity] = BuiltInHierarchy.Suppress, [MaritalStatus] = BuiltInHierarchy.Suppress, [Language] = BuiltInHierarchy.Suppress, [Deceased] = BuiltInHierarchy.Suppress,
        [ConditionCode] = BuiltInHierarchy.Suppress, [ConditionDisplay] = BuiltInHierarchy.Suppress,
    };

    public static IReadOnlyCollection<string> Names => Hierarchies.Keys;

    /// <summary>How a column is generalised when a study says nothing else; null for a name that is none of <see cref="Names"/>.</summary>
    public static BuiltInHierarchy? HierarchyOf(string name) => Hierarchies.GetValueOrDefault(name);

    /// <summary>
    /// The hierarchy that a study declares for a column: empty for the column's own, the name of a built-in one, else the rows of a table. Values that a table does not name
    /// become <see cref="Hierarchy.Anything"/>: a participant's odd value must not stop a study. Throws <see cref="CohortException"/>.
    /// </summary>
    public static Hierarchy Declared(string column, string hierarchy)
    {
        if (hierarchy.Length == 0)
            return HierarchyOf(column) ?? BuiltInHierarchy.Suppress;
        return BuiltInHierarchy.Named(hierarchy) ?? (Hierarchy)TableHierarchy.Read(new MemoryStream(Encoding.UTF8.GetBytes(hierarchy)), $"of column {column}").WithOthers();
    }

    /// <summary>
    /// One patient's row with the given columns. Of several Patient resources the first counts; the condition is the one with the latest onset (else recorded) date, of equals the last.
    /// </summary>
    /// <param name="resources">FHIR R4 resources of one patient, in any order; what is no resource is passed over</param>
    /// <param name="columns">some of <see cref="Names"/></param>
    /// <param name="on">the day for which the age is told</param>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<JsonElement> resources, IEnumerable<string> columns, DateOnly on)
    {
        JsonElement? patient = null, condition = null;
        var latest = "";
        foreach (var resource in resources)
        {
            var type = Text(resource, "resourceType");
            if (type == "Patient" && patient is null)
                patient = resource;
            else if (type == "Condition" && Onset(resource) is var onset && string.CompareOrdinal(onset, latest) >= 0)
                (condition, latest) = (resource, onset);
        }
        return columns.ToDictionary(name => name, name => Value(name, patient, condition, on), StringComparer.Ordinal);
    }

    private static string Value(string name, JsonElement? patient, JsonElement? condition, DateOnly on) => name switch
    {
        Sex => Text(patient, "gender"),
        BirthDate => Text(patient, "birthDate"),
        BirthYear => Year(Text(patient, "birthDate")),
        Age => AgeOn(patient, on),
        Zip => Text(Home(patient), "postalCode"),
        City => Text(Home(patient), "city"),
        State => Text(Home(patient), "state"),
        Country => Text(Home(patient), "country"),
        Race => UsCoreText(patient, "race"),
        Ethnicity => UsCoreText(patient, "ethnicity"),
        MaritalStatus => Text(Coding(Member(patient, "maritalStatus")), "code"),
        Language => Text(Coding(Member(First(patient, "communication"), "language")), "code"),
        Deceased => Member(patient, "deceasedDateTime") is not null || Member(patient, "deceasedBoolean")?.ValueKind == JsonValueKind.True ? "yes" : patient is null ? "" : "no",
        ConditionCode => Text(Coding(Member(condition, "code")), "code"),
        ConditionDisplay => Text(Coding(Member(condition, "code")), "display") is { Length: > 0 } display ? display : Text(Member(condition, "code"), "text"),
        _ => throw new CohortException(CohortFault.NoSuchColumn, $"There is no column {name} about a patient. There are: {string.Join(", ", Names)}."),
    };

    /// <summary>The address that is not old, at home before any other.</summary>
    private static JsonElement? Home(JsonElement? patient)
    {
        var addresses = Items(patient, "address").Where(address => Text(address, "use") is not ("old" or "temp" or "billing")).ToList();
        return addresses.Count == 0 ? null : addresses.Find(address => Text(address, "use") == "home") is { ValueKind: JsonValueKind.Object } home ? home : addresses[0];
    }

    private static string UsCoreText(JsonElement? patient, string name)
    {
        var parts = Items(patient, "extension").Where(extension => Text(extension, "url") == UsCore + name).SelectMany(extension => Items(extension, "extension")).ToList();
        return parts.Where(part => Text(part, "url") == "text").Select(part => Text(part, "valueString")).FirstOrDefault(text => text.Length > 0)
            ?? parts.Where(part => Text(part, "url") == "ombCategory").Select(part => Text(Member(part, "valueCoding"), "display")).FirstOrDefault(text => text.Length > 0) ?? "";
    }

    private static string AgeOn(JsonElement? patient, DateOnly on)
    {
        var text = Text(patient, "birthDate");
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
            return Years(on.Year - born.Year - (on < born.AddYears(on.Year - born.Year) ? 1 : 0));
        return Year(text) is { Length: 4 } year ? Years(on.Year - int.Parse(year, CultureInfo.InvariantCulture)) : "";
    }

    private static string Years(int age) => age < 0 ? "" : age.ToString(CultureInfo.InvariantCulture);

    private static string Year(string date) => date.Length >= 4 && date.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0 ? date[..4] : "";

    private static string Onset(JsonElement condition) =>
        new[] { Text(condition, "onsetDateTime"), Text(Member(condition, "onsetPeriod"), "start"), Text(condition, "recordedDate") }.FirstOrDefault(date => date.Length > 0, "");

    private static JsonElement? Coding(JsonElement? concept) => First(concept, "coding");

    private static JsonElement? First(JsonElement? element, string name) => Items(element, name).Select(item => (JsonElement?)item).FirstOrDefault();

    private static IEnumerable<JsonElement> Items(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    private static string Text(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: <= CohortLimits.MaxField } value ? value : "";
}
