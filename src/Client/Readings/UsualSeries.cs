namespace Salus.Client.Readings;

/// <summary>What common codes (LOINC) are measured in, where whoever makes a series does not say.</summary>
internal static class UsualSeries
{
    /// <summary>Both values of a blood pressure.</summary>
    public const string BloodPressure = "85354-9";
    public const string Systolic = "8480-6";
    public const string Diastolic = "8462-4";

    private const int Decimals = 3;

    private static readonly Dictionary<string, (string Unit, int Decimals)> Codes = new(StringComparer.Ordinal)
    {
        ["8867-4"] = ("/min", 1),
        ["9279-1"] = ("/min", 1),
        ["59408-5"] = ("%", 1),
        ["2708-6"] = ("%", 1),
        ["2339-0"] = ("mg/dL", 1),
        ["41653-7"] = ("mg/dL", 1),
        ["15074-8"] = ("mmol/L", 2),
        [Systolic] = ("mm[Hg]", 1),
        [Diastolic] = ("mm[Hg]", 1),
        ["8310-5"] = ("Cel", 2),
        ["29463-7"] = ("kg", 2),
    };

    public static (string Unit, int Decimals) Of(string? code) => code is not null && Codes.TryGetValue(code, out var usual) ? usual : ("", Decimals);
}
