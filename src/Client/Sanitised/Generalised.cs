using System.Text.Json;

namespace Salus.Client.Sanitised;

/// <summary>
/// Coarser values that a signer signs beside the exact ones, so that a sanitised copy can show the year of a date and still verify. They stand in the member <see cref="Member"/> of the object
/// that has the exact value, under its name: {"birthDate": {"year": "1985", "month": "1985-03"}}.
/// </summary>
internal static class Generalised
{
    public const string Member = "generalised";

    /// <summary>Digits of a ZIP code that Safe Harbor lets stand, 45 CFR 164.514(b)(2)(i)(B); the others become zeros.</summary>
    private const int ZipPrefix = 3;

    /// <summary>The coarser values of a member, finest first; none when there is nothing coarser to say.</summary>
    public static IEnumerable<(string Name, string Value)> Of(string member, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text)
            yield break;
        if (member == "postalCode")
        {
            if (text.Length >= 5 && text.AsSpan(0, 5).IndexOfAnyExceptInRange('0', '9') < 0)
                yield return ("zip3", text[..ZipPrefix].PadRight(5, '0'));
        }
        else if (IsMonth(text))
        {
            if (text.Length >= 10)
                yield return ("month", text[..7]);
            yield return ("year", text[..4]);
        }
    }

    /// <summary>Begins as a FHIR date does that knows its month: YYYY-MM, and then ends or goes on with a day.</summary>
    private static bool IsMonth(string text) =>
        text.Length is 7 or >= 10 && text[4] == '-' && (text.Length == 7 || (text[7] == '-' && (text.Length == 10 || text[10] == 'T')))
        && text.AsSpan(0, 4).IndexOfAnyExceptInRange('0', '9') < 0 && text.AsSpan(5, 2).IndexOfAnyExceptInRange('0', '9') < 0
        && (text.Length == 7 || text.AsSpan(8, 2).IndexOfAnyExceptInRange('0', '9') < 0);
}
