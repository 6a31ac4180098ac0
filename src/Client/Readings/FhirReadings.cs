using System.Text.Json;

namespace Salus.Client.Readings;

/// <summary>
/// Readings as FHIR Observations: alone, in a Bundle, in an array or one in each line. Each quantity counts under the LOINC code of its observation or component. Other resources
/// and observations without a value are passed over; one whose value is not exact, or that has no time, is an error.
/// </summary>
internal sealed class FhirReadings
{
    private const string Loinc = "http://loinc.org";
    private const int MaxNesting = 8;

    /// <summary>Resources that are no observation with a quantity.</summary>
    public long PassedOver { get; private set; }

    /// <summary>Reads a document; throws, naming the line, when it is not JSON or an observation does not hold.</summary>
    /// <param name="line">Where the document begins; its own lines are counted from there.</param>
    public void Read(ReadOnlyMemory<byte> json, long line, List<FileReading> into)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            Read(document.RootElement, line, 0, into);
        }
        catch (JsonException fault)
        {
            throw SensedSeries.Wrong(line + (fault.LineNumber ?? 0), "this is no JSON");
        }
        catch (InvalidOperationException)
        {
            // So the parser says it of a text when it is read: bytes that are no UTF-8, half of a surrogate pair.
            throw SensedSeries.Wrong(line, "a text in it is no Unicode");
        }
    }

    private void Read(JsonElement element, long line, int depth, List<FileReading> into)
    {
        if (depth > MaxNesting)
            throw SensedSeries.Wrong(line, "bundles are nested too deeply");
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Read(item, line, depth + 1, into);
            return;
        }
        if (element.ValueKind != JsonValueKind.Object)
            throw SensedSeries.Wrong(line, "this is no FHIR resource");
        switch (Text(element, "resourceType"))
        {
            case "Bundle" when element.TryGetProperty("entry", out var entries) && entries.ValueKind == JsonValueKind.Array:
                foreach (var entry in entries.EnumerateArray())
                    if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource", out var resource))
                        Read(resource, line, depth + 1, into);
                break;
            case "Bundle":
                break;
            case "Observation":
                ReadObservation(element, line, into);
                break;
            case null:
                throw SensedSeries.Wrong(line, "this is no FHIR resource: it names no resourceType");
            default:
                PassedOver++;
                break;
        }
    }

    private void ReadObservation(JsonElement observation, long line, List<FileReading> into)
    {
        var before = into.Count;
        if (Text(observation, "status") is not ("entered-in-error" or "cancelled"))
        {
            ReadQuantity(observation, observation, line, into);
            if (observation.TryGetProperty("component", out var components) && components.ValueKind == JsonValueKind.Array)
                foreach (var component in components.EnumerateArray())
                    if (component.ValueKind == JsonValueKind.Object)
                        ReadQuantity(component, observation, line, into);
        }
        if (into.Count == before)
            PassedOver++;
    }

    private static void ReadQuantity(JsonElement element, JsonElement observation, long line, List<FileReading> into)
    {
        if (!element.TryGetProperty("valueQuantity", out var quantity) || quantity.ValueKind != JsonValueKind.Object || !quantity.TryGetProperty("value", out var number)
            || Code(element) is not { } code)
            return;
        var where = Text(observation, "id") is { } id ? $"Observation {(id.Length > 64 ? id[..64] : id)}" : "an Observation";
        if (number.ValueKind != JsonValueKind.Number || !DecimalText.TryParse(number.GetRawText(), out var value))
            throw SensedSeries.Wrong(line, $"the value of {where} is no number that can be kept exactly");
        if (Text(quantity, "comparator") is not null)
            throw SensedSeries.Wrong(line, $"the value of {where} is a bound (its comparator says so) and no reading");
        if (Time(observation) is not { } text || !ReadingTime.TryParseIso(text, out var time))
            throw SensedSeries.Wrong(line, $"{where} does not say at which time it was taken");
        into.Add(new FileReading(line, code, time, value, Text(quantity, "code") ?? Text(quantity, "unit")));
    }

    private static string? Time(JsonElement observation) => Text(observation, "effectiveDateTime") ?? Text(observation, "effectiveInstant")
        ?? (observation.TryGetProperty("effectivePeriod", out var period) && period.ValueKind == JsonValueKind.Object ? Text(period, "start") : null);

    private static string? Code(JsonElement element)
    {
        if (!element.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.Object || !code.TryGetProperty("coding", out var codings)
            || codings.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var coding in codings.EnumerateArray())
            if (coding.ValueKind == JsonValueKind.Object && Text(coding, "system") == Loinc && Text(coding, "code") is { Length: > 0 } found && SeriesDescription.IsText(found))
                return found;
        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
