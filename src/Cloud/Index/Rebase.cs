using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Cloud.Index;

/// <summary>
/// What a base takes away: the updates that it replaces, and the segments that are neither its own, nor kept by it, nor of an update after its watermarks. It happens in the
/// transaction that enters the base: an append that came before it and after its watermark stays, and one that waits for the owner's lock comes after it.
/// </summary>
internal static class Rebase
{
    public static async Task ApplyAsync(CloudDatabase database, IndexUpdate update, IndexUpdateRow entered, UsageRow usage, CancellationToken cancellation)
    {
        var newBase = update.Base ?? throw new ArgumentException("The update is no base.", nameof(update));
        var marks = newBase.Watermarks.ToDictionary(mark => mark.Source.Account, mark => mark.Head);
        var rows = await database.IndexUpdates.Where(row => row.Owner == update.Owner && row.Partition == update.Partition).ToListAsync(cancellation);
        CheckWatermarks(rows, marks, update.Owner);
        // 1. Updates. That at a watermark stays: the source's next one may follow it, and the next base must not come before it.
        foreach (var row in rows.Where(row => row != entered && !IsAfter(marks, update.Owner, row.Source, row.Sequence)))
        {
            if (row.Source != update.Owner && row.Sequence == marks[row.Source].Sequence)
            {
                row.IsReplaced = true;
                continue;
            }
            usage.Rows--;
            usage.Bytes -= row.Signed.Length;
            database.Remove(row);
        }
        // 2. Segments. Their blocks are removed afterwards, by the sweep: nobody can ask for them from here on.
        var segments = await database.Segments.FromSql($"""
            SELECT * FROM cloud.index_segments WHERE owner = {Key(update.Owner)} AND partition = {Key(update.Partition)} AND state = {(short)SegmentState.Published}
            ORDER BY id FOR UPDATE
            """).ToListAsync(cancellation);
        var kept = newBase.Kept.ToDictionary(segment => segment.Id);
        var added = update.Added.Select(segment => segment.Id).ToHashSet();
        foreach (var row in segments.Where(row => !added.Contains(row.Id)))
        {
            var isAfter = IsAfter(marks, update.Owner, row.Source, row.Sequence ?? 0);
            if (kept.Remove(row.Id, out var segment))
            {
                if (isAfter || row.Source != segment.Source.Account || row.DictionaryLength != segment.DictionaryLength || row.Blocks != segment.Blocks
                    || !segment.DictionaryHash.AsSpan().SequenceEqual(row.DictionaryHash))
                    throw ProblemException.Conflict($"Segment {row.Id} is another one than the base keeps.");
                row.Epoch = segment.Epoch;
            }
            else if (!isAfter)
            {
                row.State = SegmentState.Dropped;
                usage.IndexBytes -= row.Size;
            }
        }
        if (kept.Count > 0)
            throw ProblemException.Conflict($"The base keeps segment {kept.Keys.First()}, which is not in the index.");
        // 3. The base comes first, and after it what came after the watermarks, in the order in which it came.
        var behind = rows.Where(row => row != entered && !row.IsReplaced && database.Entry(row).State != EntityState.Deleted).OrderBy(row => row.Position).ToList();
        foreach (var (row, position) in behind.Zip(await database.NextPositionsAsync(behind.Count, cancellation)))
            row.Position = position;
        await database.SaveChangesAsync(cancellation);
    }

    /// <summary>A watermark is a place that the source's chain has, and not before that of an earlier base: what lies between is gone.</summary>
    private static void CheckWatermarks(List<IndexUpdateRow> rows, Dictionary<AccountId, IndexHead> marks, AccountId owner)
    {
        foreach (var (source, mark) in marks)
            if (!rows.Exists(row => row.Source == source && row.Sequence == mark.Sequence && row.Hash.AsSpan().SequenceEqual(mark.Hash)))
                throw ProblemException.Conflict("A watermark of the base is no place of its source's chain, or one before an earlier base: fetch the updates again.");
        if (rows.Exists(row => row.Source != owner && row.IsReplaced && !marks.ContainsKey(row.Source)))
            throw ProblemException.Conflict("The base has no watermark for a source that an earlier base has one for.");
    }

    private static bool IsAfter(Dictionary<AccountId, IndexHead> marks, AccountId owner, AccountId source, long sequence) =>
        source != owner && sequence > (marks.TryGetValue(source, out var mark) ? mark.Sequence : 0);

    private static Guid Key<T>(T identifier) where T : struct, IIdentifier<T> => new(identifier.ToBytes(), bigEndian: true);
}
