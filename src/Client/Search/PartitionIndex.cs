using Salus.Protocol;

namespace Salus.Client.Search;

/// <summary>
/// The search index of one partition as its owner and its sources have signed it: which segments there are now, and how far each source's chain has come.
/// </summary>
/// <param name="Heads">Where each source's chain ends.</param>
/// <param name="Refused">Updates by someone who may not write there: their segments are not among <paramref name="Segments"/>.</param>
internal sealed record PartitionIndex(
    PartitionId Partition, IReadOnlyList<SegmentInfo> Segments, IReadOnlyDictionary<VerifyingKey, IndexHead> Heads, IReadOnlyList<IndexUpdate> Refused)
{
    /// <summary>
    /// Puts the updates that a cloud hands out into chains, and refuses what has a gap, a fork or an end before the one seen. 1 no two updates in one place, 2 the owner's newest
    /// base, 3 each source's chain from there on, 4 held against what this device has seen, 5 what nobody let its source write, 6 the segments.
    /// </summary>
    /// <param name="updates">Of this owner and partition, verified each for itself, in any order. What the base has replaced may be among them.</param>
    /// <param name="seen">The newest update of each source that this device has seen.</param>
    /// <param name="mayWrite">Whether the owner lets the source of an update write there and then. Not asked of the owner's own.</param>
    public static PartitionIndex Of(VerifyingKey owner, PartitionId partition, IReadOnlyList<IndexUpdate> updates, IReadOnlyDictionary<VerifyingKey, IndexHead> seen,
        Func<IndexUpdate, bool> mayWrite)
    {
        // 1
        var placed = new Dictionary<(VerifyingKey Source, long Sequence), IndexUpdate>();
        foreach (var update in updates)
            if (!placed.TryAdd((update.Source, update.Sequence), update) && !update.Hash.AsSpan().SequenceEqual(placed[(update.Source, update.Sequence)].Hash))
                throw Forked();
        // 2
        var newest = placed.Values.Where(update => update.Base is not null).MaxBy(update => update.Sequence);
        var starts = newest is null ? [] : newest.Base!.Watermarks.ToDictionary(watermark => watermark.Source, watermark => watermark.Head);
        if (newest is not null)
            starts[owner] = newest.Head;
        // 3
        var bySource = placed.Values.ToLookup(update => update.Source);
        var chains = bySource.Select(group => group.Key).Union(starts.Keys).Union(seen.Keys)
            .ToDictionary(source => source, source => Chain(starts.GetValueOrDefault(source), bySource[source]));
        // 4
        foreach (var (source, head) in seen)
            Compare(head, starts.GetValueOrDefault(source), chains[source]);
        // 5
        var appended = chains.Values.SelectMany(chain => chain).ToArray();
        var refused = appended.Where(update => !update.Source.Equals(owner) && !mayWrite(update)).ToArray();
        // 6
        var segments = appended.Except(refused).SelectMany(update => update.Added).Concat(newest is null ? [] : newest.Added.Concat(newest.Base!.Kept)).ToArray();
        if (segments.Select(segment => segment.Id).Distinct().Count() != segments.Length)
            throw new AlarmException(AlarmKind.Integrity, "The search index names a segment twice.");
        var heads = chains.Where(chain => chain.Value.Count > 0 || starts.ContainsKey(chain.Key))
            .ToDictionary(chain => chain.Key, chain => chain.Value.Count > 0 ? chain.Value[^1].Head : starts[chain.Key]);
        return new PartitionIndex(partition, segments, heads, refused);
    }

    /// <summary>The updates that follow <paramref name="start"/> (null: the very first), without a gap.</summary>
    private static List<IndexUpdate> Chain(IndexHead? start, IEnumerable<IndexUpdate> updates)
    {
        var chain = new List<IndexUpdate>();
        var head = start;
        foreach (var update in updates.Where(update => update.Sequence > (start?.Sequence ?? 0)).OrderBy(update => update.Sequence))
        {
            if (update.Sequence != (head?.Sequence ?? 0) + 1)
                throw new AlarmException(AlarmKind.Withheld, "The cloud withholds a part of the search index: an update is missing between two that it shows. Nothing was searched.");
            if (!update.Follows(head))
                throw Forked();
            chain.Add(update);
            head = update.Head;
        }
        return chain;
    }

    private static void Compare(IndexHead seen, IndexHead? start, List<IndexUpdate> chain)
    {
        var reached = chain.Count > 0 ? chain[^1].Sequence : start?.Sequence ?? 0;
        if (reached < seen.Sequence)
            throw new AlarmException(AlarmKind.Withheld,
                $"The cloud withholds the newest part of the search index: it shows {reached} updates of a source; this device has seen {seen.Sequence}. Nothing was searched.");
        var shown = seen.Sequence == start?.Sequence ? start : chain.FirstOrDefault(update => update.Sequence == seen.Sequence)?.Head;
        // What lies before a base is gone, and the owner's signature on the base answers for it.
        if (shown is not null && !shown.Hash.AsSpan().SequenceEqual(seen.Hash))
            throw Forked();
    }

    private static AlarmException Forked() =>
        new(AlarmKind.Integrity, "The cloud shows two histories of the search index: an update is another one than before. Nothing was searched.");
}
