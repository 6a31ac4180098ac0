using Salus.Client.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Cli;

/// <summary>A number with its interval, as `salus stats --json` prints it.</summary>
internal sealed record EstimateDocument(string Name, double Value, double Error, double Low, double High)
{
    public static EstimateDocument Of(Estimate estimate) => new(estimate.Name, estimate.Value, estimate.Error, estimate.Low, estimate.High);
}

/// <summary>An answer: no values when `why` says why there are none.</summary>
internal sealed record StatsDocument(
    string Study, string Question, string Function, EstimateDocument? Participants, IReadOnlyList<EstimateDocument> Values, string? Why, decimal Rho, DateTimeOffset At,
    decimal Budget, decimal Spent, IReadOnlyList<string> Complaints)
{
    public static StatsDocument Of(Study study, string question, StatisticsResult result) => new(
        study.Id.ToString(), question, result.Asked.Function.Name(), result.Participants is { } participants ? EstimateDocument.Of(participants) : null,
        [.. result.Values.Select(EstimateDocument.Of)], result.Why, OfMicros(result.RhoMicros), result.At, OfMicros(result.BudgetMicros), OfMicros(result.SpentMicros), result.Complaints);

    internal static decimal OfMicros(long micros) => micros / 1_000_000m;

    internal static decimal Unscaled(StudyVariable variable, long scaled)
    {
        decimal value = scaled;
        for (var i = 0; i < variable.Decimals; i++)
            value /= 10;
        return value;
    }
}

/// <summary>What can be asked about a study, and what is left of its budget.</summary>
internal sealed record StatsStudyDocument(
    string Study, IReadOnlyList<string> Functions, IReadOnlyList<StatsVariableDocument> Variables, IReadOnlyList<StatsAttributeDocument> Attributes, decimal Budget, decimal Spent,
    decimal Usual)
{
    public static StatsStudyDocument Of(Study study, BudgetLeft budget) => new(study.Id.ToString(), [.. StatisticsFunctions.Names],
        [.. study.Terms.Variables.Select(variable => new StatsVariableDocument(variable.Name, variable.Unit, StatsDocument.Unscaled(variable, variable.Lower),
            StatsDocument.Unscaled(variable, variable.Upper), [.. variable.Bounds.Select(bound => StatsDocument.Unscaled(variable, bound))]))],
        [.. study.Terms.Attributes.Select(attribute => new StatsAttributeDocument(attribute.Name, [.. attribute.Categories, "unknown"]))],
        StatsDocument.OfMicros(budget.Micros), StatsDocument.OfMicros(budget.SpentMicros), StatsDocument.OfMicros(StudyStatistics.UsualRhoMicros(study.Terms)));
}

internal sealed record StatsVariableDocument(string Name, string Unit, decimal Lower, decimal Upper, IReadOnlyList<decimal> Bounds);

internal sealed record StatsAttributeDocument(string Name, IReadOnlyList<string> Categories);
