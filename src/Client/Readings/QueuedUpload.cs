using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>Where this device's feed of a series goes on.</summary>
internal sealed record KeptPlace(string Feed, long Next, byte[] Hash, uint Epoch, long Last)
{
    public static KeptPlace Of(FeedPlace place) => new(place.Feed.ToString(), place.Next, place.Hash, place.Epoch.Value, place.Last.ToUnixTimeMilliseconds());

    public FeedPlace? Place => Identifier.TryParse<FeedId>(Feed, out var feed) ? new FeedPlace(feed, Next, Hash, new EpochNumber(Epoch), DateTimeOffset.FromUnixTimeMilliseconds(Last)) : null;
}

/// <summary>
/// How far a source was taken in, by a chained hash of its rows by which the same source is known again, grown or not. The rows behind those are taken in by time, so how
/// many of them are done does not say which: it says so together with how many they were.
/// </summary>
/// <param name="Rows">Rows from the beginning that are all in.</param>
/// <param name="Pending">Rows behind them of which some are.</param>
/// <param name="Done">How many of these, by time.</param>
internal sealed record KeptSource(long Rows, byte[] Hash, long Pending, byte[] PendingHash, long Done)
{
    public static KeptSource New() => new(0, new byte[32], 0, new byte[32], 0);
}

/// <summary>What this device knows of one of the account's own series.</summary>
/// <param name="Partition">Its name.</param>
/// <param name="Described">The epochs in which the trustees have, or will be sent, its description.</param>
/// <param name="Place">Null before the first batch.</param>
internal sealed record KeptSeries(string Series, string Name, string? Code, string Unit, int Decimals, string Partition, uint[] Described, KeptPlace? Place, Dictionary<string, KeptSource> Sources);

/// <summary>An item that waits, with what two trustees get of the shares; the third gets the second's vectors without its first, and then the first vector.</summary>
internal sealed record QueuedItem(ReadingItemKind Kind, byte[] Signed, byte[] Times, byte[] Parcel0, byte[] Parcel1)
{
    // Seed 0 | seed 1, seed 1 | vector 2, vector 2 | seed 0.
    public byte[] Parcel(int party) => Kind != ReadingItemKind.Batch ? [] : party switch
    {
        0 => Parcel0,
        1 => Parcel1,
        _ => [.. Parcel1[SeedSize..], .. Parcel0[..SeedSize]],
    };

    private const int SeedSize = Crypto.Statistics.FieldStream.SeedSize;
}

/// <summary>Items that go to each trustee as one upload, and what is known of their series once they are here: so both are on the disk at once.</summary>
/// <param name="Removed">The series that ends with it.</param>
internal sealed record QueuedUpload(long Number, IReadOnlyList<QueuedItem> Items, KeptSeries? After, string? Removed);

/// <summary>The queue as a whole.</summary>
/// <param name="Next">The number of the next upload.</param>
/// <param name="Sent">For each trustee, by key: the number of the first upload that it has not acknowledged.</param>
/// <param name="Series">By identifier.</param>
/// <param name="Heads">The newest batch of each feed that each trustee has acknowledged, see <see cref="SpanVerifier.HeadKey"/>. Not with all else that the device remembers, for a
/// command that follows a sensor writes it down for days while others change the rest.</param>
internal sealed record QueueState(long Next, Dictionary<string, long> Sent, Dictionary<string, KeptSeries> Series, Dictionary<string, SeenIndexHead> Heads)
{
    public static QueueState Empty() => new(0, [], [], []);
}
