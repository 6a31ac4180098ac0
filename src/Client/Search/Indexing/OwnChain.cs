using Salus.Protocol;

namespace Salus.Client.Search.Indexing;

/// <summary>What a chain says about an update that its source has signed.</summary>
internal enum Standing
{
    /// <summary>It is in the chain.</summary>
    Entered,

    /// <summary>Its place is free, or another one's.</summary>
    Absent,

    /// <summary>What was at its place is gone under a base, or not shown to a depositor.</summary>
    Unknown,
}

/// <summary>
/// This account's own chain of updates of one partition, as the cloud shows it and as it holds: signed by this account, without a fork or a gap since the owner's newest base, and
/// reaching as far as this device has seen. A depositor is shown the last update alone.
/// </summary>
internal sealed class OwnChain
{
    private readonly List<IndexUpdate> _updates = [];

    private OwnChain()
    {
    }

    /// <summary>The end; null before the first update.</summary>
    public IndexHead? Head => _updates.Count == 0 ? null : _updates[^1].Head;

    /// <param name="updates">Of one owner and partition, verified each for itself.</param>
    public static OwnChain Of(VerifyingKey source, AccountId owner, IEnumerable<IndexUpdate> updates, IndexHead? seen)
    {
        var chain = new OwnChain();
        var own = updates.Where(update => update.Source.Equals(source)).ToArray();
        var start = own.Where(update => update.Base is not null).Select(update => update.Sequence).DefaultIfEmpty().Max();
        foreach (var update in own.Where(update => update.Sequence >= start).OrderBy(update => update.Sequence))
            chain.Append(update, isWhole: source.Account == owner);
        if (seen is not null && (chain.Head is null || chain.Head.Sequence < seen.Sequence))
            throw new AlarmException(AlarmKind.Rollback, "The cloud shows an older search index than before. Nothing was added to it.");
        if (seen is not null && chain._updates.Find(update => update.Sequence == seen.Sequence) is { } shown && !shown.Hash.AsSpan().SequenceEqual(seen.Hash))
            throw Forked();
        return chain;
    }

    public Standing Of(IndexUpdate update)
    {
        if (Head is null || Head.Sequence < update.Sequence)
            return Standing.Absent;
        if (_updates.Find(shown => shown.Sequence == update.Sequence) is { } there)
            return there.Hash.AsSpan().SequenceEqual(update.Hash) ? Standing.Entered : Standing.Absent;
        var first = _updates[0];
        if (first.Sequence == update.Sequence + 1)
            return first.Follows(update.Head) ? Standing.Entered : Standing.Absent;
        var added = update.Added.Select(segment => segment.Id).ToHashSet();
        return first.Base?.Kept.Any(segment => added.Contains(segment.Id)) == true ? Standing.Entered : Standing.Unknown;
    }

    private void Append(IndexUpdate update, bool isWhole)
    {
        if (_updates is [.., var last])
        {
            if (last.Sequence == update.Sequence ? !last.Hash.AsSpan().SequenceEqual(update.Hash) : update.Sequence == last.Sequence + 1 && !update.Follows(last.Head))
                throw Forked();
            if (last.Sequence == update.Sequence)
                return;
        }
        if (isWhole && update.Base is null && update.Sequence != (Head?.Sequence ?? 0) + 1)
            throw new AlarmException(AlarmKind.Withheld, "The cloud withholds a part of your own search index: an update before one that it shows. Nothing was added to it.");
        _updates.Add(update);
    }

    private static AlarmException Forked() =>
        new(AlarmKind.Integrity, "The cloud shows two histories of your own search index: an update is another one than before. Nothing was added to it.");
}
