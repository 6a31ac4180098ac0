using Microsoft.EntityFrameworkCore;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Trustee.Readings;

/// <summary>An item of an upload that was checked: one of the three.</summary>
internal sealed record CheckedItem(Series? Series, ReadingBatch? Batch, byte[]? SealedShares, ReadingDeletion? Deletion);

/// <summary>
/// Takes the items of an upload in, each once: one that is there already changes nothing, so an upload can be sent again. Two steps: what needs no database first, the rest
/// within a transaction under the owner's lock.
/// </summary>
internal sealed class ReadingIntake(ServerIdentity self, ReadingRest rest, TrusteeDatabase database, TrusteeOptions options)
{
    /// <summary>What the signed head of a batch takes, an order to delete, or the description of a series in an epoch: room for so many readings.</summary>
    internal const int HeadSize = 32;

    private readonly Dictionary<(SeriesId, FeedId), FeedRow> _feeds = [];
    private readonly Dictionary<SeriesId, bool> _ended = [];
    private readonly HashSet<(SeriesId, EpochNumber, PartitionId)> _described = [];
    private ReadingUseRow? _use;

    /// <summary>Signed by the owner, whole, and with the shares that the owner has committed to; throws otherwise.</summary>
    public async Task<IReadOnlyList<CheckedItem>> CheckAsync(VerifyingKey owner, IReadOnlyList<ReadingItem> items)
    {
        var good = new CheckedItem[items.Count];
        for (var i = 0; i < good.Length; i++)
            good[i] = await CheckAsync(items[i]) is { } item && (item.Series?.Owner ?? item.Batch?.Owner ?? item.Deletion?.Owner)!.Equals(owner)
                ? item : throw ProblemException.BadRequest($"Item {i} is not what its owner signed, or not this trustee's part of it.");
        return good;
    }

    /// <summary>All or nothing: throws when an item does not fit what is there. The caller holds the owner's lock, and commits.</summary>
    public async Task TakeAsync(AccountId owner, IReadOnlyList<CheckedItem> items, CancellationToken cancel)
    {
        foreach (var item in items)
            if (item.Series is { } series)
                await DescribeAsync(owner, series, cancel);
            else if (item.Batch is { } batch)
                await AddAsync(owner, batch, item.SealedShares!, cancel);
            else
                await DeleteAsync(owner, item.Deletion!, cancel);
        await database.SaveChangesAsync(cancel);
    }

    private async ValueTask<CheckedItem?> CheckAsync(ReadingItem item)
    {
        switch (item.Kind)
        {
            case ReadingItemKind.Series:
                return Series.TryVerify(item.Signed, out var series) ? new CheckedItem(series, null, null, null) : null;
            case ReadingItemKind.Deletion:
                return ReadingDeletion.TryVerify(item.Signed, out var deletion) ? new CheckedItem(null, null, null, deletion) : null;
            default:
                if (!ReadingBatch.TryVerify(item.Signed, out var batch) || batch.IndexOf(self.Key) is not (>= 0 and var index) || !ReadingTimes.TryParse(item.Times, out var times)
                    || !batch.Covers(times) || !batch.TryOpen(index, item.Parcel, out _))
                    return null;
                return new CheckedItem(null, batch, await rest.SealAsync(batch, times, item.Parcel), null);
        }
    }

    private async Task DescribeAsync(AccountId owner, Series series, CancellationToken cancel)
    {
        if (await HasEndedAsync(owner, series.Id, cancel))
            return;
        var known = await database.Series.AsNoTracking().Where(row => row.Owner == owner && row.Series == series.Id).Select(row => new { row.Epoch, row.Partition }).ToListAsync(cancel);
        if (known.Exists(row => row.Partition != series.Partition))
            throw ProblemException.Conflict("The series is of another partition.");
        // Another device of the owner's may have been first: what it says of the series is as good.
        if (known.Exists(row => row.Epoch == series.Epoch) || !_described.Add((series.Id, series.Epoch, series.Partition)))
            return;
        if (known.Count == 0 && await database.Series.Where(row => row.Owner == owner).Select(row => row.Series).Distinct().CountAsync(cancel) >= Limits.MaxSeries)
            throw ProblemException.NoSpace($"An account has {Limits.MaxSeries} series at most.");
        await ChargeAsync(owner, HeadSize, cancel);
        database.Series.Add(new SeriesRow { Owner = owner, Series = series.Id, Epoch = series.Epoch, Partition = series.Partition, Signed = series.Signed });
        await database.SaveChangesAsync(cancel);
    }

    private async Task AddAsync(AccountId owner, ReadingBatch batch, byte[] sealedShares, CancellationToken cancel)
    {
        // 1 Of a series that goes on and is described in that epoch.
        if (await HasEndedAsync(owner, batch.Series, cancel))
            return;
        var place = (batch.Series, batch.Epoch, batch.Partition);
        if (!_described.Contains(place))
        {
            if (!await database.Series.AnyAsync(row => row.Owner == owner && row.Series == batch.Series && row.Epoch == batch.Epoch && row.Partition == batch.Partition, cancel))
                throw ProblemException.Conflict("The series is not described in the epoch of a batch.");
            _described.Add(place);
        }

        // 2 The next of its feed; or the very same that is there.
        var feed = await FeedAsync(owner, batch, cancel);
        if (batch.Sequence < feed.Next)
        {
            await database.SaveChangesAsync(cancel);
            var kept = await database.Batches.AsNoTracking().Where(row => row.Owner == owner && row.Series == batch.Series && row.Feed == batch.Feed && row.Sequence == batch.Sequence)
                .Select(row => row.Signed).SingleAsync(cancel);
            if (!kept.AsSpan().SequenceEqual(batch.Signed))
                throw ProblemException.Conflict("Another batch has that place in its feed.");
            return;
        }
        if (!batch.Before.Equals(new FeedPlace(feed.Feed, feed.Next, feed.Hash, feed.Epoch, feed.Last)))
            throw ProblemException.Conflict("The batch does not follow the newest one of its feed.");

        // 3 Within what the account may keep.
        await ChargeAsync(owner, batch.Count + HeadSize, cancel);
        (feed.Next, feed.Hash, feed.Epoch, feed.Last) = (batch.Sequence + 1, batch.Hash, batch.Epoch, batch.Last);
        database.Batches.Add(new BatchRow
        {
            Owner = owner,
            Series = batch.Series,
            Feed = batch.Feed,
            Sequence = batch.Sequence,
            Epoch = batch.Epoch,
            First = batch.First,
            Last = batch.Last,
            Count = batch.Count,
            Signed = batch.Signed,
            Sealed = sealedShares,
        });
    }

    private async Task DeleteAsync(AccountId owner, ReadingDeletion deletion, CancellationToken cancel)
    {
        // What comes before it in the upload is deleted with the rest; what the tables say from then on is read anew.
        await database.SaveChangesAsync(cancel);
        database.ChangeTracker.Clear();
        _feeds.Clear();
        _use = null;
        if (await database.ReadingDeletions.AnyAsync(row => row.Owner == owner && row.Series == deletion.Series && row.Signed == deletion.Signed, cancel))
            return;
        var order = new ReadingDeletionRow { Owner = owner, Series = deletion.Series, IsWhole = deletion.IsWhole, Signed = deletion.Signed };
        database.ReadingDeletions.Add(order);
        await database.SaveChangesAsync(cancel);

        var kept = database.Batches.Where(row => row.Owner == owner && row.Series == deletion.Series && row.Sealed != null && row.First <= deletion.To && row.Last >= deletion.From);
        var freed = await kept.SumAsync(row => (long)row.Count, cancel);
        if (deletion.IsWhole)
            freed += HeadSize * ((long)await database.Batches.CountAsync(row => row.Owner == owner && row.Series == deletion.Series, cancel)
                + await database.Series.CountAsync(row => row.Owner == owner && row.Series == deletion.Series, cancel));
        // The order stays, as the heads do of batches that it deletes; one that deletes more than it takes always has room.
        await ChargeAsync(owner, HeadSize - freed, cancel);
        await database.SaveChangesAsync(cancel);
        if (!deletion.IsWhole)
        {
            await kept.ExecuteUpdateAsync(update => update.SetProperty(row => row.Sealed, (byte[]?)null).SetProperty(row => row.Deletion, order.Id), cancel);
            return;
        }
        await database.Batches.Where(row => row.Owner == owner && row.Series == deletion.Series).ExecuteDeleteAsync(cancel);
        await database.Feeds.Where(row => row.Owner == owner && row.Series == deletion.Series).ExecuteDeleteAsync(cancel);
        await database.Series.Where(row => row.Owner == owner && row.Series == deletion.Series).ExecuteDeleteAsync(cancel);
        _ended[deletion.Series] = true;
        _use = null;
        database.ChangeTracker.Clear();
    }

    private async ValueTask<bool> HasEndedAsync(AccountId owner, SeriesId series, CancellationToken cancel)
    {
        if (!_ended.TryGetValue(series, out var ended))
            _ended[series] = ended = await database.EndAsync(owner, series, cancel) is not null;
        return ended;
    }

    private async ValueTask<FeedRow> FeedAsync(AccountId owner, ReadingBatch batch, CancellationToken cancel)
    {
        if (_feeds.TryGetValue((batch.Series, batch.Feed), out var known))
            return known;
        var feed = await database.Feeds.SingleOrDefaultAsync(row => row.Owner == owner && row.Series == batch.Series && row.Feed == batch.Feed, cancel);
        if (feed is null)
        {
            if (_feeds.Keys.Count(key => key.Item1 == batch.Series)
                + await database.Feeds.CountAsync(row => row.Owner == owner && row.Series == batch.Series, cancel) >= Limits.MaxFeeds)
                throw ProblemException.NoSpace($"A series has {Limits.MaxFeeds} feeds at most: one for each device, and one more whenever readings go back in time.");
            feed = new FeedRow
            {
                Owner = owner, Series = batch.Series, Feed = batch.Feed, Next = 0, Hash = new byte[ReadingBatch.HashSize], Epoch = EpochNumber.First, Last = DateTimeOffset.UnixEpoch,
            };
            database.Feeds.Add(feed);
        }
        return _feeds[(batch.Series, batch.Feed)] = feed;
    }

    private async Task ChargeAsync(AccountId owner, long readings, CancellationToken cancel)
    {
        _use ??= await UseAsync(owner, cancel);
        if (readings > 0 && _use.Readings + readings > options.ReadingsPerAccount)
            throw ProblemException.NoSpace($"The account has used {_use.Readings} of {options.ReadingsPerAccount} readings' room here.");
        _use.Readings = Math.Max(0, _use.Readings + readings);
    }

    private async Task<ReadingUseRow> UseAsync(AccountId owner, CancellationToken cancel)
    {
        var use = await database.ReadingUse.SingleOrDefaultAsync(row => row.Owner == owner, cancel);
        if (use is null)
            database.ReadingUse.Add(use = new ReadingUseRow { Owner = owner });
        return use;
    }
}
