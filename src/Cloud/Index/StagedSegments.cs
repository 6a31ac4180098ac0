using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Cloud.Index;

/// <summary>How uploaded segments become those that an update names: whole, by the same source, for the same partition.</summary>
internal static class StagedSegments
{
    /// <summary>Hashes the dictionaries of the segments that an update adds. Answers their numbers.</summary>
    public static async Task<Dictionary<SegmentId, int>> HashAsync(CloudDatabase database, IndexUpdate update, AccountId source, CancellationToken cancellation)
    {
        var numbers = new Dictionary<SegmentId, int>();
        foreach (var segment in update.Added)
        {
            var row = await database.Segments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == segment.Id && row.Source == source, cancellation);
            if (row is null || row.DictionaryLength != segment.DictionaryLength)
                throw Incomplete(segment.Id);
            if (row.State != SegmentState.Staged)
                continue; // published by the same update, whose answer was lost, or by another: that shows under the lock
            if (await DictionaryPieces.HashAsync(database, row.Number, row.DictionaryLength, cancellation) is not { } hash || !hash.AsSpan().SequenceEqual(segment.DictionaryHash))
                throw ProblemException.Conflict($"The dictionary of segment {segment.Id} is other than the update says: upload it under another identifier.");
            numbers.Add(segment.Id, row.Number);
        }
        return numbers;
    }

    /// <summary>Makes the segments part of the index, in the transaction that has the owner's lock. Answers their bytes.</summary>
    public static async Task<long> PublishAsync(CloudDatabase database, IndexUpdate update, Dictionary<SegmentId, int> hashed, CancellationToken cancellation)
    {
        var bytes = 0L;
        foreach (var segment in update.Added.OrderBy(segment => segment.Id.Value)) // everybody locks in one order
        {
            var row = await database.LockSegmentAsync(segment.Id, cancellation);
            if (row is not { State: SegmentState.Staged } || !hashed.TryGetValue(segment.Id, out var number) || row.Number != number
                || (row.Owner, row.Partition, row.Source) != (update.Owner, update.Partition, update.Source.Account)
                || (row.DictionaryLength, row.Blocks) != (segment.DictionaryLength, segment.Blocks))
                throw Incomplete(segment.Id);
            (row.State, row.Epoch, row.Sequence, row.DictionaryHash) = (SegmentState.Published, segment.Epoch, update.Sequence, segment.DictionaryHash);
            bytes += row.Size;
        }
        return bytes;
    }

    private static ProblemException Incomplete(SegmentId segment) => ProblemException.Conflict($"Segment {segment} is not here, not whole, or in an index already: upload it first.");
}
