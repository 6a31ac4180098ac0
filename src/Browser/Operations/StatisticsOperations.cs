using System.Text.Json.Serialization;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Statistics;
using Salus.Client.Studies;
using Salus.Protocol;

namespace Salus.Browser.Operations;

// What the operations of statistics take and answer, as web/src/core/api.ts and research.ts say it.

internal sealed record BudgetDocument(decimal Total, decimal Spent);

internal sealed record DescribeArguments(string Study, IReadOnlyList<string> Queries);

internal sealed record QueryDocument(string Query, string? Fault);

internal sealed record DescribedDocument(IReadOnlyList<QueryDocument> Queries);

internal sealed record AskStatisticsArguments(string Study, string Query, decimal Cost);

internal sealed record EstimateDocument(string Label, double Value, double Error)
{
    public static EstimateDocument Of(Estimate e) => new(e.Name, e.Value, e.High - e.Value);
}

internal sealed record AnswerDocument(string Query, string Kind, string Unit, IReadOnlyList<EstimateDocument> Estimates, string? Why, EstimateDocument? Participants, decimal Cost,
    DateTimeOffset At, IReadOnlyList<string> Complaints);

/// <summary>A researcher's questions to the three trustees.</summary>
internal sealed class StatisticsOperations(Session session)
{
    private const decimal Micros = 1_000_000;

    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new StatisticsOperations(session), StatisticsJson.Default);
        table.Add("study.budget", json.StudyArguments, json.BudgetDocument, operations.BudgetAsync);
        table.Add("statistics.describe", json.DescribeArguments, json.DescribedDocument, operations.DescribeAsync);
        table.Add("statistics.ask", json.AskStatisticsArguments, json.AnswerDocument, operations.AskAsync);
    }

    private async Task<BudgetDocument> BudgetAsync(StudyArguments arguments, Call call)
    {
        var left = await new StudyStatistics(Account).BudgetAsync((await StudyAsync(arguments.Study, call)).Study, call.Cancel);
        return new BudgetDocument(left.Micros / Micros, left.SpentMicros / Micros);
    }

    private async Task<DescribedDocument> DescribeAsync(DescribeArguments arguments, Call call)
    {
        var terms = (await StudyAsync(arguments.Study, call)).Terms;
        return new DescribedDocument([.. arguments.Queries.Select(query => new QueryDocument(query, AskedStatistic.TryParse(query, terms, out _, out var fault) ? null : fault))]);
    }

    private async Task<AnswerDocument> AskAsync(AskStatisticsArguments arguments, Call call)
    {
        var study = (await StudyAsync(arguments.Study, call)).Study;
        if (!AskedStatistic.TryParse(arguments.Query, study.Terms, out var asked, out var fault))
            throw new CannotException(fault, Reasons.BadQuery);
        var result = await new StudyStatistics(Account).AskAsync(study, asked, (long)decimal.Round(arguments.Cost * Micros), call.Cancel);
        return new AnswerDocument(arguments.Query, Kind(asked.Function), Unit(asked, study.Terms), [.. result.Values.Select(EstimateDocument.Of)],
            result.Why is null ? null : result.Participants is null ? "tooFew" : "tooNoisy", result.Participants is { } took ? EstimateDocument.Of(took) : null, result.RhoMicros / Micros,
            result.At, result.Complaints);
    }

    /// <summary>As it was listed last; the cloud is asked when it was not.</summary>
    private async Task<KnownStudy> StudyAsync(string study, Call call)
    {
        var id = Words.Id<StudyId>(study);
        return session.Shown.Study(id) ?? await new StudyList(Account).OneAsync(id, call.Cancel);
    }

    private static string Kind(StatisticsFunction function) => function switch
    {
        StatisticsFunction.Histogram => "histogram",
        StatisticsFunction.Regression => "regression",
        _ => "number",
    };

    /// <summary>Of numbers that are in the unit of their variable.</summary>
    private static string Unit(AskedStatistic asked, Protocol.Studies.StudyTerms terms) => asked.Function is StatisticsFunction.Sum or StatisticsFunction.Mean or StatisticsFunction.Min
        or StatisticsFunction.Max or StatisticsFunction.Median or StatisticsFunction.Quantile ? terms.Variables.FirstOrDefault(variable => variable.Name == asked.Operands[0])?.Unit ?? "" : "";
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudyArguments))]
[JsonSerializable(typeof(BudgetDocument))]
[JsonSerializable(typeof(DescribeArguments))]
[JsonSerializable(typeof(DescribedDocument))]
[JsonSerializable(typeof(AskStatisticsArguments))]
[JsonSerializable(typeof(AnswerDocument))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
