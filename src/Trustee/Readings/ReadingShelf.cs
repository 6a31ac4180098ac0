using Microsoft.EntityFrameworkCore;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Trustee.Readings;

/// <summary>Looks up what a request for readings asks for, of the epochs that the requester may see: null for all.</summary>
internal sealed class ReadingShelf(ReadingRest rest, TrusteeDatabase database)
{
    /// <summary>The content of the answer which series there are.</summary>
    public async Task<byte[]> SeriesAsync(ReadingAccess access, IReadOnlyList<EpochNumber>? epochs, CancellationToken cancel)
    {
        var rows = database.Series.AsNoTracking().Where(row => row.Owner == access.Owner);
        if (epochs is not null)
            rows = rows.Where(row => row.Partition == access.Partition && epochs.Contains(row.Epoch));
        var newest = rows.GroupBy(row => row.Series).Select(group => new { Series = group.Key, Epoch = group.Max(row => row.Epoch) });
        var shown = await rows.Join(newest, row => new { row.Series, row.Epoch }, key => key, (row, _) => row).ToListAsync(cancel);
        return SeriesList.Encode([.. shown.Select(row => row.Signed)]);
    }

    /// <summary>One page of a span.</summary>
    public async Task<ReadingPage> PageAsync(ReadingAccess access, ReadingSpan span, IReadOnlyList<EpochNumber>? epochs, CancellationToken cancel)
    {
        var batches = new List<PagedBatch>();
        var end = await database.EndAsync(access.Owner, span.Series, cancel);
        if (end is not null)
            return new ReadingPage(Verified(end), false, []);
        if (epochs is not null && !await database.Series.AnyAsync(row => row.Owner == access.Owner && row.Series == span.Series && row.Partition == access.Partition, cancel))
            return new ReadingPage(null, false, []);
        var feeds = await database.Feeds.AsNoTracking().Where(row => row.Owner == access.Owner && row.Series == span.Series).ToListAsync(cancel);
        var hasMore = false;
        foreach (var feed in feeds.Where(feed => feed.Feed.Value >= span.Feed.Value).OrderBy(feed => feed.Feed.Value))
        {
            var room = Limits.MaxReadingPage - batches.Count;
            if (hasMore = room == 0)
                break;
            var from = feed.Feed == span.Feed ? span.Sequence : 0;
            var rows = await database.BatchesAsync(feed, from, span.From, epochs, room, cancel);
            if (rows.Count == 0 && from == 0 && await database.NewestAsync(feed, epochs, cancel) is { } newest)
                rows.Add(newest);
            foreach (var row in rows)
            {
                batches.Add(await ReadAsync(row, span, cancel));
                if (row.First > span.To)
                    break;
            }
        }
        // A full page may be the last one: the next is then empty.
        return new ReadingPage(null, hasMore || batches.Count == Limits.MaxReadingPage, batches);
    }

    private async Task<PagedBatch> ReadAsync(BatchRow row, ReadingSpan span, CancellationToken cancel)
    {
        var batch = ReadingBatch.TryVerify(row.Signed, out var read) && read.Owner.Account == row.Owner && read.Series == row.Series && read.Feed == row.Feed && read.Epoch == row.Epoch
            && read.Sequence == row.Sequence ? read : throw new InvalidDataException("A batch of readings in the database is not as its owner signed it.");
        if (!batch.Meets(span.From, span.To))
            return new PagedBatch(batch, null, null, null);
        if (row.Deletion is { } deletion)
            return new PagedBatch(batch, null, null, Verified(await database.ReadingDeletions.AsNoTracking().SingleAsync(order => order.Id == deletion, cancel)));
        var (times, parcel) = await rest.OpenAsync(batch, row.Sealed ?? []);
        return new PagedBatch(batch, times, parcel, null);
    }

    private static ReadingDeletion Verified(ReadingDeletionRow row) => ReadingDeletion.TryVerify(row.Signed, out var deletion)
        ? deletion : throw new InvalidDataException("An order to delete in the database is not as its owner signed it.");
}
