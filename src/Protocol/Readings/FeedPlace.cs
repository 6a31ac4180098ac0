namespace Salus.Protocol.Readings;

/// <summary>Where the next batch of a feed goes: behind the one before, in the chain and in time.</summary>
/// <param name="Next">The sequence number that comes next; 0 for a feed that begins.</param>
/// <param name="Hash">SHA-256 of the signed batch before; zeros for a feed that begins.</param>
/// <param name="Epoch">The epoch of the batch before; the next one is of this epoch or a later one.</param>
/// <param name="Last">The last time of the batch before; the next one begins then or later.</param>
public sealed record FeedPlace(FeedId Feed, long Next, byte[] Hash, EpochNumber Epoch, DateTimeOffset Last)
{
    public static FeedPlace New() => new(Identifier.Random<FeedId>(), 0, new byte[ReadingBatch.HashSize], EpochNumber.First, DateTimeOffset.UnixEpoch);

    /// <summary>The place behind a batch.</summary>
    public static FeedPlace After(ReadingBatch batch) => new(batch.Before.Feed, batch.Sequence + 1, batch.Hash, batch.Epoch, batch.Last);

    public bool Equals(FeedPlace? other) => other is not null && Feed == other.Feed && Next == other.Next && Hash.AsSpan().SequenceEqual(other.Hash) && Epoch == other.Epoch
        && Last == other.Last;

    public override int GetHashCode() => HashCode.Combine(Feed, Next);
}
