using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Records;
using Salus.Client.Requests;
using Salus.Client.Search.Compacting;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Grants: given, received and taken back.</summary>
internal sealed class SharingOperations(Session session)
{
    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new SharingOperations(session), SharingJson.Default);
        table.Add("shared", json.Nothing, json.SharedDocument, operations.SharedAsync);
        table.AddChange("share.propose", json.ShareArguments, json.ProposalDocument, operations.ProposeAsync);
        table.AddChange("deposit.propose", json.DepositArguments, json.ProposalDocument, operations.ProposeDepositAsync);
        table.AddChange("share.confirm", json.ProposalArguments, json.GrantedDocument, operations.ConfirmAsync);
        table.Add("grants", json.Nothing, json.GrantsDocument, operations.ListAsync);
        table.AddChange("revoke", json.GrantArguments, json.RevokedDocument, operations.RevokeAsync);
    }

    private async Task<SharedDocument> SharedAsync(Nothing arguments, Call call)
    {
        var (records, complaints) = await new RecordStore(Account).SharedAsync(call.Cancel);
        var grants = await new ReceivedGrants(Account).ListAsync(call.Cancel);
        var locked = await new AccessRequests(Account).LockedAsync(call.Cancel);
        var deposits = await new ReceivedDeposits(Account).ListAsync(call.Cancel);
        var now = session.Clock.GetUtcNow();
        return new SharedDocument([.. records.Select(RecordDocument.Of)], complaints,
            [.. grants.Select(grant => ReceivedGrantDocument.Of(grant, now, locked.Contains(grant.Grant.Terms.Id)))], [.. deposits.Select(ReceivedDepositDocument.Of)]);
    }

    private async Task<ProposalDocument> ProposeAsync(ShareArguments arguments, Call call)
    {
        var proposal = await new Granting(Account).ProposeAsync(arguments.To, Words.Role(arguments.Role), arguments.Partitions, arguments.From, arguments.Until,
            arguments.Purpose is { } purpose ? Words.Purpose(purpose) : null, arguments.OnlyNew == true ? History.FromNow : History.Whole, call.Cancel);
        return ProposalDocument.Of(session.Shown.Add(proposal), proposal);
    }

    private async Task<ProposalDocument> ProposeDepositAsync(DepositArguments arguments, Call call)
    {
        var proposal = await new Depositing(Account).ProposeAsync(arguments.To, arguments.Partitions, arguments.From, arguments.Until, call.Cancel);
        return ProposalDocument.Of(session.Shown.Add(proposal), proposal);
    }

    private async Task<GrantedDocument> ConfirmAsync(ProposalArguments arguments, Call call)
    {
        var granting = new Granting(Account);
        var grant = session.Shown.Proposal<object>(arguments.Proposal) switch
        {
            ShareProposal share => (await granting.ConfirmAsync(share, call.Cancel)).Terms.Id,
            DepositProposal deposit => (await new Depositing(Account).ConfirmAsync(deposit, call.Cancel)).Terms.Id,
            _ => throw Shown.Gone(),
        };
        session.Shown.Remove(arguments.Proposal);
        return new GrantedDocument(grant.ToString(), granting.Complaints);
    }

    private async Task<GrantsDocument> ListAsync(Nothing arguments, Call call)
    {
        var grants = await new Granting(Account).ListAsync(call.Cancel);
        var deposits = await new Depositing(Account).ListAsync(call.Cancel);
        return new GrantsDocument([.. grants.Select(GrantDocument.Of)], [.. deposits.Select(DepositDocument.Of)], [.. session.Unfinished]);
    }

    private async Task<RevokedDocument> RevokeAsync(GrantArguments arguments, Call call)
    {
        var outcome = await new Granting(Account).RevokeAsync(Words.Id<GrantId>(arguments.Grant), call.Cancel);
        session.Later("revoke", (account, ended) => new Compaction(account).RunDueAsync(outcome.Moved, ended));
        return new RevokedDocument(outcome.Grant.ToString(), outcome.Receipts, outcome.Pending, outcome.Moved, outcome.Rekeyed);
    }
}
