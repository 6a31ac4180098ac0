using System.Text.Json.Serialization;
using Salus.Client.Accounts;
using Salus.Client.Cohorts;
using Salus.Client.Studies.Custody;
using Salus.Protocol;

namespace Salus.Browser.Operations;

// What the operations of a custodian take and answer, as web/src/core/api.ts and research.ts say it.

internal sealed record FiguresDocument(int Rows, int Classes, int K, int Uniques, int? L, double? T, double Risk)
{
    public static FiguresDocument Of(CohortFigures f) => new(f.Rows, f.Classes, f.K, f.Uniques, f.L, f.T, f.HighestRisk);
}

internal sealed record LevelDocument(string Column, int Level, int Highest);

internal sealed record GateDocument(IReadOnlyList<LevelDocument> Levels, int Suppressed, FiguresDocument Figures)
{
    public static GateDocument Of(CohortOptimum o) =>
        new([.. o.Levels.Select(level => new LevelDocument(level.Column, level.Level, level.Highest))], o.Suppressed, FiguresDocument.Of(o.Figures));
}

internal sealed record CohortDocument(int Weighed, int Listed, int Withdrawn, int Refused, int Unreadable, int Participants, FiguresDocument? Before, GateDocument? Release)
{
    public static CohortDocument Of(int number, ReleaseReport r) => new(number, r.Contributions.Listed, r.Contributions.Withdrawn, r.Contributions.Refused, r.Contributions.Unreadable,
        r.Contributions.Participants, r.Before is { } before ? FiguresDocument.Of(before) : null, r.Release is { } release ? GateDocument.Of(release) : null);
}

internal sealed record WeighedArguments(int Weighed);

internal sealed record ReleasedDocument(int Rows, string Record, string Partition, IReadOnlyCollection<string> Complaints);

/// <summary>Studies as their custodian: contributions opened and weighed, what passes released.</summary>
internal sealed class CustodyOperations(Session session)
{
    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new CustodyOperations(session), CustodyJson.Default);
        table.Add("study.cohort", json.StudyArguments, json.CohortDocument, operations.WeighAsync);
        table.AddStoring("study.release", json.WeighedArguments, json.ReleasedDocument, operations.ReleaseAsync);
    }

    private async Task<CohortDocument> WeighAsync(StudyArguments arguments, Call call)
    {
        var weighed = await new Custodian(Account).WeighAsync(Words.Id<StudyId>(arguments.Study), call.Cancel);
        return CohortDocument.Of(session.Shown.Add(weighed), weighed.Report);
    }

    /// <summary>The folder of the release is for the time being: in a browser it is memory.</summary>
    private async Task<ReleasedDocument> ReleaseAsync(WeighedArguments arguments, Call call)
    {
        var (weighed, custodian) = (session.Shown.Proposal<WeighedStudy>(arguments.Weighed), new Custodian(Account));
        var folder = Directory.CreateTempSubdirectory("salus-release-").FullName;
        try
        {
            var released = await custodian.ReleaseAsync(weighed, folder, new CountReports(call), call.Cancel);
            session.Shown.Remove(arguments.Weighed);
            return new ReleasedDocument(released.Report.Release?.Figures.Rows ?? 0, released.Record.Record.ToString(), released.Partition, custodian.Complaints);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudyArguments))]
[JsonSerializable(typeof(CohortDocument))]
[JsonSerializable(typeof(WeighedArguments))]
[JsonSerializable(typeof(ReleasedDocument))]
internal sealed partial class CustodyJson : JsonSerializerContext;
