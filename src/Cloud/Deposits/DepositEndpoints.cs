using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Grants;
using Salus.Cloud.Log;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Deposits;

/// <summary>Deposit grants and their revocations: who may add to an owner's partitions and read nothing of them.</summary>
internal static class DepositEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Deposits, AddDeposit).NeedSession();
        routes.MapGet(Paths.Deposits, GetDeposits).NeedSession();
        routes.MapGet(Paths.ReceivedDeposits, GetReceivedDeposits).NeedSession();
        routes.MapPost(Paths.DepositRevocation, Revoke).NeedSession();
    }

    private static async Task<NoContent> AddDeposit(
        Caller caller, SignedBytes request, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        // 1. The owner's word.
        if (!DepositGrant.TryVerify(request.Signed, out var grant))
            throw ProblemException.BadRequest("signed: no deposit grant signed by the owner within.");
        var terms = grant.Terms;
        if (!terms.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The deposit grant is signed by another identity than the session's.");
        var depositor = terms.Depositor.Account;
        if (await database.CardAsync(depositor, cancellation) is null)
            throw new ProblemException(Problems.NotFound, StatusCodes.Status404NotFound, "The depositor has no account here.");
        // 2. The only one of its name: its terms do not change.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var stored = await database.Deposits.AsNoTracking().SingleOrDefaultAsync(row => row.Id == terms.Id, cancellation);
        if (stored is { Revocation: null } && stored.Signed.AsSpan().SequenceEqual(grant.Signed))
            return TypedResults.NoContent(); // the answer to the first request was lost
        if (stored is not null)
            throw Taken();
        // 3. Entered.
        if (!usage.TryTake(1, grant.Signed.Length, options.Quota))
            throw UsageRow.Full();
        database.Add(new DepositRow
        {
            Id = terms.Id, Owner = caller.Account, Depositor = depositor, ValidFrom = terms.From, ValidUntil = terms.Until, Signed = grant.Signed,
            CreatedAt = time.GetUtcNow(),
            Partitions = [.. terms.Partitions.Select(partition => new DepositPartitionRow { Deposit = terms.Id, Partition = partition })],
        });
        database.Log(LogEntry.Of(LogKind.Grant, grant.Signed));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Taken(); // two owners at the same moment
        }
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    /// <summary>Readers need them all, ended ones too: what a depositor has added stays, and its right to do so is checked again.</summary>
    private static async Task<Ok<DepositList>> GetDeposits(
        Caller caller, string owner, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        if (!Identifier.TryParse(owner, out AccountId of))
            throw ProblemException.BadRequest("owner: 32 hexadecimal digits.");
        if (of == caller.Account || await database.HasLiveEntryAsync(of, caller.Account, null, time.GetUtcNow(), cancellation))
            return Listed(await database.DepositsOfAsync(of, cancellation));
        var own = await database.DepositsToAsync(caller.Account, of, cancellation);
        return own.Count > 0 ? Listed(own) : throw ProblemException.NotGranted("No live grant covers this.");
    }

    private static async Task<Ok<DepositList>> GetReceivedDeposits(Caller caller, CloudDatabase database, CancellationToken cancellation) =>
        Listed(await database.DepositsToAsync(caller.Account, null, cancellation));

    private static async Task<NoContent> Revoke(
        Caller caller, string id, SignedBytes request, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        if (!Revocation.TryVerify(request.Signed, out var revocation) || !Identifier.TryParse(id, out GrantId named) || named != revocation.Grant)
            throw ProblemException.BadRequest("signed: no revocation of this deposit grant signed by its owner.");
        if (!revocation.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The revocation is signed by another identity than the session's.");
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        await database.LockOwnerAsync(caller.Account, cancellation); // no record of the depositor's is halfway in
        var deposit = await database.Deposits.SingleOrDefaultAsync(row => row.Id == named && row.Owner == caller.Account, cancellation)
            ?? throw ProblemException.NotFound();
        if (deposit.Revocation is not null && !deposit.Revocation.AsSpan().SequenceEqual(revocation.Signed))
            throw ProblemException.Conflict("The deposit grant is revoked already, by another notice.");
        if (deposit.Revocation is null)
        {
            (deposit.Revocation, deposit.RevokedAt) = (revocation.Signed, time.GetUtcNow());
            database.Log(LogEntry.Of(LogKind.Revocation, revocation.Signed));
        }
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static Ok<DepositList> Listed(List<DepositRow> rows) => TypedResults.Ok(new DepositList([.. rows.Select(DepositTable.ToView)]));

    private static ProblemException Taken() => ProblemException.Conflict("There is a deposit grant of this identifier already: make a new one.");
}
