using Microsoft.AspNetCore.Http.HttpResults;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Catalogue;

/// <summary>The chains of epoch headers: they only grow.</summary>
internal static class EpochEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Epochs, AddEpoch).NeedSession();
        routes.MapGet(Paths.Epochs, GetEpochs).NeedSession();
    }

    private static async Task<NoContent> AddEpoch(
        Caller caller, SignedBytes request, CloudDatabase database, CloudOptions options, CancellationToken cancellation)
    {
        // 1. The owner's word.
        if (!EpochHeader.TryVerify(request.Signed, out var header))
            throw ProblemException.BadRequest("signed: no epoch header signed by the owner within.");
        if (!header.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The header is signed by another identity than the session's.");
        // 2. The next of its chain, decided while nobody else writes for this owner.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var head = await database.EpochHeadAsync(caller.Account, header.Partition, cancellation);
        if (head is not null && head.Signed.AsSpan().SequenceEqual(header.Signed))
            return TypedResults.NoContent(); // the answer to the first request was lost
        if (!header.Follows(head is null ? null : Read(head)))
            throw ProblemException.Conflict(
                $"The partition is at epoch {head?.Epoch.Value ?? 0}: the header is not the next of its chain. Fetch the epochs and begin there.");
        // 3. Entered.
        if (!usage.TryTake(1, header.Signed.Length, options.Quota))
            throw UsageRow.Full();
        database.Add(new EpochRow { Owner = caller.Account, Partition = header.Partition, Epoch = header.Epoch, Signed = header.Signed });
        database.Log(LogEntry.Of(LogKind.Epoch, header.Signed));
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SignedList>> GetEpochs(
        Caller caller, string owner, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        if (!Identifier.TryParse(owner, out AccountId id))
            throw ProblemException.BadRequest("owner: 32 hexadecimal digits.");
        return TypedResults.Ok(new SignedList(await database.EpochsAsync(id, caller.Account, time.GetUtcNow(), cancellation)));
    }

    private static EpochHeader Read(EpochRow row) =>
        EpochHeader.TryVerify(row.Signed, out var header) ? header : throw new InvalidDataException("A stored epoch header no longer verifies.");
}
