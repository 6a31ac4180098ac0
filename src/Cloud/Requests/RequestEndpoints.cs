using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Cloud.Mail;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Requests;

/// <summary>Requests for access by people who know a telephone number and what they look for, and the owner's answer.</summary>
internal static class RequestEndpoints
{
    private const int MaxFindTags = 8;
    private const int CodeLength = 10;

    /// <summary>Crockford's base 32.</summary>
    private static readonly SearchValues<char> CodeAlphabet = SearchValues.Create("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

    /// <summary>How long a letter is tried to be sent.</summary>
    private static readonly TimeSpan LetterLife = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Requests, Ask).NeedSession().LimitBySession(10, TimeSpan.FromMinutes(1));
        routes.MapGet(Paths.Requests, GetRequests).NeedSession();
        routes.MapPost(Paths.RequestApproval, Approve).NeedSession().LimitBySession(20, TimeSpan.FromMinutes(1));
        routes.MapPost(Paths.RequestDenial, Deny).NeedSession();
    }

    private static async Task<Created<AskedForAccess>> Ask(
        Caller caller, AskForAccess request, CloudDatabase database, Outbox outbox, TimeProvider time, CancellationToken cancellation)
    {
        // 1. What can be wrong with the request itself.
        if (request.Directory.Length != DirectoryEndpoints.TagSize)
            throw ProblemException.BadRequest($"directory: {DirectoryEndpoints.TagSize} bytes.");
        if (request.Find.Count is < 1 or > MaxFindTags || request.Find.Any(tag => tag is not { Length: DirectoryEndpoints.TagSize })
            || request.Find.DistinctBy(Convert.ToHexString).Count() != request.Find.Count)
            throw ProblemException.BadRequest($"find: 1 to {MaxFindTags} different tags of {DirectoryEndpoints.TagSize} bytes.");
        if (request.Sealed.Length is 0 or > DirectoryEndpoints.MaxSealed)
            throw ProblemException.BadRequest($"sealed: 1 to {DirectoryEndpoints.MaxSealed} bytes.");
        if (!outbox.HasRoom)
            throw ProblemException.TooMany(TimeSpan.FromMinutes(1));
        // 2. How often the asker has asked: before anything is looked up.
        var now = time.GetUtcNow();
        await database.TakeTryAsync(caller.Account, now, cancellation);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        if (await database.OpenRequestsAsync(caller.Account, now, cancellation) >= RequestTable.MaxOpen)
            throw ProblemException.TooMany(TimeSpan.FromDays(1));
        // 3. Number and keywords together, or nothing: nobody learns which of them is unknown.
        if (await database.FindAsync(request.Directory, request.Find, cancellation) is not var (owner, found) || owner == caller.Account)
            throw ProblemException.NotFound();
        // 4. Entered, and the owner is told.
        var row = new RequestRow
        {
            Id = Identifier.Random<RequestId>(), Owner = owner, Asker = caller.Account, Sealed = request.Sealed, CreatedAt = now, ExpiresAt = now + RequestTable.Life,
            State = RequestState.Pending,
        };
        database.Add(row);
        await database.SaveChangesAsync(cancellation);
        var mail = await MailOfAsync(database, owner, cancellation);
        await transaction.CommitAsync(cancellation);
        outbox.Post(new RequestLetter(mail, now + LetterLife));
        return TypedResults.Created((string?)null, new AskedForAccess(row.Id.ToString(), row.ExpiresAt, found));
    }

    private static async Task<Ok<RequestList>> GetRequests(Caller caller, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (incoming, outgoing) = (await database.IncomingAsync(caller.Account, cancellation), await database.OutgoingAsync(caller.Account, cancellation));
        return TypedResults.Ok(new RequestList(
            [.. incoming.Select(row => new IncomingRequest(row.Id.ToString(), row.Asker.ToString(), row.Sealed, row.CreatedAt, row.ExpiresAt, row.StateAt(now)))],
            [.. outgoing.Select(row => new OutgoingRequest(row.Id.ToString(), row.CreatedAt, row.ExpiresAt, row.StateAt(now), row.Grant?.ToString()))]));
    }

    private static async Task<NoContent> Approve(
        Caller caller, string id, ApproveRequest answer, CloudDatabase database, Outbox outbox, TimeProvider time, CancellationToken cancellation)
    {
        var code = answer.Code.ToUpperInvariant();
        if (code.Length != CodeLength || code.AsSpan().ContainsAnyExcept(CodeAlphabet))
            throw ProblemException.BadRequest($"code: {CodeLength} characters of Crockford's base 32.");
        if (!Identifier.TryParse(answer.Grant, out GrantId grant))
            throw ProblemException.BadRequest("grant: 32 hexadecimal digits.");
        if (!outbox.HasRoom)
            throw ProblemException.TooMany(TimeSpan.FromMinutes(1));
        var now = time.GetUtcNow();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        var row = await OwnAsync(database, caller, id, cancellation);
        if (row.State == RequestState.Denied || row.StateAt(now) == RequestStates.Expired || (row.State == RequestState.Approved && row.Grant != grant))
            throw ProblemException.Conflict($"The request is {row.StateAt(now)} already.");
        if (!await database.Grants.AnyAsync(
            stored => stored.Id == grant && stored.Owner == caller.Account && stored.Delegatee == row.Asker && stored.Revocation == null, cancellation))
            throw ProblemException.Conflict("There is no such grant of yours to the asker: enter it first.");
        if (row.State != RequestState.Approved)
            database.Log(RequestAnswer.Approved(row.Id.Value, row.Sealed, grant));
        (row.State, row.Grant) = (RequestState.Approved, grant);
        await database.SaveChangesAsync(cancellation);
        var mail = await MailOfAsync(database, row.Asker, cancellation);
        await transaction.CommitAsync(cancellation);
        outbox.Post(new ReleaseLetter(mail, code, now + LetterLife));
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Deny(Caller caller, string id, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation);
        var row = await OwnAsync(database, caller, id, cancellation);
        var state = row.StateAt(time.GetUtcNow());
        if (state is RequestStates.Approved or RequestStates.Expired)
            throw ProblemException.Conflict($"The request is {state} already.");
        if (row.State != RequestState.Denied)
            database.Log(RequestAnswer.Denied(row.Id.Value, row.Sealed));
        row.State = RequestState.Denied;
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<RequestRow> OwnAsync(CloudDatabase database, Caller caller, string id, CancellationToken cancellation) =>
        Identifier.TryParse(id, out RequestId named)
        && await database.Requests.SingleOrDefaultAsync(row => row.Id == named && row.Owner == caller.Account, cancellation) is { } row
            ? row
            : throw ProblemException.NotFound();

    private static async Task<MailAddress> MailOfAsync(CloudDatabase database, AccountId account, CancellationToken cancellation) =>
        MailAddress.TryParse(await database.Accounts.Where(row => row.Id == account).Select(row => row.Mail).SingleAsync(cancellation), out var mail)
            ? mail
            : throw new InvalidDataException("A stored mail address no longer parses.");
}
