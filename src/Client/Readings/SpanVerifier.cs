using Salus.Client.Profiles;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>A batch in a span, with what one trustee holds of it, verified; or deleted by its owner.</summary>
internal sealed record HeldBatch(ReadingBatch Batch, ReadingTimes? Times, SharePair? Pair, bool IsDeleted);

/// <summary>What one trustee shows of a span, verified by itself.</summary>
/// <param name="Newest">Of each feed the newest sequence number that it shows.</param>
internal sealed record TrusteeSpan(string Trustee, bool HasEnded, IReadOnlyDictionary<string, HeldBatch> Held, IReadOnlyDictionary<FeedId, long> Newest);

/// <summary>
/// Holds what a trustee hands out of a span against what the owner's devices have signed: every share against its commitment, every feed without a gap from before the span to
/// behind it, or to the newest batch, which is no older than what the same trustee has shown or acknowledged before.
/// </summary>
/// <param name="remembered">What was remembered when the trustee was asked.</param>
internal sealed class SpanVerifier(SeriesInfo series, ReadingSpan span, IReadOnlyCollection<VerifyingKey> trustees, IReadOnlyDictionary<string, SeenIndexHead> remembered)
{
    private readonly VerifyingKey[] _order = ReadingBatch.InOrder(trustees);

    /// <summary>The epochs that the reader's grant opens; null for the owner.</summary>
    private readonly HashSet<EpochNumber>? _epochs = series.Grant?.Grant.Entries.Where(entry => entry.Partition == series.PartitionId).Select(entry => entry.Epoch).ToHashSet();

    public static string HeadKey(AccountId owner, SeriesId series, GrantId? grant, VerifyingKey trustee, FeedId feed) => $"{Prefix(owner, series, grant, trustee)}{feed}";

    /// <summary>Throws an alarm that names the trustee when anything does not hold.</summary>
    public TrusteeSpan Verify(string name, VerifyingKey trustee, IReadOnlyList<ReadingPage> pages)
    {
        var held = new Dictionary<string, HeldBatch>();
        var newest = new Dictionary<FeedId, long>();
        if (pages.Any(page => page.Deletion is not null))
            return new TrusteeSpan(name, true, held, newest);
        ReadingBatch? previous = null;
        foreach (var paged in pages.SelectMany(page => page.Batches))
        {
            var batch = paged.Batch;
            if (!batch.Trustees.SequenceEqual(_order) || (_epochs is not null && (batch.Partition != series.PartitionId || !_epochs.Contains(batch.Epoch))))
                throw Wrong(name, "shows readings that were not asked for");
            if (previous is null || batch.Feed != previous.Feed)
            {
                if (previous is not null && batch.Feed.Value < previous.Feed.Value)
                    throw Wrong(name, "shows readings out of their order");
                CheckBeginning(name, batch);
            }
            else
                CheckFollows(name, previous, batch);
            newest[batch.Feed] = batch.Sequence;
            previous = batch;
            if (batch.Meets(span.From, span.To))
                held[Convert.ToHexString(batch.Hash)] = Open(name, trustee, paged);
        }
        CheckNewest(name, trustee, pages, newest);
        return new TrusteeSpan(name, false, held, newest);
    }

    /// <summary>What to remember of a verified answer.</summary>
    public IEnumerable<(string Key, SeenIndexHead Head)> Heads(VerifyingKey trustee, IEnumerable<ReadingPage> pages) => pages.SelectMany(page => page.Batches)
        .Select(paged => (HeadKey(series.Owner, series.Id, series.Grant?.Grant.Terms.Id, trustee, paged.Batch.Feed), new SeenIndexHead(paged.Batch.Sequence, paged.Batch.Hash)));

    private HeldBatch Open(string name, VerifyingKey trustee, PagedBatch paged)
    {
        if (paged.Deletion is not null)
            return new HeldBatch(paged.Batch, null, null, true);
        if (paged.Parcel is null)
            throw new AlarmException(AlarmKind.Withheld, $"{name} does not hand out its shares of readings of {series.Name} that it says it has.");
        return paged.Batch.TryOpen(paged.Batch.IndexOf(trustee), paged.Parcel, out var pair)
            ? new HeldBatch(paged.Batch, paged.Times, pair, false)
            : throw Wrong(name, "handed out shares that are not those which the owner's device has committed to");
    }

    /// <summary>Nothing of the feed that could meet the span lies before what is shown first.</summary>
    private void CheckBeginning(string name, ReadingBatch first)
    {
        if (first.Sequence > 0 && first.Before.Last >= span.From && IsOpen(first.Before.Epoch))
            throw Withheld(name);
    }

    private void CheckFollows(string name, ReadingBatch previous, ReadingBatch batch)
    {
        if (batch.Sequence == previous.Sequence && batch.Hash.AsSpan().SequenceEqual(previous.Hash))
            return;
        if (batch.Sequence <= previous.Sequence)
            throw Wrong(name, "shows readings out of their order");
        if (batch.Sequence == previous.Sequence + 1 ? !batch.Follows(previous) : IsOpen(batch.Before.Epoch))
            throw Withheld(name);
    }

    /// <summary>Every feed that the trustee has shown or acknowledged is there; where it says that one ends, it ends no earlier than before.</summary>
    private void CheckNewest(string name, VerifyingKey trustee, IReadOnlyList<ReadingPage> pages, Dictionary<FeedId, long> newest)
    {
        var prefix = Prefix(series.Owner, series.Id, series.Grant?.Grant.Terms.Id, trustee);
        var behind = pages.SelectMany(page => page.Batches).Where(paged => paged.Batch.First > span.To).Select(paged => paged.Batch.Feed).ToHashSet();
        foreach (var (key, seen) in remembered.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (!Identifier.TryParse<FeedId>(key[prefix.Length..], out var feed) || !newest.TryGetValue(feed, out var sequence))
                throw Withheld(name);
            if (sequence < seen.Sequence && !behind.Contains(feed))
                throw new AlarmException(AlarmKind.Rollback, $"{name} shows fewer readings of {series.Name} than it has shown or acknowledged before.");
        }
    }

    private bool IsOpen(EpochNumber epoch) => _epochs is null || _epochs.Contains(epoch);

    private static string Prefix(AccountId owner, SeriesId series, GrantId? grant, VerifyingKey trustee) => $"{owner}/{series}/{grant?.ToString() ?? "own"}/{trustee}/";

    private AlarmException Withheld(string name) => new(AlarmKind.Withheld, $"{name} withholds readings of {series.Name}: the chain that the owner's device signed has a gap.");

    private AlarmException Wrong(string name, string what) => new(AlarmKind.Integrity, $"{name} {what} ({series.Name}).");
}
