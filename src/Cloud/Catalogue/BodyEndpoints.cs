using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Cloud.Catalogue;

/// <summary>
/// Shared bodies of an account's domain: a claim before the upload, so that nothing is deleted under it; tickets to prove possession; and the list of what is to be deleted, which
/// the account's client works off. Of other accounts' bodies nothing here says anything: everything is asked for by the session's account.
/// </summary>
internal static class BodyEndpoints
{
    private const int TagSize = 32;
    private const int MaxListed = 256;
    private const int MaxListedDeletions = 4 * Limits.MaxBodyReferences;

    private static readonly TimeSpan TicketLife = TimeSpan.FromHours(24);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Bodies, Claim).NeedSession();
        routes.MapPost(Paths.PossessionTickets, GiveTickets).NeedSession();
        routes.MapGet(Paths.UnusedBodies, GetUnused).NeedSession();
        routes.MapDelete(Paths.UnusedBody, Forget).NeedSession();
    }

    private static async Task<Ok<ClaimedBody>> Claim(
        Caller caller, ClaimBody request, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        // 1. What is claimed.
        if (request.Tag.Length != TagSize || request.Sealed.Length is 0 or > Limits.MaxSealedBody)
            throw ProblemException.BadRequest($"tag: {TagSize} bytes; sealed: 1 to {Limits.MaxSealedBody}.");
        if (!Identifier.TryParse(request.Record, out RecordId record) || !Identifier.TryParse(request.Body, out BodyId fresh))
            throw ProblemException.BadRequest("record, body: 32 hexadecimal digits.");
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var now = time.GetUtcNow();

        // 2. The body of this content, if something refers to it; else a new one.
        var found = await database.Bodies.AsNoTracking().SingleOrDefaultAsync(row => row.Domain == caller.Account && row.Tag == request.Tag && row.UnusedSince == null, cancellation);
        var body = found is null ? null : await database.LockBodyAsync(found.Id, cancellation);
        if (body is null or { UnusedSince: not null })
        {
            if (!usage.TryTake(1, request.Sealed.Length, options.Quota))
                throw UsageRow.Full();
            if (await database.Bodies.AnyAsync(row => row.Id == fresh, cancellation))
                throw ProblemException.Conflict("There is a body of this identifier: draw another.");
            body = new BodyRow { Id = fresh, Domain = caller.Account, Tag = request.Tag, Sealed = request.Sealed };
            database.Add(body);
        }
        else if (await database.CountReferencesAsync(body.Id, cancellation) >= Limits.MaxBodyReferences)
            throw ProblemException.NoSpace("Too many records refer to this body.");

        // 3. The claim, the same when it comes again.
        var claim = await database.BodyClaims.SingleOrDefaultAsync(row => row.Record == record, cancellation);
        if (claim is not null && (claim.Domain != caller.Account || claim.Body != body.Id))
            throw ProblemException.Conflict("The record has claimed another body.");
        if (claim is null && await database.BodyClaims.CountAsync(row => row.Domain == caller.Account, cancellation) >= Limits.MaxBodyClaims)
            throw ProblemException.NoSpace("Too many records are on their way.");
        if (claim is null)
            database.Add(new BodyClaimRow { Record = record, Body = body.Id, Domain = caller.Account, Number = Identifier.Random<RecordId>(), ExpiresAt = now + BodyTable.ClaimLife });
        else
            claim.ExpiresAt = now + BodyTable.ClaimLife;
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new ClaimedBody(body.Id.ToString(), body.Facts is not null));
    }

    private static async Task<Ok<SignedList>> GiveTickets(
        Caller caller, PossessionTicketRequest request, StoreKeys stores, CloudDatabase database, ServerIdentity identity, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Stores.Count is < 1 or > Limits.MaxFragments)
            throw ProblemException.BadRequest($"stores: 1 to {Limits.MaxFragments} of them.");
        var keys = request.Stores
            .Select(hex => stores.Find(hex) ?? throw ProblemException.BadRequest("stores: one of them is no store of this cloud.")).ToList();
        var claim = Identifier.TryParse(request.Record, out RecordId record)
            ? await database.BodyClaims.AsNoTracking().SingleOrDefaultAsync(row => row.Record == record && row.Domain == caller.Account, cancellation) : null;
        if (claim is null)
            throw ProblemException.NotFound();
        // Whoever goes on with a record keeps its claim alive.
        var expires = time.GetUtcNow() + BodyTable.ClaimLife;
        await database.BodyClaims.Where(row => row.Record == record).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, expires), cancellation);
        var until = time.GetUtcNow() + TicketLife;
        return TypedResults.Ok(new SignedList([.. keys.Select(store => PossessionTicket.Create(identity.Signing, store, claim.Number.Value, until).Signed)]));
    }

    private static async Task<Ok<UnusedBodies>> GetUnused(Caller caller, CloudDatabase database, CancellationToken cancellation)
    {
        var listed = new List<UnusedBody>();
        foreach (var row in await database.Bodies.AsNoTracking().Where(row => row.Domain == caller.Account && row.UnusedSince != null).OrderBy(row => row.UnusedSince).Take(MaxListed)
            .ToListAsync(cancellation))
        {
            if (listed.Sum(body => body.Deletions.Count) >= MaxListedDeletions)
                break;
            var deletions = await database.Deletions.Where(deletion => deletion.Body == row.Id).Select(deletion => deletion.Signed).ToListAsync(cancellation);
            listed.Add(new UnusedBody(row.Id.ToString(), row.Sealed, deletions));
        }
        return TypedResults.Ok(new UnusedBodies(listed));
    }

    /// <summary>The fragments are gone. What is in use stays, whoever says so.</summary>
    private static async Task<NoContent> Forget(Caller caller, string id, CloudDatabase database, CancellationToken cancellation)
    {
        if (!Identifier.TryParse(id, out BodyId named))
            throw ProblemException.NotFound();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var body = await database.LockBodyAsync(named, cancellation);
        if (body is null || body.Domain != caller.Account)
            return TypedResults.NoContent();
        if (body.UnusedSince is null)
            throw ProblemException.Conflict("Records refer to this body.");
        (usage.Rows, usage.Bytes) = (usage.Rows - 1, usage.Bytes - body.Sealed.Length);
        database.Remove(body);
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// Turns the claim of a record that is entered into its reference: the author's own, of this body, whose facts are those of every record that names it. Where records name it
    /// already, with proofs of possession for as many fragments as restore it. Within the caller's transaction, which enters the record.
    /// </summary>
    public static async Task ReferAsync(
        this CloudDatabase database, RecordHeader header, BodyId named, IReadOnlyList<byte[]>? possession, StoreKeys stores, CancellationToken cancellation)
    {
        // The lock first: the claim is swept and the body let go under it.
        var body = await database.LockBodyAsync(named, cancellation);
        var claim = await database.BodyClaims.SingleOrDefaultAsync(row => row.Record == header.Context.Record, cancellation);
        if (body is null or { UnusedSince: not null } || claim is null || claim.Body != named || claim.Domain != header.Author.Account || body.Domain != header.Author.Account)
            throw new ProblemException(Problems.ClaimEnded, StatusCodes.Status409Conflict, "The record has no claim on the body that it names, or not any more: seal it again.");
        var facts = header.BodyFacts();
        if (body.Facts is not null && !body.Facts.AsSpan().SequenceEqual(facts))
            throw ProblemException.Conflict("The body is another one than in the records that name it.");
        if (body.Facts is not null && Proven(header, claim, possession ?? [], stores) < header.RestoreFrom)
            throw new ProblemException(Problems.PossessionNeeded, StatusCodes.Status409Conflict,
                $"Records name this body already: prove to the stores to have it, {header.RestoreFrom} fragments at least.");
        body.Facts = facts;
        database.Remove(claim);
    }

    /// <summary>Different fragments of the record whose possession stores have confirmed for this claim.</summary>
    private static int Proven(RecordHeader header, BodyClaimRow claim, IReadOnlyList<byte[]> possession, StoreKeys stores)
    {
        var proven = new HashSet<int>();
        foreach (var signed in possession.Take(FragmentLayout.MaxFragments))
            if (PossessionProof.TryVerify(signed, out var proof) && stores.Find(proof.Store.ToString()) is not null && proof.Claim == claim.Number.Value)
                for (var i = 0; i < header.Fragments; i++)
                    if (header.FragmentCommitments[i].AsSpan().SequenceEqual(proof.Commitment))
                        proven.Add(i);
        return proven.Count;
    }
}
