using System.Text.RegularExpressions;

namespace Salus.Health.Deidentification.Fhir.Paths;

/// <summary>
/// A regular expression of the rules, which is part of the rules and never of a record. It is matched in linear time, so that no record and no rule
/// can make it take for ever.
/// </summary>
internal sealed class PathPattern
{
    /// <summary>Characters of a pattern, at most: what is made of it grows with them, by kilobytes for each.</summary>
    public const int MaxLength = 512;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly Regex regex;

    public PathPattern(PathNode argument)
    {
        if (argument is not LiteralNode { Value: string pattern })
            throw new PathException("a pattern is written in quotes");
        if (pattern.Length > MaxLength)
            throw new PathException($"a pattern is longer than {MaxLength} characters");
        try
        {
            regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Longest);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new PathException($"the pattern '{PathTypes.Show(pattern)}' is none, or needs backtracking");
        }
    }

    public bool IsMatch(string text) => Guard(() => regex.IsMatch(text));

    public string Replace(string text, string by) => Guard(() => regex.Replace(text, by));

    private static T Guard<T>(Func<T> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new PathException("a pattern takes too long on this record");
        }
    }
}
