using System.Text.Json;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Studies;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Studies: as somebody who takes part, as the researcher.</summary>
internal sealed class StudyOperations(Session session)
{
    /// <summary>What KnownStudy.RoleOf calls whoever may take part.</summary>
    public const string Participant = "participant";

    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new StudyOperations(session), StudyJson.Default);
        table.Add("studies", json.StudiesArguments, json.StudiesDocument, operations.ListAsync);
        table.Add("study.preview", json.StudyArguments, json.PreviewDocument, operations.PreviewAsync);
        table.AddStoring("study.join", json.StudyArguments, json.JoinedDocument, operations.JoinAsync);
        table.AddStoring("study.withdraw", json.StudyArguments, json.MissingDocument, operations.WithdrawAsync);
        table.AddChange("study.open", json.OpenStudyArguments, json.OpenedStudyDocument, operations.OpenAsync);
        table.AddChange("study.close", json.StudyArguments, json.MissingDocument, operations.CloseAsync);
    }

    private async Task<StudiesDocument> ListAsync(StudiesArguments arguments, Call call)
    {
        var list = new StudyList(Account);
        var studies = await list.AllAsync(call.Cancel);
        foreach (var study in studies)
            session.Shown.Add(study);
        var asked = arguments.Elsewhere == true ? studies.Where(study => study.RoleOf(Account) == Participant) : null;
        var mine = (await new Participation(Account).MineAsync(asked, call.Cancel)).ToDictionary(own => own.Study, own => own.State);
        return new StudiesDocument([.. studies.Select(study => StudyDocument.Of(study, Account, mine.GetValueOrDefault(study.Id)))], [.. list.Complaints]);
    }

    private async Task<PreviewDocument> PreviewAsync(StudyArguments arguments, Call call) => PreviewDocument.Of(
        await ContributionPreview.OfAccountAsync(Account, await StudyAsync(arguments, call), RecordOperations.KeyOf(null), TransferReports.OfReading(call), call.Cancel));

    private async Task<JoinedDocument> JoinAsync(StudyArguments arguments, Call call)
    {
        var joined = await new Participation(Account).JoinAsync(await StudyAsync(arguments, call), RecordOperations.KeyOf(null), TransferReports.OfReading(call), call.Cancel);
        return new JoinedDocument(joined.CopyBytes, joined.Complaints);
    }

    private async Task<MissingDocument> WithdrawAsync(StudyArguments arguments, Call call) =>
        new(await new Participation(Account).WithdrawAsync(await StudyAsync(arguments, call), null, call.Cancel));

    /// <summary>The declaration is what the arguments are: the same again opens the same study.</summary>
    private async Task<OpenedStudyDocument> OpenAsync(OpenStudyArguments arguments, Call call) => new((await new Researching(Account).OpenAsync(arguments.ToDeclaration(),
        JsonSerializer.SerializeToUtf8Bytes(arguments, StudyJson.Default.OpenStudyArguments), call.Cancel)).Id.ToString());

    private async Task<MissingDocument> CloseAsync(StudyArguments arguments, Call call) => new(await new Researching(Account).CloseAsync(await StudyAsync(arguments, call), call.Cancel));

    private Task<KnownStudy> StudyAsync(StudyArguments arguments, Call call) => new StudyList(Account).OneAsync(Words.Id<StudyId>(arguments.Study), call.Cancel);
}
