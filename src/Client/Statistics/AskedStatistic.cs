using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Statistics;

/// <summary>
/// A question in the words of its asker (docs/spec/statistics.md, Questions): `mean(heart-rate) where sex=female and age in {60-plus, 40-59} and glucose in [4.0..7.0)`.
/// </summary>
/// <param name="Function">What is to be known.</param>
/// <param name="Operands">Names of variables or attributes, in the asker's order.</param>
/// <param name="Probability">Of a quantile, in 0 … 1.</param>
/// <param name="Question">What the trustees are asked.</param>
public sealed record AskedStatistic(StatisticsFunction Function, IReadOnlyList<string> Operands, decimal Probability, Question Question)
{
    /// <summary>Characters of a question, at most.</summary>
    public const int MaxLength = 1000;

    /// <summary>False with one sentence that says what is wrong and what to write instead.</summary>
    public static bool TryParse(string text, StudyTerms terms, [NotNullWhen(true)] out AskedStatistic? asked, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(terms);
        (asked, fault) = (null, null);
        try
        {
            asked = text.Length <= MaxLength ? new StatisticsParser(text, terms).Parse() : throw new FormatException($"A question has at most {MaxLength} characters.");
            return true;
        }
        catch (FormatException wrong)
        {
            fault = wrong.Message;
            return false;
        }
    }
}
