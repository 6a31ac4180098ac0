using Salus.Client.Cohorts;
using Salus.Health.Cohort;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies.Custody;

/// <summary>A study's promise to its participants, asked of their table.</summary>
internal static class StudyGate
{
    private const double Mills = 1000;

    public static ReleaseRule RuleOf(Study study) => study.Terms.Release is var rules
        ? new ReleaseRule(rules.K, rules.L, rules.TMills / Mills, rules.SuppressionMills / Mills, rules.MinimumCohort)
        : throw new InvalidOperationException();

    /// <summary>The release, or why there is none.</summary>
    public static (CohortRelease? Release, ReleaseReport Report) Pass(Study study, IReadOnlyList<Participant> participants, ContributionTally tally, CancellationToken cancel)
    {
        var terms = study.Terms;
        string[] columns = [.. terms.QuasiIdentifiers.Select(quasi => quasi.Column)];
        var nothing = new Dictionary<string, int>();
        ReleaseReport Report(CohortTable? table, CohortRelease? release, string? refusal) => new(study.Id.ToString(), RuleOf(study), tally,
            table is null ? null : CohortFiles.Figures(CohortMeasures.Of(table)), release is null ? null : CohortFiles.Optimum(columns, release), refusal, nothing, nothing, 0);
        if (terms.Sensitive.Length > 0 && !PatientColumns.MayBeSensitive(terms.Sensitive))
            throw new CannotException($"The study would have {terms.Sensitive} released as it is, which tells people apart: only a condition or a death can be its sensitive column.");
        try
        {
            var table = CohortTable.Of(participants.Select(participant => participant.Row), columns, terms.Sensitive.Length > 0 ? terms.Sensitive : null);
            if (table.Rows == 0)
                return (null, Report(null, null, "Nobody has contributed a copy that holds."));
            if (table.Rows < terms.Release.MinimumCohort)
                return (null, Report(table, null, $"{table.Rows} participants are fewer than the {terms.Release.MinimumCohort} that the study promises at least."));
            var rule = new GateRule
            {
                K = terms.Release.K, L = terms.Release.L > 1 ? terms.Release.L : null, T = terms.Release.TMills < Mills ? terms.Release.TMills / Mills : null,
                Suppression = terms.Release.SuppressionMills / (decimal)Mills,
            };
            var release = ReleaseGate.Search(table, [.. terms.QuasiIdentifiers.Select(quasi => PatientColumns.Declared(quasi.Column, quasi.Hierarchy))], rule, cancel);
            if (release is null)
                return (null, Report(table, null, "However far the columns are generalised, some participants stay too few alike, or their sensitive values too telling, and leaving them out "
                    + "would be more than the study allows."));
            return release.Measures.Rows < terms.Release.MinimumCohort
                ? (null, Report(table, null, $"The {release.Measures.Rows} participants that would stay are fewer than the {terms.Release.MinimumCohort} that the study promises at least."))
                : (release, Report(table, release, null));
        }
        catch (CohortException fault)
        {
            throw new CannotException($"The study cannot be weighed as it is declared. {fault.Message}");
        }
    }
}
