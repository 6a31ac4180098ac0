namespace Salus.Protocol.Studies;

/// <summary>A column by which people could be told apart, and how it may be made coarser.</summary>
/// <param name="Column">One of the columns that the de-identifier extracts (docs/spec/study.md lists them).</param>
/// <param name="Hierarchy">How it is made coarser, in the text form of the cohort tables; empty for the column's own.</param>
public sealed record QuasiIdentifier(string Column, string Hierarchy);

/// <summary>A number of a participant's row. The scaled value is the number times 10^<paramref name="Decimals"/>; it is clipped to lower … upper.</summary>
/// <param name="Name">See <see cref="StudySymbol.IsColumn"/>.</param>
/// <param name="Source">"loinc:CODE" for the latest Observation of that code, or "column:NAME" of a table.</param>
/// <param name="Unit">UCUM; may be empty.</param>
/// <param name="Lower">Scaled; below <paramref name="Upper"/>.</param>
/// <param name="Bounds">Scaled upper bounds, exclusive, of all buckets of the histogram but the last; ascending, between lower and upper; none for no histogram.</param>
public sealed record StudyVariable(string Name, string Source, string Unit, byte Decimals, long Lower, long Upper, IReadOnlyList<long> Bounds);

/// <summary>A property of a participant with a fixed list of values, by which queries filter.</summary>
/// <param name="Source">"quasi:COLUMN", "loinc:CODE" or "column:NAME".</param>
/// <param name="Categories">2 or more by <see cref="StudySymbol.IsCategory"/>, no two alike.</param>
public sealed record StudyAttribute(string Name, string Source, IReadOnlyList<string> Categories);

/// <summary>An organisation that contributes for its patients, and for how many at most.</summary>
public sealed record StudyOrganisation(AccountId Account, int Quota);

/// <summary>What must hold before anything is released to the researcher.</summary>
/// <param name="K">How many look alike, at least: 2 to 10,000.</param>
/// <param name="L">Distinct sensitive values in every group of them: 1 for no demand.</param>
/// <param name="TMills">How far the sensitive values of a group may be from those of all, in thousandths: 1,000 for no demand.</param>
/// <param name="SuppressionMills">What part of the rows may be left out, in thousandths.</param>
/// <param name="MinimumCohort">Participants of anything that is released or answered, at least: 2 or more.</param>
public sealed record ReleaseRules(int K, int L, int TMills, int SuppressionMills, int MinimumCohort)
{
    public static readonly ReleaseRules Default = new(K: 11, L: 1, TMills: 1000, SuppressionMills: 50, MinimumCohort: 11);
}

/// <summary>What a study is, wants and promises.</summary>
/// <param name="Researcher">Who opens it and gets what is released.</param>
/// <param name="Custodian">Another account: it alone opens contributions, and releases nothing that fails <paramref name="Release"/>.</param>
/// <param name="Trustees">The three that issue tokens and keep rows, in ascending order of their keys (<see cref="Study.InOrder"/>).</param>
/// <param name="Rules">De-identification rules, a configuration in JSON; empty for the built-in ones.</param>
/// <param name="Resources">FHIR resource types whose de-identified copies are wanted; none for no copies.</param>
/// <param name="Sensitive">The column whose values l and t speak of; empty for none.</param>
/// <param name="BudgetMicros">Privacy budget of the answers, rho of zero-concentrated differential privacy in millionths; 0 for no answers.</param>
/// <param name="Opens">The first instant of contributions.</param>
/// <param name="Ends">The first instant at which no more come: at most <see cref="Limits.MaxStudyDuration"/> later.</param>
public sealed record StudyTerms(
    StudyId Id, AccountCard Researcher, AccountCard Custodian, IReadOnlyList<VerifyingKey> Trustees, string Title, string Purpose, string Rules,
    IReadOnlyList<string> Resources, IReadOnlyList<QuasiIdentifier> QuasiIdentifiers, string Sensitive, ReleaseRules Release, long BudgetMicros,
    IReadOnlyList<StudyVariable> Variables, IReadOnlyList<StudyAttribute> Attributes, IReadOnlyList<StudyOrganisation> Organisations,
    DateTimeOffset Opens, DateTimeOffset Ends)
{
    public bool WantsCopies => Resources.Count > 0;

    /// <summary>Images come with the resources that list them.</summary>
    public bool WantsImages => Resources.Contains("ImagingStudy");

    public bool WantsRows => Variables.Count + Attributes.Count > 0;

    /// <summary>Without quasi-identifiers everybody looks alike, and l and t are about the values of a sensitive column.</summary>
    internal bool LetsTheGateMeasure => (!WantsCopies || QuasiIdentifiers.Count > 0)
        && (Sensitive.Length > 0 || (Release.L == ReleaseRules.Default.L && Release.TMills == ReleaseRules.Default.TMills));

    /// <summary>How many contributions an account may make: one, an organisation of the study up to its quota.</summary>
    public int Quota(AccountId account) => Organisations.FirstOrDefault(organisation => organisation.Account == account)?.Quota ?? 1;
}
