using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Grants;

/// <summary>Grants and their revocations. What a grant opens cryptographically, the trustees decide; here it opens the catalogue.</summary>
internal static class GrantEndpoints
{
    /// <summary>Base64 of a grant with <see cref="Limits.MaxGrantEntries"/> entries and the longest note, and its JSON.</summary>
    private const int MaxBody = 704 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Grants, AddGrant).NeedSession().LimitBody(MaxBody);
        routes.MapGet(Paths.Grants, GetGrants).NeedSession();
        routes.MapGet(Paths.ReceivedGrants, GetReceivedGrants).NeedSession();
        routes.MapPost(Paths.GrantRevocation, Revoke).NeedSession();
    }

    private static async Task<NoContent> AddGrant(
        Caller caller, SignedBytes request, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        // 1. The owner's word.
        if (!Grant.TryVerify(request.Signed, out var grant))
            throw ProblemException.BadRequest("signed: no grant signed by the owner within.");
        if (!grant.Terms.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The grant is signed by another identity than the session's.");
        var delegatee = grant.Terms.Delegatee.Account;
        if (await database.CardAsync(delegatee, cancellation) is null)
            throw new ProblemException(Problems.NotFound, StatusCodes.Status404NotFound, "The delegatee has no account here.");
        // 2. The first of its kind, or the next version of a stored one that is not revoked.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var stored = await database.LockGrantAsync(grant.Terms.Id, cancellation);
        if (stored is not null && stored.Signed.AsSpan().SequenceEqual(grant.Signed) && stored.Revocation is null)
            return TypedResults.NoContent(); // the answer to the first request was lost
        CheckFollows(grant, stored, caller);
        // 3. Entered.
        if (!usage.TryTake(stored is null ? 1 : 0, grant.Signed.Length - (stored?.Signed.Length ?? 0), options.Quota))
            throw UsageRow.Full();
        if (stored is null)
            database.Add(NewRow(grant, caller.Account, delegatee, time.GetUtcNow()));
        else
            await ExtendAsync(database, stored, grant, cancellation);
        database.Log(LogEntry.Of(LogKind.Grant, grant.Signed));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ProblemException.Conflict("Another grant has this identifier."); // two owners at the same moment
        }
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<GrantList>> GetGrants(Caller caller, CloudDatabase database, CancellationToken cancellation) =>
        TypedResults.Ok(new GrantList([.. (await database.GrantsOfAsync(caller.Account, cancellation)).Select(GrantTable.ToView)]));

    private static async Task<Ok<GrantList>> GetReceivedGrants(Caller caller, CloudDatabase database, CancellationToken cancellation) =>
        TypedResults.Ok(new GrantList([.. (await database.GrantsToAsync(caller.Account, cancellation)).Select(GrantTable.ToView)]));

    private static async Task<NoContent> Revoke(
        Caller caller, string id, RevokeGrant request, TrusteeKeys trustees, CloudDatabase database, TimeProvider time,
        CancellationToken cancellation)
    {
        // 1. The owner's word and the trustees'.
        if (!Revocation.TryVerify(request.Revocation, out var revocation) || !Identifier.TryParse(id, out GrantId named) || named != revocation.Grant)
            throw ProblemException.BadRequest("revocation: no revocation of this grant signed by its owner.");
        if (!revocation.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The revocation is signed by another identity than the session's.");
        if (request.Receipts.Count > trustees.Count)
            throw ProblemException.BadRequest("receipts: one of each trustee at most.");
        var receipts = request.Receipts
            .Select(receipt => trustees.Verify(receipt, revocation)
                ?? throw ProblemException.BadRequest("receipts: one of them is no trustee's receipt for this revocation."))
            .DistinctBy(receipt => receipt.Trustee).ToList();
        // 2. Stored: from here on the grant opens nothing in the catalogue.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var grant = await database.LockGrantAsync(named, cancellation);
        if (grant is null || grant.Owner != caller.Account)
            throw ProblemException.NotFound();
        if (grant.Revocation is not null && !grant.Revocation.AsSpan().SequenceEqual(revocation.Signed))
            throw ProblemException.Conflict("The grant is revoked already, by another notice: fetch it and send that one's receipts.");
        if (grant.Revocation is null)
        {
            (grant.Revocation, grant.RevokedAt) = (revocation.Signed, time.GetUtcNow());
            database.Log(LogEntry.Of(LogKind.Revocation, revocation.Signed));
        }
        var known = await database.Receipts.Where(row => row.Grant == named).Select(row => row.Trustee).ToListAsync(cancellation);
        database.AddRange(receipts.Where(receipt => !known.Contains(receipt.Trustee))
            .Select(receipt => new ReceiptRow { Grant = named, Trustee = receipt.Trustee, Signed = receipt.Signed }));
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static void CheckFollows(Grant grant, GrantRow? stored, Caller caller)
    {
        var terms = grant.Terms;
        if (stored is not null && stored.Owner != caller.Account)
            throw ProblemException.Conflict("Another grant has this identifier.");
        if (stored?.Revocation is not null)
            throw ProblemException.Conflict("The grant is revoked: make a new one.");
        if (terms.Version != (stored?.Version ?? 0) + 1)
            throw ProblemException.Conflict($"The grant is at version {stored?.Version ?? 0}: version {terms.Version} is not the next.");
        if (stored is not null && (!Grant.TryVerify(stored.Signed, out var before) || terms != before.Terms with { Version = terms.Version }))
            throw ProblemException.Conflict("A new version of a grant changes its entries only: for other terms revoke it and make a new one.");
    }

    private static GrantRow NewRow(Grant grant, AccountId owner, AccountId delegatee, DateTimeOffset now) => new()
    {
        Id = grant.Terms.Id,
        Owner = owner,
        Delegatee = delegatee,
        Version = grant.Terms.Version,
        ValidFrom = grant.Terms.From,
        ValidUntil = grant.Terms.Until,
        Signed = grant.Signed,
        CreatedAt = now,
        Entries = [.. Entries(grant)],
    };

    private static async Task ExtendAsync(CloudDatabase database, GrantRow stored, Grant grant, CancellationToken cancellation)
    {
        (stored.Version, stored.Signed) = (grant.Terms.Version, grant.Signed);
        await database.GrantEntries.Where(row => row.Grant == stored.Id).ExecuteDeleteAsync(cancellation);
        database.AddRange(Entries(grant));
    }

    private static IEnumerable<GrantEntryRow> Entries(Grant grant) =>
        grant.Entries.Select(entry => new GrantEntryRow { Grant = grant.Terms.Id, Partition = entry.Partition, Epoch = entry.Epoch });
}

/// <summary>The keys of the trustees in the configuration.</summary>
internal sealed class TrusteeKeys(CloudOptions options)
{
    private readonly List<VerifyingKey> _keys = [.. options.Trustees.Select(trustee => CloudOptions.ParseKey(trustee.Key))];

    public int Count => _keys.Count;

    public bool Contains(VerifyingKey key) => _keys.Contains(key);

    /// <summary>The receipt when one of the trustees signed it for this revocation, else null.</summary>
    public RevocationReceipt? Verify(byte[]? signed, Revocation revocation)
    {
        foreach (var key in _keys)
            if (RevocationReceipt.TryVerify(signed, key, revocation, out var receipt))
                return receipt;
        return null;
    }
}
