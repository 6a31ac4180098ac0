using System.Globalization;
using System.Text;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Sharing;
using Salus.Crypto.Primitives;
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
/// <param name="Request">Null when it is over, or cannot be opened: it can be denied still.</param>
/// <param name="Unopened">Why there is no <paramref name="Request"/>, in words.</param>
public sealed record IncomingAccess(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, Contact? From, AccessRequest? Request, string? Unopened);

/// <summary>A request that this account has made.</summary>
/// <param name="IsClaimed">Whether the grant that answers it was claimed on this device.</param>
public sealed record OutgoingAccess(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset Expires, GrantId? Grant, bool IsClaimed);

/// <summary>Asking for access by telephone number and keywords, and answering: the number finds the owner, who decides; nobody sees a record before.</summary>
public sealed class AccessRequests(Account account)
{
    private readonly Granting _granting = new(account);

    /// <summary>What trustees answered wrongly to an approval although the others sufficed.</summary>
    public IReadOnlyCollection<string> Complaints => _granting.Complaints;

    /// <summary>Asks whoever has the number and findable records with all of the keywords.</summary>
    public async Task<AskOutcome> AskAsync(PhoneNumber number, IReadOnlyList<string> keywords, GrantRole role, string reason, CancellationToken cancel)
    {
        var folded = keywords.Select(keyword => Keyword.Fold(keyword) ?? throw new CannotException($"The keyword '{keyword}' is empty or too long.", Reasons.BadKeyword)).Distinct().ToArray();
        if (folded.Length is 0 or > AccessRequest.MaxKeywords)
            throw new CannotException($"A request names 1 to {AccessRequest.MaxKeywords} keywords.", Reasons.BadKeyword);
        if (string.IsNullOrWhiteSpace(reason) || Encoding.UTF8.GetByteCount(reason) > AccessRequest.MaxReason)
            throw new CannotException($"Say why you ask, in up to {AccessRequest.MaxReason} bytes: the owner reads it.", Reasons.BadReason);
        var hardening = new Hardening(account);
        using var hardened = await hardening.HardenAsync(number, cancel);
        var request = AccessRequest.Create(account.Keys.Identity, account.Card, role, account.Now, hardened.Tag, reason.Trim(), folded, account.Log.HeadForOthers);
        AskedForAccess answer;
        try
        {
            answer = await account.Cloud.Requests.AskAsync(new AskForAccess(hardened.Tag, [.. folded.Select(hardened.FindTag)], await hardened.SealAsync(request)), cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw new CannotException(
                "Nothing can be found by this number and all of these keywords. Nobody was asked. (Whether the number or a keyword is unknown is told to nobody.)", Reasons.NothingFound);
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

    /// <summary>Grants to this account that open nothing yet: their codes were not shown from this device.</summary>
    public async Task<IReadOnlySet<GrantId>> LockedAsync(CancellationToken cancel) =>
        (await OutgoingAsync(cancel)).Where(request => request is { Grant: not null, IsClaimed: false }).Select(request => request.Grant!.Value).ToHashSet();

    /// <summary>The requests made by this account alone; nothing of those made to it is opened.</summary>
    internal async Task<IReadOnlyList<OutgoingAccess>> OutgoingAsync(CancellationToken cancel) =>
        [.. (await account.Cloud.Requests.ListAsync(cancel)).Outgoing.Select(Read)];

    /// <summary>Prepares the answer to a request and shares nothing. Null partitions mean those of the role that is asked for.</summary>
    public async Task<(IncomingAccess Request, ShareProposal Proposal)> ProposeAsync(string id, IReadOnlyList<string>? partitions, DateTimeOffset? until, CancellationToken cancel)
    {
        var row = (await account.Cloud.Requests.ListAsync(cancel)).Incoming.FirstOrDefault(found => found.Id == id) ?? throw Unknown(id);
        if (row.State is RequestStates.Denied or RequestStates.Expired)
            throw new CannotException($"The request {id} is {row.State}. They have to ask again.", Reasons.RequestOver);
        var own = await new Directory(account).OwnAsync(cancel);
        using var number = own?.Number;
        var opened = await OpenAsync(row, number, cancel);
        if (opened is not { From: { } from, Request: { } request })
            throw new CannotException($"The request {id} cannot be answered but by `salus deny {id}`: {opened.Unopened}.", Reasons.RequestUnopened);
        return (opened, await _granting.ProposeAsync(from, request.Role, partitions, null, until, null, History.Whole, cancel));
    }

    /// <summary>
    /// Approves: 1 the request is remembered as answered, 2 the locked grant, 3 the code to the asker's mail address, by the cloud. Cut short in between, the same command
    /// finishes it; and it mails the code again.
    /// </summary>
    public async Task<Grant> ApproveAsync(IncomingAccess request, ShareProposal proposal, CancellationToken cancel)
    {
        new AlarmLog(account).RequireNoOtherHistory();
        // 1
        await RememberAsync(request.Id, request.Request ?? throw new ArgumentException("The request was not opened.", nameof(request)));
        // 2
        var grant = await _granting.ConfirmLockedAsync(proposal, account.Keys.LockedGrant(request.Id), cancel);
        // 3
        using var code = ReleaseCode.Of(account.Keys, grant.Terms.Id);
        await account.Cloud.Requests.ApproveAsync(request.Id, grant.Terms.Id, code.Reveal(), cancel);
        return grant;
    }

    /// <summary>Refuses: 1 at the cloud, whatever the request holds, 2 what was asked is remembered as answered.</summary>
    public async Task DenyAsync(string id, CancellationToken cancel)
    {
        var row = (await account.Cloud.Requests.ListAsync(cancel)).Incoming.FirstOrDefault(found => found.Id == id) ?? throw Unknown(id);
        // 1
        try
        {
            await account.Cloud.Requests.DenyAsync(id, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            throw Unknown(id);
        }
        // 2
        var own = await new Directory(account).OwnAsync(cancel);
        using var number = own?.Number;
        if ((await ReadAsync(row, number)).Request is { } request)
            await RememberAsync(id, request);
    }

    private static CannotException Unknown(string id) => new($"Nobody has made a request {id} to you. `salus requests` lists them.", Reasons.NoRequest);

    /// <summary>A request with the contact who makes it, or why it cannot be opened: what one asker sends is no reason not to see the others.</summary>
    private async Task<IncomingAccess> OpenAsync(IncomingRequest row, HardenedNumber? number, CancellationToken cancel)
    {
        var (request, unopened) = await ReadAsync(row, number);
        if (request is null)
            return new IncomingAccess(row.Id, row.State, row.CreatedAt, row.Expires, null, null, unopened);
        // The cloud must show the same keys for the account as it has signed for itself: those are what the grant goes to.
        var contacts = new Contacts(account);
        var card = await contacts.ResolveAsync(request.Asker.Account, cancel);
        if (!card.Receiving.Equals(request.Asker.Receiving) || !card.Box.Equals(request.Asker.Box))
            return new IncomingAccess(row.Id, row.State, row.CreatedAt, row.Expires, null, null,
                $"the account {card.Account} has asked with other keys than the cloud shows for it");
        var mail = contacts.MailOf(card.Account);
        await account.Log.CheckAsync(request.Head, mail ?? $"the account {card.Account}", cancel);
        var from = new Contact(mail ?? $"account {card.Account}", card, mail is not null && account.State.Content.Contacts[mail].Verified);
        return new IncomingAccess(row.Id, row.State, row.CreatedAt, row.Expires, from, request, null);
    }

    /// <summary>What was asked, as far as nobody has to be asked about it; or why that is not to be believed. The cloud made the row: it can show one request under many identifiers.</summary>
    private async Task<(AccessRequest? Request, string? Unopened)> ReadAsync(IncomingRequest row, HardenedNumber? number)
    {
        if (row.State is not (RequestStates.Pending or RequestStates.Approved))
            return (null, "it is over");
        var request = number is null || row.Sealed is null ? null : await number.OpenAsync(row.Sealed);
        if (request is null || request.Asker.Account.ToString() != row.Asker)
            return (null, "it was made to a number that you have not any more, or changed on the way");
        if (account.Now - request.At > Limits.RequestLife)
            return (null, string.Create(CultureInfo.InvariantCulture, $"it was asked on {request.At:yyyy-MM-dd HH:mm}Z, more than {Limits.RequestLife.TotalDays:0} days ago"));
        if ((row.CreatedAt - request.At).Duration() > Limits.ClockTolerance)
            return (null, string.Create(CultureInfo.InvariantCulture, $"it is damaged: asked on {request.At:yyyy-MM-dd HH:mm}Z, which is not when the cloud says it came"));
        return account.State.Content.AnsweredRequests.TryGetValue(HashOf(request), out var answered) && answered.Request != row.Id
            ? (null, $"it is damaged: the request {answered.Request}, which you have answered, shown again")
            : (request, null);
    }

    private async Task RememberAsync(string id, AccessRequest request)
    {
        var answered = account.State.Content.AnsweredRequests;
        // Older ones are not opened, remembered or not.
        foreach (var old in answered.Where(one => account.Now - one.Value.At > Limits.RequestLife + Limits.ClockTolerance).Select(one => one.Key).ToArray())
            answered.Remove(old);
        if (answered.TryAdd(HashOf(request), new AnsweredRequest(id, request.At)))
            await account.State.SaveAsync();
    }

    /// <summary>Of what was signed, without the signature: that could be written otherwise.</summary>
    private static string HashOf(AccessRequest request) => Convert.ToHexStringLower(Sha256.Hash(request.Signed.AsSpan(0, request.Signed.Length - SigningKey.SignatureSize)));

    private OutgoingAccess Read(OutgoingRequest row) => new(row.Id, row.State, row.CreatedAt, row.Expires,
        row.Grant is null ? null : Identifier.TryParse<GrantId>(row.Grant, out var grant)
            ? grant : throw new AlarmException(AlarmKind.Integrity, "The cloud names a grant by something that is no identifier."),
        row.Grant is not null && account.State.Content.Claimed.Contains(row.Grant));
}
