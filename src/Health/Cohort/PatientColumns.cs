using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Salus.Health.Cohort;

/// <summary>
/// The fixed set of columns that a study can ask about a patient, read out of the patient's FHIR R4 resources before they are de-identified. A row never holds
/// more than the study declares, and of what is coded only the codes and displays of published schemes; what a record does not say is "".
/// </summary>
public static class PatientColumns
{
    public const string Sex = "sex", BirthDate = "birth-date", BirthYear = "birth-year", Age = "age", Zip = "zip", City = "city", State = "state", Country = "country",
        Race = "race", Ethnicity = "ethnicity", MaritalStatus = "marital-status",
        Language = "language", Deceased = "deceased", ConditionCode = "condition-code", ConditionDisplay = "condition-display";

    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";
    private const string RaceAndEthnicity = "urn:oid:2.16.840.1.113883.6.238";

    /// <summary>The categories of the Office of Management and Budget: what somebody wrote beside a code is not read.</summary>
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["1002-5"] = "American Indian or Alaska Native", ["2028-9"] = "Asian", ["2054-5"] = "Black or African American", ["2076-8"] = "Native Hawaiian or Other Pacific Islander",
        ["2106-3"] = "White", ["2131-1"] = "Other Race", ["2135-2"] = "Hispanic or Latino", ["2186-5"] = "Not Hispanic or Latino",
    };

    private static readonly string[] InstantFormats = ["yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    private static readonly Dictionary<string, BuiltInHierarchy> Hierarchies = new(StringComparer.Ordinal)
    {
        [Sex] = BuiltInHierarchy.Suppress, [BirthDate] = BuiltInHierarchy.Date, [BirthYear] = BuiltInHierarchy.Year, [Age] = BuiltInHierarchy.Age, [Zip] = BuiltInHierarchy.Zip,
        [City] = BuiltInHierarchy.Suppress, [State] = BuiltInHierarchy.Suppress, [Country] = BuiltInHierarchy.Suppress, [Race] = BuiltInHierarchy.Suppress,
        [Ethnicity] = BuiltInHierarchy.Suppress, [MaritalStatus] = BuiltInHierarchy.Suppress, [Language] = BuiltInHierarchy.Suppress, [Deceased] = BuiltInHierarchy.Suppress,
        [ConditionCode] = BuiltInHierarchy.Suppress, [ConditionDisplay] = BuiltInHierarchy.Suppress,
    };

    public static IReadOnlyCollection<string> Names => Hierarchies.Keys;

    /// <summary>Whether a study can release a column as it is (its sensitive one): a column that tells people apart is always generalised.</summary>
    public static bool MayBeSensitive(string name) => name is ConditionCode or ConditionDisplay or Deceased;

    /// <summary>The columns whose values somebody's record words: what names the patient is looked for in them.</summary>
    public static bool IsWorded(string name) => name is ConditionCode or ConditionDisplay or MaritalStatus or Language;

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
    /// One patient's row with the given columns. Of several Patient resources the first counts; the condition is the one with the latest onset (else recorded) date, of equals the last;
    /// conditions that were refuted or entered in error are passed over.
    /// </summary>
    /// <param name="resources">FHIR R4 resources of one patient, in any order; what is no resource is passed over</param>
    /// <param name="columns">some of <see cref="Names"/></param>
    /// <param name="on">the day for which the age is told</param>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<JsonElement> resources, IEnumerable<string> columns, DateOnly on)
    {
        JsonElement? patient = null, condition = null;
        var latest = DateTimeOffset.MinValue;
        foreach (var resource in resources)
        {
            var type = Text(resource, "resourceType");
            if (type == "Patient" && patient is null)
                patient = resource;
            else if (type == "Condition" && Holds(resource) && Onset(resource) is var onset && onset >= latest)
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
        Race => Category(patient, "race"),
        Ethnicity => Category(patient, "ethnicity"),
        MaritalStatus => Text(Coding(Member(patient, "maritalStatus")), "code"),
        Language => Text(Coding(Member(First(patient, "communication"), "language")), "code"),
        Deceased => Member(patient, "deceasedDateTime") is not null || Member(patient, "deceasedBoolean")?.ValueKind == JsonValueKind.True ? "yes" : patient is null ? "" : "no",
        ConditionCode => Text(Coding(Member(condition, "code")), "code"),
        ConditionDisplay => Text(Coding(Member(condition, "code")), "display"),
        _ => throw new CohortException(CohortFault.NoSuchColumn, $"There is no column {name} about a patient. There are: {string.Join(", ", Names)}."),
    };

    /// <summary>The address that is not old, at home before any other.</summary>
    private static JsonElement? Home(JsonElement? patient)
    {
        var addresses = Items(patient, "address").Where(address => Text(address, "use") is not ("old" or "temp" or "billing")).ToList();
        return addresses.Count == 0 ? null : addresses.Find(address => Text(address, "use") == "home") is { ValueKind: JsonValueKind.Object } home ? home : addresses[0];
    }

    private static string Category(JsonElement? patient, string name) =>
        Items(patient, "extension").Where(extension => Text(extension, "url") == UsCore + name).SelectMany(extension => Items(extension, "extension"))
            .Where(part => Text(part, "url") == "ombCategory").Select(part => Member(part, "valueCoding")).Where(coding => Text(coding, "system") == RaceAndEthnicity)
            .Select(coding => Categories.GetValueOrDefault(Text(coding, "code"), "")).FirstOrDefault(category => category.Length > 0, "");

    private static string AgeOn(JsonElement? patient, DateOnly on)
    {
        var text = Text(patient, "birthDate");
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
            return Years(on.Year - born.Year - (on < born.AddYears(on.Year - born.Year) ? 1 : 0));
        return Year(text) is { Length: 4 } year ? Years(on.Year - int.Parse(year, CultureInfo.InvariantCulture)) : "";
    }

    private static string Years(int age) => age < 0 ? "" : age.ToString(CultureInfo.InvariantCulture);

    private static string Year(string date) => date.Length >= 4 && date.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0 ? date[..4] : "";

    private static bool Holds(JsonElement condition) =>
        !Items(Member(condition, "verificationStatus"), "coding").Any(coding => Text(coding, "code") is "refuted" or "entered-in-error");

    private static DateTimeOffset Onset(JsonElement condition) =>
        Instant(new[] { Text(condition, "onsetDateTime"), Text(Member(condition, "onsetPeriod"), "start"), Text(condition, "recordedDate") }.FirstOrDefault(date => date.Length > 0, ""));

    /// <summary>When a FHIR date or dateTime begins; a text that is none is before all.</summary>
    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : DateTimeOffset.MinValue;

    /// <summary>The first coding of a published scheme.</summary>
    private static JsonElement? Coding(JsonElement? concept) =>
        Items(concept, "coding").Where(coding => CodeSchemes.Keep(Text(coding, "system"))).Select(coding => (JsonElement?)coding).FirstOrDefault();

    private static JsonElement? First(JsonElement? element, string name) => Items(element, name).Select(item => (JsonElement?)item).FirstOrDefault();

    private static IEnumerable<JsonElement> Items(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    private static string Text(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: <= CohortLimits.MaxField } value ? value : "";
}
