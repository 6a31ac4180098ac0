using System.Text;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Crypto.Primitives;
using Salus.Health.Cohort;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Fhir;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Studies;

namespace Salus.Client.Studies;

/// <summary>What a researcher does: opens a study and ends it.</summary>
public sealed class Researching(Account account)
{
    private string Folder => Path.Combine(account.Profile.Folder, "studies");

    /// <summary>
    /// Opens the study of a declaration: at the three trustees, then at the cloud. The same declaration again opens the same study, so that whatever cut it short can be repeated.
    /// </summary>
    public async Task<Study> OpenAsync(StudyDeclaration declaration, ReadOnlyMemory<byte> file, CancellationToken cancel)
    {
        // 1 Signed once: the trustees keep a study as it first came.
        var path = Path.Combine(Folder, Convert.ToHexStringLower(Sha256.Hash(file.Span))[..32] + ".study");
        if (!File.Exists(path) || !Study.TryVerify(await File.ReadAllBytesAsync(path, cancel), out var study) || study.Terms.Researcher.Account != account.Id)
        {
            study = await MakeAsync(declaration, cancel);
            DurableFile.Write(path, study.Signed);
        }

        // 2 At all three trustees, for contributions are checked at each.
        var ticket = await account.Cloud.HardeningTicketAsync(cancel);
        var words = new List<TokenKey>();
        foreach (var key in study.Terms.Trustees)
        {
            var trustee = account.Trustees.FirstOrDefault(trustee => trustee.Key.Equals(key))
                ?? throw new CannotException("The study was declared with other trustees than this account's.", Reasons.BadStudy);
            words.Add(await trustee.KeepStudyAsync(study, ticket, cancel));
        }

        // 3 And for everybody to see.
        await account.Cloud.Studies.OpenAsync(study, words, cancel);
        return study;
    }

    /// <summary>Ends a study for good. The trustees and the cloud take nothing more; what was contributed stays with the custodian.</summary>
    /// <returns>Which trustees could not be told yet: the same again tells them.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(KnownStudy study, CancellationToken cancel)
    {
        if (study.Terms.Researcher.Account != account.Id)
            throw new CannotException("Only the researcher who opened a study ends it.", Reasons.NotYours);
        var end = study.End ?? StudyEnd.Create(account.Keys.Identity, study.Id, account.Now);
        await account.Cloud.Studies.EndAsync(end, cancel);
        var untold = new List<string>();
        foreach (var trustee in account.Trustees)
            try
            {
                await trustee.EndStudyAsync(end, cancel);
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException { Code: not Problems.NotYours })
            {
                untold.Add(trustee.Name);
            }
        return untold;
    }

    private async Task<Study> MakeAsync(StudyDeclaration declaration, CancellationToken cancel)
    {
        var terms = await declaration.TermsAsync(account, Identifier.Random<StudyId>(), cancel);
        if (terms.Custodian.Account == account.Id)
            throw new CannotException("The custodian is another account than the researcher's: it checks what the researcher gets.", Reasons.BadStudy);
        if (terms.Ends <= account.Now)
            throw new CannotException("The study would be over before it begins: look at \"ends\".", Reasons.BadDates);
        Check(terms);
        try
        {
            return Study.Create(account.Keys.Identity, terms);
        }
        catch (ArgumentException)
        {
            throw new CannotException("The declaration is outside what a study can be: look at its names (small letters, digits, hyphens), its limits and lists (docs/spec/study.md). "
                + "Nothing was opened.", Reasons.BadStudy);
        }
    }

    /// <summary>What every participant's device would refuse is refused here.</summary>
    private static void Check(StudyTerms terms)
    {
        try
        {
            if (terms.Rules.Length > 0)
                _ = FhirRules.ReadForStudy(Encoding.UTF8.GetBytes(terms.Rules));
            foreach (var quasi in terms.QuasiIdentifiers)
                _ = PatientColumns.Declared(quasi.Column, quasi.Hierarchy);
        }
        catch (Exception fault) when (fault is RulesException or CohortException)
        {
            throw new CannotException($"{fault.Message} Nothing was opened.", Reasons.BadStudy);
        }
        foreach (var column in terms.QuasiIdentifiers.Select(quasi => quasi.Column).Append(terms.Sensitive).Where(column => column.Length > 0).Concat(ParticipantRow.Columns(terms)))
            if (PatientColumns.HierarchyOf(column) is null)
                throw new CannotException($"There is no column {column}. There are: {string.Join(", ", PatientColumns.Names)}.", Reasons.BadStudy);
        if (terms.Sensitive.Length > 0 && !PatientColumns.MayBeSensitive(terms.Sensitive))
            throw new CannotException($"{terms.Sensitive} would be released as it is: only a condition or a death can be the sensitive column.", Reasons.BadStudy);
        if (terms.WantsCopies && terms.Sensitive.Length == 0 && (terms.Release.L > 1 || terms.Release.TMills < ReleaseRules.Default.TMills))
            throw new CannotException("\"l\" and \"t\" are about a sensitive column, and the study names none: nothing of it could ever be released.", Reasons.BadStudy);
        if (terms.WantsCopies && terms.QuasiIdentifiers.Count == 0)
            throw new CannotException("A study that asks for copies names the columns by which people could be told apart (\"quasiIdentifiers\").", Reasons.BadStudy);
    }
}
