using System.Globalization;
using Salus.Client.Accounts;
using Salus.Client.Sharing;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>What a person is asked before they join: one sentence, and the details behind it.</summary>
public static class StudyConsent
{
    /// <summary>
    /// "dr.lee@example.org's study “Sleep” (until 1 March 2027) gets a copy of your diagnoses and measurements without your name; City Hospital checks that at least 11 people
    /// look alike before anything is released; you can withdraw until then."
    /// </summary>
    public static string Sentence(KnownStudy study)
    {
        var terms = study.Terms;
        var gets = new List<string>();
        if (terms.WantsCopies)
            gets.Add($"a copy of your {ShareProposal.Join([.. terms.Resources.Select(Words).Distinct()])} without your name");
        if (terms.WantsRows)
            gets.Add($"{(terms.WantsCopies ? "" : "nothing but ")}statistics over your {ShareProposal.Join(RowNames(terms))}, which no server ever sees");
        var check = terms.WantsCopies
            ? $"{study.Custodian.Title} checks that at least {Number(terms.Release.K)} people look alike before anything is released"
            : $"answers are about at least {Number(terms.Release.MinimumCohort)} people together";
        return $"{study.Researcher.Title}'s study “{terms.Title}” (until {Day(study.Ends)}) gets {ShareProposal.Join(gets)}; {check}; you can withdraw until then.";
    }

    /// <summary>Lines of the details.</summary>
    public static IReadOnlyList<string> Details(KnownStudy study)
    {
        var (terms, release) = (study.Terms, study.Terms.Release);
        var lines = new List<string> { $"Purpose: {terms.Purpose}", $"Researcher: {Of(study.Researcher)}", $"Custodian: {Of(study.Custodian)}, the only one who opens contributions" };
        if (terms.WantsCopies)
        {
            lines.Add($"Copies of: {string.Join(", ", terms.Resources)}; "
                + $"rules: {(terms.Rules.Length == 0 ? "built in (Safe Harbor)" : $"the study's own, {Number(terms.Rules.Length)} characters")}");
            if (terms.QuasiIdentifiers.Count > 0)
                lines.Add($"The custodian also sees, to compare people: {string.Join(", ", terms.QuasiIdentifiers.Select(quasi => quasi.Column))}"
                    + (terms.Sensitive.Length > 0 ? $" and {terms.Sensitive}" : ""));
            lines.Add($"Released only if: {Number(release.K)} people look alike{(release.L > 1 ? $", with {Number(release.L)} different values of {terms.Sensitive}" : "")}"
                + $"{(release.TMills < 1000 ? $", within {Decimal(release.TMills)} of the distribution of all" : "")}; at most {Decimal(release.SuppressionMills)} of them left out");
        }
        if (terms.WantsRows)
            lines.Add($"Statistics over: {string.Join(", ", RowNames(terms))}; for {Number(release.MinimumCohort)} people at least, within a budget of {Budget(terms.BudgetMicros)}");
        return lines;
    }

    /// <summary>What a study calls its columns.</summary>
    internal static IReadOnlyList<string> RowNames(StudyTerms terms) => [.. terms.Variables.Select(variable => variable.Name), .. terms.Attributes.Select(attribute => attribute.Name)];

    private static string Of(StudyParty party) =>
        $"{party.Title}, fingerprint {party.Card.Fingerprint} ({(party.IsVerified ? "you have compared it" : "you have not compared it")})";

    private static string Day(DateTimeOffset at) => at.ToLocalTime().ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Decimal(int mills) => (mills / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Budget(long micros) => (micros / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);

    private static string Words(string type) => type switch
    {
        "Patient" => "basic data",
        "Condition" => "diagnoses",
        "Observation" => "measurements",
        "MedicationRequest" or "MedicationStatement" or "MedicationAdministration" or "MedicationDispense" => "medication",
        "Immunization" => "vaccinations",
        "Procedure" => "procedures",
        "AllergyIntolerance" => "allergies",
        "Encounter" => "visits",
        "DiagnosticReport" => "reports",
        "ImagingStudy" => "images",
        "CarePlan" => "care plans",
        "Claim" or "ExplanationOfBenefit" => "bills",
        _ => type,
    };
}
