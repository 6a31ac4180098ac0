using System.Globalization;

namespace Salus.Cli;

/// <summary>Values of options that several verbs read alike.</summary>
internal static class Choice
{
    /// <summary>One of an enumeration, by its name in any case.</summary>
    public static T Of<T>(string text, string option, T[] values) where T : struct, Enum
    {
        foreach (var value in values)
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        throw new StoppedException($"{option} {text}: use one of {string.Join(", ", values.Select(value => value.ToString().ToLowerInvariant()))}.", ExitCode.Usage);
    }

    /// <summary>A day is its beginning in the local time zone.</summary>
    public static DateTimeOffset? Date(string? text, string option) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var date) ? date.ToUniversalTime()
        : throw new StoppedException($"{option} {text}: give a day like 2026-05-01, or a time like 2026-05-01T09:00.", ExitCode.Usage);
}
