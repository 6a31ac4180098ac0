using System.Text.Json.Serialization;
using Salus.Client.Cohorts;
using Salus.Client.Studies.Custody;

namespace Salus.Cli;

// What `cohort --json`, `study cohort --json` and `study release --json` print (docs/cli.md).

internal sealed record RiskDocument(double Highest, double Average);

internal sealed record CohortDocument(int Rows, int Classes, int K, int Uniques, int? L, double? T, int Below5, int Below10, RiskDocument Risk,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CohortReleaseDocument? Release = null)
{
    public static CohortDocument Of(CohortFigures f, CohortOptimum? optimum) =>
        new(f.Rows, f.Classes, f.K, f.Uniques, f.L, f.T, f.Below5, f.Below10, new RiskDocument(f.HighestRisk, f.AverageRisk), optimum is null ? null : CohortReleaseDocument.Of(optimum));
}

internal sealed record CohortReleaseDocument(
    IReadOnlyDictionary<string, int> Node, IReadOnlyList<int> Levels, int Suppressed, double Loss, int Nodes,
    int Rows, int Classes, int K, int Uniques, int? L, double? T, int Below5, int Below10, RiskDocument Risk)
{
    public static CohortReleaseDocument Of(CohortOptimum o) =>
        new(o.Levels.ToDictionary(level => level.Column, level => level.Level), [.. o.Levels.Select(level => level.Level)], o.Suppressed, o.Loss, o.Nodes,
            o.Figures.Rows, o.Figures.Classes, o.Figures.K, o.Figures.Uniques, o.Figures.L, o.Figures.T, o.Figures.Below5, o.Figures.Below10,
            new RiskDocument(o.Figures.HighestRisk, o.Figures.AverageRisk));
}

internal sealed record StudyReleaseDocument(
    string Study, string Researcher, string Fingerprint, ReleaseRule Rule, ContributionTally Contributions, CohortDocument? Before, CohortReleaseDocument? Release, string? Refusal,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReleasedDocument? Released = null)
{
    public static StudyReleaseDocument Of(WeighedStudy weighed, ReleasedStudy? released = null) => new(weighed.Report.Study, weighed.Researcher.Title, weighed.Researcher.Card.Fingerprint,
        weighed.Report.Rule, weighed.Report.Contributions, weighed.Report.Before is { } before ? CohortDocument.Of(before, null) : null,
        weighed.Report.Release is { } release ? CohortReleaseDocument.Of(release) : null, weighed.Report.Refusal,
        released is null ? null : new ReleasedDocument(released.Folder, released.Record.Record.ToString(), released.Partition, released.Grant.ToString(), released.Report.Resources,
            released.Report.LeftOut, released.Report.Files));
}

internal sealed record ReleasedDocument(string Out, string Record, string Partition, string Grant, IReadOnlyDictionary<string, int> Resources, IReadOnlyDictionary<string, int> LeftOut, int Files);
