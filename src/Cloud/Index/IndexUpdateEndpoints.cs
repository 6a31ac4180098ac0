using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Catalogue;
using Salus.Cloud.Data;
using Salus.Cloud.Deposits;
using Salus.Cloud.Grants;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Index;

/// <summary>The chains of index updates. A segment is part of an index once an update that names it is here, and no sooner.</summary>
internal static class IndexUpdateEndpoints
{
    /// <summary>Base64 of the longest base, and its JSON.</summary>
    private const int MaxBody = 640 * 1024;

    private const int MaxPage = 200;

    /// <summary>A page ends before it has more bytes of updates than this, unless it has one only.</summary>
    private const int MaxPageBytes = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Paths.IndexUpdates, Publish).NeedSession().LimitBody(MaxBody);
        routes.MapGet(Paths.IndexUpdates, GetUpdates).NeedSession();
    }

    private static async Task<NoContent> Publish(
        Caller caller, SignedBytes request, CloudDatabase database, CloudOptions options, TimeProvider time, CancellationToken cancellation)
    {
        // 1. The source's word, and the source may write here.
        if (!IndexUpdate.TryVerify(request.Signed, out var update))
            throw ProblemException.BadRequest("signed: no index update signed by the source within.");
        if (!update.Source.Equals(caller.Identity))
            throw ProblemException.NotYours("The update is signed by another identity than the session's.");
        var now = time.GetUtcNow();
        if (!await database.MayWriteAsync(update.Owner, update.Partition, caller.Account, now, cancellation))
            throw NotGranted();
        if (await database.IndexHeadAsync(update.Owner, update.Partition, caller.Account, cancellation) is { } last && last.Signed.AsSpan().SequenceEqual(update.Signed))
            return TypedResults.NoContent(); // the answer to the first request was lost
        // Readers hold a depositor's time against its deposit: what they would refuse does not get in.
        if (caller.Account != update.Owner && (now - update.At).Duration() > Limits.ClockTolerance)
            throw ProblemException.ClockSkew("The update's time is more than five minutes from the cloud's clock: sign it again, by a clock that is right.");
        // 2. The dictionaries, before anybody waits: what is staged grows and does not change.
        var hashed = await StagedSegments.HashAsync(database, update, caller.Account, cancellation);
        // 3. The next of its chain, decided while nobody else writes for this owner.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var usage = await database.LockOwnerAsync(update.Owner, cancellation);
        if (!await database.MayWriteAsync(update.Owner, update.Partition, caller.Account, now, cancellation))
            throw NotGranted();
        var head = await database.IndexHeadAsync(update.Owner, update.Partition, caller.Account, cancellation);
        if (head is not null && head.Signed.AsSpan().SequenceEqual(update.Signed))
            return TypedResults.NoContent(); // the same request was on its way twice
        if (!update.Follows(head is null ? null : new IndexHead(head.Sequence, head.Hash)))
            throw ProblemException.Conflict($"The source's chain is at {head?.Sequence ?? 0}: the update is not the next. Fetch the last one and sign again.");
        await CheckEpochsAsync(database, update, caller, cancellation);
        // 4. Its segments become part of the index, and a base takes away what it replaces.
        var added = await StagedSegments.PublishAsync(database, update, hashed, cancellation);
        var row = new IndexUpdateRow
        {
            Owner = update.Owner, Partition = update.Partition, Source = caller.Account, Sequence = update.Sequence, Signed = update.Signed, Hash = update.Hash,
            IsBase = update.Base is not null, IsReplaced = false,
        };
        database.Add(row);
        await database.SaveChangesAsync(cancellation);
        if (update.Base is not null)
            await Rebase.ApplyAsync(database, update, row, usage, cancellation);
        // 5. Within the owner's room, after what the base has freed.
        if (!usage.TryTake(1, update.Signed.Length, options.Quota) || usage.IndexBytes + added > options.Quota.IndexBytes)
            throw UsageRow.Full();
        usage.IndexBytes += added;
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IndexUpdatePage>> GetUpdates(
        Caller caller, string owner, CloudDatabase database, TimeProvider time, CancellationToken cancellation, string? partition = null, string? after = null)
    {
        if (!Identifier.TryParse(owner, out AccountId of))
            throw ProblemException.BadRequest("owner: 32 hexadecimal digits.");
        var position = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out position))
            throw ProblemException.BadRequest("after: the `next` of the page before.");
        PartitionId? only = null;
        if (partition is not null)
            only = Identifier.TryParse(partition, out PartitionId named) ? named : throw ProblemException.BadRequest("partition: 32 hexadecimal digits.");
        var now = time.GetUtcNow();
        var visible = database.VisibleUpdates(of, caller.Account, now).Where(row => row.Position > position && (only == null || row.Partition == only));
        var listed = await visible.OrderBy(row => row.Position).Take(MaxPage + 1).Select(row => new { row.Position, row.Signed.Length }).ToListAsync(cancellation);
        if (listed.Count == 0 && !await MaySeeAsync(database, of, only, caller.Account, now, cancellation))
            throw ProblemException.NotGranted("No live grant covers this.");
        var bytes = 0L;
        var page = listed.Take(MaxPage).TakeWhile((row, i) => (bytes += row.Length) <= MaxPageBytes || i == 0).ToList();
        if (page.Count == 0)
            return TypedResults.Ok(new IndexUpdatePage([], null));
        var last = page[^1].Position;
        var updates = await visible.Where(row => row.Position <= last).OrderBy(row => row.Position).Select(row => row.Signed).ToListAsync(cancellation);
        return TypedResults.Ok(new IndexUpdatePage(updates, page.Count < listed.Count ? last.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<bool> MaySeeAsync(
        CloudDatabase database, AccountId owner, PartitionId? partition, AccountId asker, DateTimeOffset now, CancellationToken cancellation) =>
        owner == asker || await database.HasLiveEntryAsync(owner, asker, partition, now, cancellation)
        || await database.LiveDeposits(asker, now).AnyAsync(deposit => deposit.Owner == owner && (partition == null || deposit.Partition == partition), cancellation);

    /// <summary>The owner may seal a segment under any epoch there is, so that a merged one gives nobody history; a depositor under the newest.</summary>
    private static async Task CheckEpochsAsync(CloudDatabase database, IndexUpdate update, Caller caller, CancellationToken cancellation)
    {
        var head = (await database.EpochHeadAsync(update.Owner, update.Partition, cancellation))?.Epoch;
        var named = update.Added.Concat(update.Base?.Kept ?? []).Select(segment => segment.Epoch);
        if (head is not { } newest || named.Any(epoch => caller.Account == update.Owner ? epoch > newest : epoch != newest))
            throw ProblemException.Conflict($"The partition is at epoch {head?.Value ?? 0}: seal the segments under that one.");
    }

    private static ProblemException NotGranted() => ProblemException.NotGranted("No live deposit grant covers this.");
}
