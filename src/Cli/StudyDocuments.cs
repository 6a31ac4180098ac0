using Salus.Client.Accounts;
using Salus.Client.Studies;

namespace Salus.Cli;

// What the verbs of studies print with --json (docs/cli.md).

/// <summary>A study's researcher or custodian.</summary>
internal sealed record StudyPartyDocument(string Account, string? Mail, string? Organisation, string Fingerprint, bool Verified)
{
    public static StudyPartyDocument Of(StudyParty party) => new(party.Card.Account.ToString(), party.Mail, party.Card.Organisation, party.Card.Fingerprint, party.IsVerified);
}

internal sealed record StudyVariableDocument(string Name, string Source, string Unit, int Decimals, long Lower, long Upper, IReadOnlyList<long> Bounds);

internal sealed record StudyAttributeDocument(string Name, string Source, IReadOnlyList<string> Categories);

internal sealed record StudyDocument(string Study, string State, string Role, string Title, string Purpose, string Sentence, IReadOnlyList<string> Details, StudyPartyDocument Researcher,
    StudyPartyDocument Custodian, DateTimeOffset Opens, DateTimeOffset Ends, IReadOnlyList<string> Resources, IReadOnlyList<string> QuasiIdentifiers, string? Sensitive,
    int K, int L, decimal T, decimal Suppression, int MinimumCohort, decimal Budget, IReadOnlyList<StudyVariableDocument> Variables, IReadOnlyList<StudyAttributeDocument> Attributes)
{
    public static StudyDocument Of(KnownStudy study, Account account)
    {
        var (terms, release) = (study.Terms, study.Terms.Release);
        return new(study.Id.ToString(), study.StateFor(account), study.RoleOf(account), terms.Title, terms.Purpose, StudyConsent.Sentence(study), StudyConsent.Details(study),
            StudyPartyDocument.Of(study.Researcher), StudyPartyDocument.Of(study.Custodian), terms.Opens, study.Ends, terms.Resources,
            [.. terms.QuasiIdentifiers.Select(quasi => quasi.Column)], terms.Sensitive.Length > 0 ? terms.Sensitive : null, release.K, release.L, release.TMills / 1000m,
            release.SuppressionMills / 1000m, release.MinimumCohort, terms.BudgetMicros / 1_000_000m,
            [.. terms.Variables.Select(v => new StudyVariableDocument(v.Name, v.Source, v.Unit, v.Decimals, v.Lower, v.Upper, v.Bounds))],
            [.. terms.Attributes.Select(a => new StudyAttributeDocument(a.Name, a.Source, a.Categories))]);
    }
}

internal sealed record StudiesDocument(IReadOnlyList<StudyDocument> Studies, IReadOnlyList<string> Alarms);

/// <summary>
/// `Changes`: what de-identification did, by method; empty when an earlier attempt was finished. `Waiting`: trustees that have not taken the row yet. `Due`: when `resume` sends it.
/// </summary>
internal sealed record JoinedDocument(string Study, int CopyBytes, IReadOnlyDictionary<string, long> Changes, IReadOnlyList<string> Waiting, DateTimeOffset? Due)
{
    public static JoinedDocument Of(KnownStudy study, ContributionOutcome outcome) => new(study.Id.ToString(), outcome.CopyBytes, outcome.Changes, outcome.Waiting, outcome.Due);
}

internal sealed record ParticipationDocument(string Study, string? Title, string State);

internal sealed record ParticipationsDocument(IReadOnlyList<ParticipationDocument> Studies);

/// <summary>`Pending`: trustees that could not be told yet.</summary>
internal sealed record WithdrawnDocument(string Study, IReadOnlyList<string> Pending);

internal sealed record ContributedDocument(string File, string State, string? Failure);

internal sealed record ContributeDocument(string Study, IReadOnlyList<ContributedDocument> Files);
