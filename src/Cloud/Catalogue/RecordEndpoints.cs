using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Cloud.Log;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Cloud.Catalogue;

/// <summary>The catalogue: signed headers and sealed metadata. A record is visible once its row is here, and no sooner.</summary>
internal static class RecordEndpoints
{
    private const int MaxPage = 200;
    private const int MaxLookup = 256;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.Records, AddRecord).NeedSession().LimitBody(256 * 1024);
        routes.MapGet(Paths.Records, GetRecords).NeedSession();
        routes.MapGet(Paths.Record, GetRecord).NeedSession();
        routes.MapPost(Paths.RecordLookup, LookUpRecords).NeedSession();
        routes.MapPost(Paths.RecordDeletion, DeleteRecord).NeedSession();
    }

    private static async Task<NoContent> AddRecord(
        Caller caller, NewRecord request, CloudDatabase database, CloudOptions options, StoreKeys stores, TimeProvider time, CancellationToken cancellation)
    {
        // 1. The author's word, and the author may write here: the owner, or a depositor.
        if (!SealedRecord.TryVerify(request.Signed, request.SealedMetadata, out var record))
            throw ProblemException.BadRequest("No record header that its author signed for this metadata.");
        var (header, context) = (record.Header, record.Header.Context);
        var now = time.GetUtcNow();
        if (!header.Author.Equals(caller.Identity) || !await database.MayWriteAsync(context.Owner, context.Partition, caller.Account, now, cancellation))
            throw NotTheirs();
        // 2. Its place, decided while nobody else writes for this owner and no deposit grant of the owner's ends.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(context.Owner, cancellation);
        if (!await database.MayWriteAsync(context.Owner, context.Partition, caller.Account, now, cancellation))
            throw NotTheirs();
        var stored = await database.Records.AsNoTracking().SingleOrDefaultAsync(row => row.Id == context.Record, cancellation);
        if (stored is not null && stored.Signed.AsSpan().SequenceEqual(record.Signed))
            return TypedResults.NoContent(); // the answer to the first request was lost
        if (stored is not null && caller.Account != context.Owner)
            throw ProblemException.Conflict("There is a record of this identifier already, and only its owner replaces it.");
        await CheckPlaceAsync(database, header, stored, cancellation);
        if (!usage.TryTake(stored is null ? 1 : 0, record.Signed.Length + record.SealedMetadata.Length - (stored?.Size ?? 0), options.Quota))
            throw UsageRow.Full();
        if (header.Body is { } body)
            await database.ReferAsync(header, body, request.Possession, stores, cancellation);
        // 3. Entered.
        if (stored is null)
            database.Add(new RecordRow
            {
                Id = context.Record, Owner = context.Owner, Partition = context.Partition, Epoch = context.Epoch, Version = header.Version,
                Signed = record.Signed, SealedMetadata = record.SealedMetadata, EnteredAt = now, Body = header.Body,
            });
        else
            await database.ReplaceAsync(record, now, cancellation);
        database.Log(LogEntry.Of(LogKind.Roots, record.Signed));
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw ProblemException.Conflict("Another owner's record has this identifier."); // two owners at the same moment: the lock is one owner's
        }
        if (stored?.Body is { } former)
            await database.LetGoAsync(former, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static ProblemException NotTheirs() =>
        ProblemException.NotYours("The author of a record is the session's account, and its owner is the same or has a live deposit grant for it.");

    /// <summary>A record is entered under the newest epoch, as the next version of itself, and never again after its deletion.</summary>
    private static async Task CheckPlaceAsync(CloudDatabase database, RecordHeader header, RecordRow? stored, CancellationToken cancellation)
    {
        var context = header.Context;
        if (stored is not null && stored.Owner != context.Owner)
            throw ProblemException.Conflict("Another owner's record has this identifier.");
        if (stored is not null && stored.Partition != context.Partition)
            throw ProblemException.Conflict("The record is in another partition, and stays there: seal it again as a new record.");
        if (header.Version != (stored?.Version ?? 0) + 1)
            throw ProblemException.Conflict($"The catalogue has version {stored?.Version ?? 0}: version {header.Version} is not the next.");
        if (await database.Deletions.AnyAsync(row => row.Record == context.Record, cancellation))
            throw ProblemException.Conflict("The record was deleted: its identifier is not used again.");
        var head = await database.EpochHeadAsync(context.Owner, context.Partition, cancellation);
        if (head?.Epoch != context.Epoch)
            throw ProblemException.Conflict($"The partition is at epoch {head?.Epoch.Value ?? 0}: seal the record under that one.");
    }

    private static async Task<Ok<CataloguePage>> GetRecords(
        Caller caller, CloudDatabase database, TimeProvider time, CancellationToken cancellation,
        string? owner = null, string? partition = null, string? after = null, int limit = MaxPage)
    {
        var of = caller.Account;
        if (owner is not null && !Identifier.TryParse(owner, out of))
            throw ProblemException.BadRequest("owner: 32 hexadecimal digits.");
        var position = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out position))
            throw ProblemException.BadRequest("after: the `next` of the page before.");
        if (limit is < 1 or > MaxPage)
            throw ProblemException.BadRequest($"limit: 1 to {MaxPage}.");
        var now = time.GetUtcNow();
        var records = database.Visible(of, caller.Account, now).Where(row => row.Position > position);
        PartitionId? only = null;
        if (partition is not null)
        {
            if (!Identifier.TryParse(partition, out PartitionId named))
                throw ProblemException.BadRequest("partition: 32 hexadecimal digits.");
            only = named;
            records = records.Where(row => row.Partition == named);
        }
        var page = await records.OrderBy(row => row.Position).Take(limit + 1).ToListAsync(cancellation);
        if (page.Count == 0 && of != caller.Account && !await database.HasLiveEntryAsync(of, caller.Account, only, now, cancellation))
            throw ProblemException.NotGranted("No live grant covers this.");
        var next = page.Count > limit ? page[limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new CataloguePage([.. page.Take(limit).Select(row => row.ToMessage())], next));
    }

    private static async Task<Ok<CatalogueRecord>> GetRecord(
        Caller caller, string id, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var record = Identifier.TryParse(id, out RecordId parsed)
            ? await database.Visible(caller.Account, time.GetUtcNow()).SingleOrDefaultAsync(row => row.Id == parsed, cancellation)
            : null;
        return TypedResults.Ok((record ?? throw ProblemException.NotFound()).ToMessage());
    }

    private static async Task<Ok<FoundRecords>> LookUpRecords(
        Caller caller, RecordLookup request, CloudDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var ids = request.Ids.Take(MaxLookup + 1)
            .Select(hex => Identifier.TryParse(hex, out RecordId id) ? id : throw ProblemException.BadRequest("ids: 32 hexadecimal digits each.")).ToList();
        if (ids.Count is 0 or > MaxLookup)
            throw ProblemException.BadRequest($"ids: 1 to {MaxLookup} of them.");
        var now = time.GetUtcNow();
        var records = await database.Visible(caller.Account, now).Where(row => ids.Contains(row.Id)).ToListAsync(cancellation);
        var deletions = await database.VisibleDeletions(caller.Account, now).Where(row => ids.Contains(row.Record)).Select(row => row.Signed).ToListAsync(cancellation);
        return TypedResults.Ok(new FoundRecords([.. records.Select(row => row.ToMessage())], deletions));
    }

    private static async Task<NoContent> DeleteRecord(
        Caller caller, string id, SignedBytes request, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        if (!Deletion.TryVerify(request.Signed, out var deletion) || !Identifier.TryParse(id, out RecordId named) || named != deletion.Record)
            throw ProblemException.BadRequest("signed: no order to delete this record that its owner signed.");
        if (!deletion.Owner.Equals(caller.Identity))
            throw ProblemException.NotYours("The order is signed by another identity than the session's.");
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(caller.Account, cancellation);
        var record = await database.Records.SingleOrDefaultAsync(row => row.Id == named && row.Owner == caller.Account, cancellation);
        if (record is null)
        {
            if (await database.Deletions.AnyAsync(row => row.Record == named && row.Owner == caller.Account, cancellation))
                return TypedResults.NoContent();
            if (await database.Records.AnyAsync(row => row.Id == named, cancellation) || await database.Deletions.AnyAsync(row => row.Record == named, cancellation))
                throw ProblemException.NotFound();
            // Nothing is here of what its owner writes off: whoever comes across its name learns that it is deleted.
            if (!usage.TryTake(1, deletion.Signed.Length, options.Quota))
                throw UsageRow.Full();
        }
        else
        {
            if (record.Version > deletion.Version)
                throw ProblemException.Conflict($"The catalogue has version {record.Version}: the order deletes version {deletion.Version} and older.");
            // The tombstone takes the record's place in the count of rows: who creates and deletes without end comes to an end.
            usage.Bytes += deletion.Signed.Length - record.Size;
            database.Remove(record);
        }
        database.Add(new DeletionRow { Record = named, Owner = caller.Account, Signed = deletion.Signed, DeletedAt = time.GetUtcNow(), Body = record?.Body });
        database.Log(LogEntry.Of(LogKind.Deletion, deletion.Signed));
        await database.SaveChangesAsync(cancellation);
        if (record?.Body is { } body)
            await database.LetGoAsync(body, time.GetUtcNow(), cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }
}
