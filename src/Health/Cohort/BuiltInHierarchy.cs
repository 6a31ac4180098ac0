using System.Globalization;

namespace Salus.Health.Cohort;

/// <summary>
/// Hierarchies that need no table. Each ends in <see cref="Hierarchy.Anything"/>, except <see cref="Keep"/>; a value of another shape than the hierarchy is for
/// (and the empty one) stands for itself at level 0 and is <see cref="Hierarchy.Anything"/> above.
/// </summary>
public sealed class BuiltInHierarchy : Hierarchy
{
    /// <summary>Ages under HIPAA's rule are told apart up to this one only.</summary>
    private const int OldestAge = 89;

    /// <summary>All older ones, also as a table says it that was generalised before.</summary>
    private const string Oldest = "90+";

    private const int PostalLength = 5;

    private readonly Func<string, string[]> above;

    private BuiltInHierarchy(string name, int levels, Func<string, string[]> above) : base(levels) => (Name, this.above) = (name, above);

    /// <summary>Years of age: itself up to 89 (then 90+), 5 years, 10, 20, anything.</summary>
    public static BuiltInHierarchy Age { get; } = new("age", 5, Ages);

    /// <summary>A calendar year: itself, 5 years, the decade, 20 years, anything.</summary>
    public static BuiltInHierarchy Year { get; } = new("year", 5, Years);

    /// <summary>A postal code: itself, its first 4 characters, 3, 2, 1, anything.</summary>
    public static BuiltInHierarchy Zip { get; } = new("zip", PostalLength + 1, Prefixes);

    /// <summary>A date, YYYY-MM-DD with or without a time: the day, the month, the year, the decade, anything.</summary>
    public static BuiltInHierarchy Date { get; } = new("date", 5, Dates);

    /// <summary>A value, or anything.</summary>
    public static BuiltInHierarchy Suppress { get; } = new("suppress", 2, value => [value, Anything]);

    /// <summary>A value that is never generalised.</summary>
    public static BuiltInHierarchy Keep { get; } = new("keep", 1, value => [value]);

    public static IReadOnlyList<BuiltInHierarchy> All { get; } = [Age, Year, Zip, Date, Suppress, Keep];

    public string Name { get; }

    public static BuiltInHierarchy? Named(string name) => All.FirstOrDefault(hierarchy => hierarchy.Name == name);

    internal override IReadOnlyList<string> Of(string value) => above(value);

    private static string[] Ages(string value)
    {
        if (value == Oldest)
            return [Oldest, Oldest, Oldest, Oldest, Anything];
        if (!TryNumber(value, 3, out var age))
            return Unknown(value, 5);
        return age > OldestAge ? [Oldest, Oldest, Oldest, Oldest, Anything] : [Text(age), AgeBand(age, 5), AgeBand(age, 10), AgeBand(age, 20), Anything];
    }

    /// <summary>The highest band ends where 90+ begins.</summary>
    private static string AgeBand(int age, int width) => $"{Text(age / width * width)}-{Text(Math.Min(OldestAge, (age / width * width) + width - 1))}";

    private static string[] Years(string value) =>
        TryNumber(value, 4, out var year) ? [value, Band(year, 5), Band(year, 10), Band(year, 20), Anything] : Unknown(value, 5);

    private static string[] Prefixes(string value)
    {
        if (value.Length == 0)
            return Unknown(value, PostalLength + 1);
        var levels = new string[PostalLength + 1];
        levels[0] = value;
        for (var level = 1; level < PostalLength; level++)
            levels[level] = value[..Math.Min(value.Length, PostalLength - level)].PadRight(PostalLength, '*');
        levels[PostalLength] = Anything;
        return levels;
    }

    private static string[] Dates(string value) =>
        value.Length >= 10 && DateOnly.TryParseExact(value.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? [value, value[..7], value[..4], Band(day.Year, 10), Anything]
            : Unknown(value, 5);

    private static string[] Unknown(string value, int levels) => [value, .. Enumerable.Repeat(Anything, levels - 1)];

    private static string Band(int number, int width) => $"{Text(number / width * width)}-{Text((number / width * width) + width - 1)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string value, int digits, out int number)
    {
        number = 0;
        return value.Length <= digits && value.All(char.IsAsciiDigit) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
