using Salus.Client.Accounts;
using Salus.Client.Requests;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>A request with the answer to it that the owner was shown.</summary>
internal sealed record ProposedAnswer(IncomingAccess Request, ShareProposal Proposal);

/// <summary>Requests by telephone number: being found, asking, answering, claiming.</summary>
internal sealed class RequestOperations(Session session)
{
    private Account Account => session.Account;

    private Client.Requests.Directory Directory => new(Account);

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new RequestOperations(session), RequestJson.Default);
        table.AddStoring("phone.get", json.Nothing, json.FindableDocument, operations.PhoneAsync);
        table.AddStoring("phone.set", json.PhoneArguments, json.FindableDocument, operations.SetPhoneAsync);
        table.AddStoring("phone.remove", json.Nothing, json.FindableDocument, operations.RemovePhoneAsync);
        table.AddChange("request.send", json.AskArguments, json.AskedDocument, operations.AskAsync);
        table.Add("requests", json.Nothing, json.RequestsDocument, operations.ListAsync);
        table.AddChange("request.propose", json.AnswerArguments, SharingJson.Default.ProposalDocument, operations.ProposeAsync);
        table.AddChange("request.approve", SharingJson.Default.ProposalArguments, SharingJson.Default.GrantedDocument, operations.ApproveAsync);
        table.AddChange("request.deny", json.RequestArguments, json.Done, operations.DenyAsync);
        table.AddChange("claim", json.ClaimArguments, json.ClaimDocument, operations.ClaimAsync);
    }

    private async Task<FindableDocument> PhoneAsync(Nothing arguments, Call call) => FindableDocument.Of(await Directory.RefreshAsync(call.Cancel));

    private async Task<FindableDocument> SetPhoneAsync(PhoneArguments arguments, Call call) =>
        FindableDocument.Of(await Directory.EnterAsync(PhoneNumber.Parse(arguments.Phone), call.Cancel));

    private async Task<FindableDocument> RemovePhoneAsync(Nothing arguments, Call call)
    {
        await Directory.RemoveAsync(call.Cancel);
        return FindableDocument.Of(null);
    }

    private async Task<AskedDocument> AskAsync(AskArguments arguments, Call call)
    {
        var asked = await new AccessRequests(Account).AskAsync(
            PhoneNumber.Parse(arguments.Phone), arguments.Keywords, Words.Role(arguments.Role), arguments.Reason, call.Cancel);
        return new AskedDocument(asked.Id, asked.Found, asked.Expires);
    }

    private async Task<RequestsDocument> ListAsync(Nothing arguments, Call call)
    {
        var (incoming, outgoing) = await new AccessRequests(Account).ListAsync(call.Cancel);
        return new RequestsDocument([.. incoming.Select(IncomingDocument.Of)], [.. outgoing.Select(OutgoingDocument.Of)]);
    }

    private async Task<ProposalDocument> ProposeAsync(AnswerArguments arguments, Call call)
    {
        var (request, proposal) = await new AccessRequests(Account).ProposeAsync(arguments.Request, arguments.Partitions, arguments.Until, call.Cancel);
        return ProposalDocument.Of(session.Shown.Add(new ProposedAnswer(request, proposal)), proposal, request.Request!.At);
    }

    private async Task<GrantedDocument> ApproveAsync(ProposalArguments arguments, Call call)
    {
        var answer = session.Shown.Proposal<ProposedAnswer>(arguments.Proposal);
        var requests = new AccessRequests(Account);
        var grant = await requests.ApproveAsync(answer.Request, answer.Proposal, call.Cancel);
        session.Shown.Remove(arguments.Proposal);
        return new GrantedDocument(grant.Terms.Id.ToString(), requests.Complaints);
    }

    private async Task<Done> DenyAsync(RequestArguments arguments, Call call)
    {
        await new AccessRequests(Account).DenyAsync(arguments.Request, call.Cancel);
        return new Done();
    }

    private async Task<ClaimDocument> ClaimAsync(ClaimArguments arguments, Call call)
    {
        var release = new Release(Account);
        var grant = await release.ChooseAsync(arguments.Grant is { } named ? Words.Id<GrantId>(named) : null, call.Cancel);
        var claimed = await release.ClaimAsync(grant, arguments.Code, call.Cancel);
        return new ClaimDocument(claimed.Grant.Grant.Terms.Id.ToString(), grant.OwnerName, grant.Owner.Account.ToString(), [.. grant.Partitions.Values], claimed.Released, claimed.Pending);
    }
}
