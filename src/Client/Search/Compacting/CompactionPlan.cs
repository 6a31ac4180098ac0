using System.Numerics;
using Salus.Protocol;

namespace Salus.Client.Search.Compacting;

/// <summary>Segments that become one, or as few as hold them, sealed under an epoch.</summary>
internal sealed record CompactionJob(EpochNumber Epoch, IReadOnlyList<SegmentInfo> Segments);

/// <summary>
/// What of an index is to be merged (docs/spec/search.md, Compaction). Epochs fall into classes: one begins with each epoch in which a live grant begins, so that everyone who may read one
/// segment of a class may read them all, and merging them gives nobody history. A class's segments are sealed under its last epoch, the newest class's under the head: whoever was
/// revoked holds keys of an older one.
/// </summary>
internal static class CompactionPlan
{
    /// <summary>Small segments, which every search fetches whole: so many, or so many bytes together, are merged.</summary>
    public const int MaxSmall = 16;

    /// <inheritdoc cref="MaxSmall"/>
    public const long MaxSmallBytes = 1024 * 1024;

    /// <summary>So many segments of a size class are merged, each size class four times the one below: a posting is rewritten once for each size class, not once for each merge.</summary>
    public const int TierWidth = 4;

    /// <summary>Sealed bytes that are merged into one, at most: a quarter of the blocks that a segment may have, for padding can double them.</summary>
    public const long MaxMergedBytes = 256L * Limits.MaxSegmentBlocks / 4;

    /// <summary>Bytes of dictionaries that are merged into one, at most.</summary>
    public const long MaxMergedDictionary = Limits.MaxDictionary / 2;

    private const int TierShift = 18;

    /// <summary>What is worth the work now.</summary>
    /// <param name="beginnings">The first epoch of each live grant on the partition.</param>
    public static IReadOnlyList<CompactionJob> Due(IEnumerable<SegmentInfo> segments, EpochNumber head, IEnumerable<EpochNumber> beginnings) =>
        [.. Classes(segments, head, beginnings).SelectMany(job => DueOf(job))];

    /// <summary>Everything.</summary>
    public static IReadOnlyList<CompactionJob> All(IEnumerable<SegmentInfo> segments, EpochNumber head, IEnumerable<EpochNumber> beginnings) =>
        [.. Classes(segments, head, beginnings).SelectMany(job => Batches(job, job.Segments))];

    public static long Bytes(SegmentInfo segment) => segment.DictionaryLength + ((long)segment.Blocks * 256);

    private static CompactionJob[] Classes(IEnumerable<SegmentInfo> segments, EpochNumber head, IEnumerable<EpochNumber> beginnings)
    {
        var starts = beginnings.Where(epoch => epoch > EpochNumber.First && epoch <= head).Distinct().Order().ToArray();
        return [.. segments.GroupBy(segment => starts.Count(start => start <= segment.Epoch)).OrderBy(group => group.Key)
            .Select(group => new CompactionJob(group.Key < starts.Length ? new EpochNumber(starts[group.Key].Value - 1) : head, [.. group]))];
    }

    private static IEnumerable<CompactionJob> DueOf(CompactionJob all)
    {
        var small = all.Segments.Where(segment => segment.Blocks == 0).ToArray();
        var due = all.Segments.Where(segment => segment.Epoch != all.Epoch).ToHashSet();
        // What is rewritten anyway takes the small ones along.
        if (due.Count > 0 || small.Length > MaxSmall || (small.Length > 1 && small.Sum(Bytes) > MaxSmallBytes))
            due.UnionWith(small);
        foreach (var tier in all.Segments.Where(segment => segment.Blocks > 0 && Bytes(segment) <= MaxMergedBytes / TierWidth).GroupBy(Tier))
            if (tier.Count() >= TierWidth)
                due.UnionWith(tier);
        // One segment alone that is sealed as it should be is nothing to merge.
        return Batches(all, due).Where(job => job.Segments.Count > 1 || job.Segments[0].Epoch != job.Epoch);
    }

    /// <summary>From the smallest on, as many together as are merged into one.</summary>
    private static IEnumerable<CompactionJob> Batches(CompactionJob all, IEnumerable<SegmentInfo> segments)
    {
        var batch = new List<SegmentInfo>();
        foreach (var segment in segments.OrderBy(Bytes))
        {
            if (batch.Count > 0 && (batch.Sum(Bytes) + Bytes(segment) > MaxMergedBytes
                || batch.Sum(other => other.DictionaryLength) + segment.DictionaryLength > MaxMergedDictionary))
            {
                yield return all with { Segments = batch };
                batch = [];
            }
            batch.Add(segment);
        }
        if (batch.Count > 0)
            yield return all with { Segments = batch };
    }

    private static int Tier(SegmentInfo segment) => BitOperations.Log2(((ulong)Bytes(segment) >> TierShift) | 1) / 2;
}
