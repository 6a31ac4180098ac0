namespace Salus.Health.Deidentification;

/// <summary>Rules that cannot be followed: which one, and what is wrong with it. Thrown before anything of a record is read.</summary>
public sealed class RulesException(string rule, string what) : FormatException(rule.Length == 0 ? $"The rules cannot be followed: {what}." : $"{rule}: {what}.")
{
    /// <summary>The rule in words, as "rule 3 (Patient.name)"; empty when it is none in particular.</summary>
    public string Rule { get; } = rule;
}
