using System.Text;
using Salus.Client.Accounts;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Requests;

/// <summary>A request that was sent.</summary>
/// <param name="Found">Records that have all of the keywords: their number, and nothing else of them.</param>
/// <param name="Complaints">What was wrong with one trustee while the others could answer.</param>
public sealed record AskOutcome(string Id, DateTimeOffset Expires, int Found, IReadOnlyList<string> Complaints);

/// <summary>A request that somebody made to this account.</summary>
/// <param name="State">One of <see cref="RequestStates"/>.</param>
/// <param name="From">Who asks, under the mail address that this device knows, else under the account's identifier. Null with <paramref name="Request"/>.</param>
/// <param name="Request">Null when it cannot be opened: it was made to a number that the account has not any more, or the cloud has changed it.</param>
public sealed record IncomingAccess(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, Contact? From, AccessRequest? Request);

/// <summary>A request that this account has made.</summary>
/// <param name="IsClaimed">Whether the grant that answers it was claimed on this device.</param>
public sealed record OutgoingAccess(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, GrantId? Grant, bool IsClaimed);

/// <summary>Asking for access by telephone number and keywords, and answering: the number finds the owner, who decides; nobody sees a record before.</summary>
public sealed class AccessRequests(Account account)
{
    /// <summary>Asks whoever has the number and findable records with all of the keywords.</summary>
    public async Task<AskOutcome> AskAsync(PhoneNumber number, IReadOnlyList<string> keywords, GrantRole role, string reason, CancellationToken cancel)
    {
        var folded = keywords.Select(keyword => Keyword.Fold(keyword) ?? throw new CannotException($"The keyword '{keyword}' is empty or too long.")).Distinct().ToArray();
        if (folded.Length is 0 or > AccessRequest.MaxKeywords)
            throw new CannotException($"A request names 1 to {AccessRequest.MaxKeywords} keywords.");
        if (string.IsNullOrWhiteSpace(reason) || Encoding.UTF8.GetByteCount(reason) > AccessRequest.MaxReason)
            throw new CannotException($"Say why you ask, in up to {AccessRequest.MaxReason} bytes: the owner reads it.");
        var hardening = new Hardening(account);
        using var hardened = await hardening.HardenAsync(number, cancel);
        var request = AccessRequest.Create(account.Keys.Identity, account.Card, role, account.Now, hardened.Tag, reason.Trim(), folded);
        AskedForAccess answer;
        try
        {
            answer = await account.Cloud.Requests.AskAsync(new AskForAccess(hardened.Tag, [.. folded.Select(hardened.FindTag)], await hardened.SealAsync(request)), cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw new CannotException(
                "Nothing can be found by this number and all of these keywords. Nobody was asked. (Whether the number or a keyword is unknown is told to nobody.)");
        }
        if (answer.Found is null || answer.Found.Count != folded.Length)
            throw new AlarmException(AlarmKind.Integrity, "The cloud answers with other keywords than were asked for.");
        HashSet<ulong>? common = null;
        foreach (var (keyword, sealedHandles) in folded.Zip(answer.Found))
        {
            var handles = await hardened.OpenHandlesAsync(keyword, sealedHandles ?? [])
                ?? throw new AlarmException(AlarmKind.Integrity, "The cloud answers with what nobody has entered under this number and keyword.");
            if (common is null)
                common = [.. handles];
            else
                common.IntersectWith(handles);
        }
        return new AskOutcome(answer.Id, answer.Expires, common!.Count, [.. hardening.Complaints]);
    }

    /// <summary>All requests, made to this account and by it, oldest first.</summary>
    public async Task<(IReadOnlyList<IncomingAccess> Incoming, IReadOnlyList<OutgoingAccess> Outgoing)> ListAsync(CancellationToken cancel)
    {
        var list = await account.Cloud.Requests.ListAsync(cancel);
        var incoming = new List<IncomingAccess>();
        if (list.Incoming.Count > 0)
        {
            var own = await new Directory(account).OwnAsync(cancel);
            using var number = own?.Number;
            foreach (var row in list.Incoming)
                incoming.Add(await OpenAsync(row, number, cancel));
        }
        return (incoming, [.. list.Outgoing.Select(Read)]);
    }

    /// <summary>Prepares the answer to a request and shares nothing. Null partitions mean those of the role that is asked for.</summary>
    public async Task<(IncomingAccess Request, ShareProposal Proposal)> ProposeAsync(string id, IReadOnlyList<string>? partitions, DateTimeOffset? until, CancellationToken cancel)
    {
        var (incoming, _) = await ListAsync(cancel);
        var row = incoming.FirstOrDefault(found => found.Id == id) ?? throw new CannotException($"Nobody has made a request {id} to you. `salus requests` lists them.");
        if (row.State is RequestStates.Denied or RequestStates.Expired)
            throw new CannotException($"The request {id} is {row.State}. They have to ask again.");
        if (row is not { From: { } from, Request: { } request })
            throw new CannotException($"The request {id} was made to a number that you have not any more, or was changed on the way. It cannot be answered but by `salus deny {id}`.");
        return (row, await new Granting(account).ProposeAsync(from, request.Role, partitions, null, until, null, History.Whole, cancel));
    }

    /// <summary>
    /// Approves: 1 the locked grant, 2 the code to the asker's mail address, by the cloud. Cut short in between, the same command finishes it; and it mails the code again.
    /// </summary>
    public async Task<Grant> ApproveAsync(string id, ShareProposal proposal, CancellationToken cancel)
    {
        // 1
        var grant = await new Granting(account).ConfirmLockedAsync(proposal, account.Keys.LockedGrant(id), cancel);
        // 2
        using var code = ReleaseCode.Of(account.Keys, grant.Terms.Id);
        await account.Cloud.Requests.ApproveAsync(id, grant.Terms.Id, code.Reveal(), cancel);
        return grant;
    }

    public async Task DenyAsync(string id, CancellationToken cancel)
    {
        try
        {
            await account.Cloud.Requests.DenyAsync(id, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw new CannotException($"Nobody has made a request {id} to you. `salus requests` lists them.");
        }
    }

    private async Task<IncomingAccess> OpenAsync(IncomingRequest row, HardenedNumber? number, CancellationToken cancel)
    {
        var request = number is null || row.Sealed is null ? null : await number.OpenAsync(row.Sealed);
        if (request is null || request.Asker.Account.ToString() != row.Asker)
            return new IncomingAccess(row.Id, row.State, row.CreatedAt, row.Expires, null, null);
        // The cloud must show the same keys for the account as it has signed for itself: those are what the grant goes to.
        var contacts = new Contacts(account);
        var card = await contacts.ResolveAsync(request.Asker.Account, cancel);
        if (!card.Receiving.Equals(request.Asker.Receiving) || !card.Box.Equals(request.Asker.Box))
            throw new AlarmException(AlarmKind.KeyChanged, $"The cloud shows other keys for the account {row.Asker} than it has asked with.");
        var mail = contacts.MailOf(card.Account);
        var from = new Contact(mail ?? $"account {card.Account}", card, mail is not null && account.State.Content.Contacts[mail].Verified);
        return new IncomingAccess(row.Id, row.State, row.CreatedAt, row.Expires, from, request);
    }

    private OutgoingAccess Read(OutgoingRequest row) => new(row.Id, row.State, row.CreatedAt, row.Expires,
        row.Grant is null ? null : Identifier.TryParse<GrantId>(row.Grant, out var grant)
            ? grant : throw new AlarmException(AlarmKind.Integrity, "The cloud names a grant by something that is no identifier."),
        row.Grant is not null && account.State.Content.Claimed.Contains(row.Grant));
}
