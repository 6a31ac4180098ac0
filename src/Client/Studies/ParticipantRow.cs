using System.Globalization;
using System.Text.Json;
using Salus.Client.Readings;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>What a study's statistics ask of a participant, as the records say it. What they do not say is absent.</summary>
/// <param name="Numbers">By the name of the variable, in its unit.</param>
/// <param name="Categories">By the name of the attribute.</param>
internal sealed record ParticipantRow(IReadOnlyDictionary<string, decimal> Numbers, IReadOnlyDictionary<string, string> Categories)
{
    private const string Loinc = "loinc:";
    private const string Quasi = "quasi:";

    /// <summary>Of several Observations of one code that are final the latest counts.</summary>
    public static ParticipantRow Read(StudyTerms terms, IEnumerable<JsonElement> resources, Func<string, string> column)
    {
        var latest = Latest(resources);
        var (numbers, categories) = (new Dictionary<string, decimal>(), new Dictionary<string, string>());
        foreach (var variable in terms.Variables)
            if (Number(variable, latest, column) is { } number)
                numbers[variable.Name] = number;
        foreach (var attribute in terms.Attributes)
            if (Category(attribute, Text(attribute.Source, latest, column)) is { } category)
                categories[attribute.Name] = category;
        return new ParticipantRow(numbers, categories);
    }

    /// <summary>The columns of a patient that variables and attributes are read from.</summary>
    public static IEnumerable<string> Columns(StudyTerms terms) => terms.Variables.Select(variable => variable.Source).Concat(terms.Attributes.Select(attribute => attribute.Source))
        .Where(source => source.StartsWith(Quasi, StringComparison.Ordinal)).Select(source => source[Quasi.Length..]).Distinct();

    /// <summary>The category that a value is: by its name in small letters and hyphens, or by a range of whole numbers ("18-39", "under-18", "90-plus").</summary>
    internal static string? Category(StudyAttribute attribute, string value)
    {
        var symbol = string.Join('-', value.ToLowerInvariant().Split([' ', '_', '-', '/', ',', '.', '(', ')'], StringSplitOptions.RemoveEmptyEntries));
        if (attribute.Categories.Contains(symbol))
            return symbol;
        return decimal.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? attribute.Categories.FirstOrDefault(category => IsIn(category, decimal.Floor(number))) : null;
    }

    private static bool IsIn(string category, decimal number) => category.Split('-') switch
    {
        ["under", var above] => Whole(above) is { } end && number < end,
        [var from, "plus"] => Whole(from) is { } start && number >= start,
        [var from, var to] => Whole(from) is { } start && Whole(to) is { } end && number >= start && number <= end,
        _ => false,
    };

    private static decimal? Whole(string text) => decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static decimal? Number(StudyVariable variable, Dictionary<string, JsonElement> latest, Func<string, string> column)
    {
        if (variable.Source.StartsWith(Quasi, StringComparison.Ordinal))
            return decimal.TryParse(column(variable.Source[Quasi.Length..]), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var told) ? told : null;
        if (!latest.TryGetValue(variable.Source, out var value) || value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("value", out var number)
            || number.ValueKind != JsonValueKind.Number || !number.TryGetDecimal(out var quantity))
            return null;
        // A value in another unit is no value: nobody is asked to convert it.
        return variable.Unit.Length == 0 || Member(value, "code") == variable.Unit || Member(value, "unit") == variable.Unit ? quantity : null;
    }

    private static string Text(string source, Dictionary<string, JsonElement> latest, Func<string, string> column)
    {
        if (source.StartsWith(Quasi, StringComparison.Ordinal))
            return column(source[Quasi.Length..]);
        if (!latest.TryGetValue(source, out var value))
            return "";
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.Object when value.TryGetProperty("value", out var number) && number.ValueKind == JsonValueKind.Number => number.GetRawText(),
            JsonValueKind.Object when Member(value, "text") is { Length: > 0 } text => text,
            JsonValueKind.Object when value.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array =>
                codings.EnumerateArray().Select(coding => Member(coding, "display")).FirstOrDefault(display => display.Length > 0, ""),
            _ => "",
        };
    }

    /// <summary>
    /// The value of the latest Observation, or component of one, of each LOINC code, by "loinc:CODE". One that is not final, or was taken back, is none, nor is a bound in place
    /// of a value; one that does not say when it was taken is the earliest.
    /// </summary>
    private static Dictionary<string, JsonElement> Latest(IEnumerable<JsonElement> resources)
    {
        var latest = new Dictionary<string, (DateTimeOffset At, JsonElement Value)>();
        foreach (var observation in resources.Where(resource => ParticipantData.IsOfType(resource, "Observation")
            && Member(resource, "status") is "final" or "amended" or "corrected"))
        {
            var at = Time(observation);
            Take(observation, at);
            if (observation.TryGetProperty("component", out var components) && components.ValueKind == JsonValueKind.Array)
                foreach (var component in components.EnumerateArray())
                    Take(component, at);
        }
        return latest.ToDictionary(pair => pair.Key, pair => pair.Value.Value);

        void Take(JsonElement measured, DateTimeOffset at)
        {
            if (measured.ValueKind != JsonValueKind.Object || !measured.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.Object
                || !code.TryGetProperty("coding", out var codings) || codings.ValueKind != JsonValueKind.Array)
                return;
            var values = measured.EnumerateObject().Where(property => property.Name.StartsWith("value", StringComparison.Ordinal)).Select(property => (JsonElement?)property.Value).FirstOrDefault();
            if (values is not { } value || Member(value, "comparator").Length > 0)
                return;
            foreach (var key in codings.EnumerateArray().Where(coding => Member(coding, "system") == "http://loinc.org").Select(coding => Loinc + Member(coding, "code")))
                if (!latest.TryGetValue(key, out var before) || at >= before.At)
                    latest[key] = (at, value);
        }
    }

    private static DateTimeOffset Time(JsonElement observation)
    {
        foreach (var text in (string[])[Member(observation, "effectiveDateTime"), Member(observation, "effectiveInstant"),
            observation.TryGetProperty("effectivePeriod", out var period) ? Member(period, "start") : "", Member(observation, "issued")])
            if (ReadingTime.TryParse(text, out var time))
                return time;
        return DateTimeOffset.MinValue;
    }

    private static string Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
