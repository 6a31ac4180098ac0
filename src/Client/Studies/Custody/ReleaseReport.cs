using Salus.Client.Cohorts;

namespace Salus.Client.Studies.Custody;

/// <summary>The rule that a study declares, as numbers between 0 and 1 where they are shares.</summary>
public sealed record ReleaseRule(int K, int L, double T, double Suppression, int MinimumCohort);

/// <summary>What is told of a release: no value of anybody.</summary>
/// <param name="Study">The study's number.</param>
/// <param name="Rule">What the study promised its participants.</param>
/// <param name="Contributions">What came.</param>
/// <param name="Before">The participants' table as it came; null when nobody contributed a copy.</param>
/// <param name="Release">The least generalisation that keeps the promise; null when none does.</param>
/// <param name="Refusal">Why nothing can be released; null when something can.</param>
/// <param name="Resources">FHIR resources that a release holds, by type.</param>
/// <param name="LeftOut">FHIR resources that it does not hold although they are of people in it, by type.</param>
/// <param name="Files">Images and such.</param>
public sealed record ReleaseReport(string Study, ReleaseRule Rule, ContributionTally Contributions, CohortFigures? Before, CohortOptimum? Release, string? Refusal,
    IReadOnlyDictionary<string, int> Resources, IReadOnlyDictionary<string, int> LeftOut, int Files);
