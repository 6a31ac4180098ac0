using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Statistics.Sharing;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>
/// What the owner's device signs of a batch of readings: its place in a feed, the span and the hash of its times, and commitments to the three share vectors of its values, so
/// that each trustee's part is checked by itself. The batches of a feed are a chain that goes forward in time, so that one which is left out, moved or taken back shows.
/// Wire: "salus readings 1\n" | owner 32 | partition 16 | epoch u32 | series 16 | feed 16 | sequence u64 | previous hash 32 | previous epoch u32 | previous last u64
/// | first u64 | last u64 | count u32 | hash of the times 32 | 3 of trustee 32, in the order of their keys | 3 of commitment 32 | signature 64.
/// Trustee i holds the vectors i and i+1 (mod 3).
/// </summary>
public sealed class ReadingBatch
{
    public const int HashSize = 32;

    private static ReadOnlySpan<byte> Magic => "salus readings 1\n"u8;

    private readonly byte[] _timesHash;
    private readonly VerifyingKey[] _trustees;
    private readonly ShareCommitments _commitments;

    private ReadingBatch(byte[] signed, VerifyingKey owner, PartitionId partition, EpochNumber epoch, SeriesId series, FeedPlace before, DateTimeOffset first,
        DateTimeOffset last, int count, byte[] timesHash, VerifyingKey[] trustees, ShareCommitments commitments)
    {
        (Signed, Owner, Partition, Epoch, Series, Before) = (signed, owner, partition, epoch, series, before);
        (First, Last, Count, _timesHash, _trustees, _commitments) = (first, last, count, timesHash, trustees, commitments);
        Hash = SHA256.HashData(signed);
    }

    public VerifyingKey Owner { get; }

    public PartitionId Partition { get; }

    public EpochNumber Epoch { get; }

    public SeriesId Series { get; }

    /// <summary>The place that the batch takes.</summary>
    public FeedPlace Before { get; }

    public FeedId Feed => Before.Feed;

    public long Sequence => Before.Next;

    public DateTimeOffset First { get; }

    public DateTimeOffset Last { get; }

    public int Count { get; }

    /// <summary>In the order that the vectors are dealt in.</summary>
    public IReadOnlyList<VerifyingKey> Trustees => _trustees;

    public byte[] Signed { get; }

    public byte[] Hash { get; }

    /// <summary>Signs a batch at <paramref name="place"/>; the shares are those of as many values as there are times.</summary>
    /// <param name="trustees">The three, in any order.</param>
    public static ReadingBatch Create(SigningKey owner, PartitionId partition, EpochNumber epoch, SeriesId series, FeedPlace place, ReadingTimes times, SplitVector shares,
        IReadOnlyList<VerifyingKey> trustees)
    {
        if (shares.Count != times.Count)
            throw new ArgumentException("Every value has a time.", nameof(shares));
        var writer = new WireWriter().Bytes(Magic).Key(owner.PublicKey).Id(partition).Epoch(epoch).Id(series).Id(place.Feed).UInt64((ulong)place.Next)
            .Fixed(HashSize, place.Hash).Epoch(place.Epoch).Time(place.Last).Time(times.First).Time(times.Last).UInt32((uint)times.Count).Bytes(SHA256.HashData(times.Bytes));
        foreach (var trustee in InOrder(trustees))
            writer.Key(trustee);
        writer.Bytes(shares.Commit().Bytes);
        return TryRead(SignedMessage.Sign(Domains.SignReadings, owner, writer.ToArray()), out var batch) ? batch : throw SignedMessage.Mistake(nameof(ReadingBatch));
    }

    /// <summary>The order in which the vectors are dealt to trustees.</summary>
    public static VerifyingKey[] InOrder(IEnumerable<VerifyingKey> trustees) => [.. trustees.OrderBy(trustee => trustee.ToString(), StringComparer.Ordinal)];

    /// <summary>False when the bytes are no batch or not signed by the owner named within. The reader checks that this is the owner it means.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingBatch? batch)
    {
        if (TryRead(signed, out batch) && SignedMessage.Verify(Domains.SignReadings, batch.Owner, signed))
            return true;
        batch = null;
        return false;
    }

    /// <summary>The place of a trustee among the three, or -1.</summary>
    public int IndexOf(VerifyingKey trustee) => Array.FindIndex(_trustees, key => key.Equals(trustee));

    /// <summary>Whether these are the times that were signed.</summary>
    public bool Covers(ReadingTimes times) => times.Count == Count && times.First == First && times.Last == Last && _timesHash.AsSpan().SequenceEqual(SHA256.HashData(times.Bytes));

    /// <summary>Whether any time from <paramref name="from"/> to <paramref name="to"/>, both included, lies within the batch's span.</summary>
    public bool Meets(DateTimeOffset from, DateTimeOffset to) => First <= to && Last >= from;

    /// <summary>Whether this is the batch behind <paramref name="previous"/> in the same feed.</summary>
    public bool Follows(ReadingBatch previous) => Owner.Equals(previous.Owner) && Series == previous.Series && Partition == previous.Partition
        && Before.Equals(FeedPlace.After(previous));

    /// <summary>Reads what the trustee at <paramref name="index"/> holds of the shares; false when it is not what was signed.</summary>
    public bool TryOpen(int index, ReadOnlySpan<byte> parcel, [NotNullWhen(true)] out SharePair? pair)
    {
        if (SharePair.TryParse(index, Count, parcel, out pair) && pair.Fits(_commitments))
            return true;
        pair = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingBatch? batch)
    {
        batch = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey owner) || !reader.Id(out PartitionId partition) || !reader.Epoch(out var epoch) || !reader.Id(out SeriesId series)
            || !reader.Id(out FeedId feed) || !reader.UInt64(out var sequence) || sequence >= long.MaxValue || !reader.Bytes(HashSize, out var previous)
            || !reader.Epoch(out var previousEpoch) || epoch < previousEpoch || !reader.Time(out var previousLast)
            || !reader.Time(out var first) || first < previousLast || !reader.Time(out var last) || last < first || !reader.UInt32(out var count)
            || count is 0 or > Limits.MaxReadings || !reader.Bytes(HashSize, out var timesHash))
            return false;
        var trustees = new VerifyingKey[Parties.Count];
        for (var i = 0; i < trustees.Length; i++)
            if (!reader.Key(out trustees[i]) || (i > 0 && trustees[i - 1].Bytes.SequenceCompareTo(trustees[i].Bytes) >= 0))
                return false;
        if (!reader.Bytes(ShareCommitments.Size, out var committed) || !ShareCommitments.TryParse(committed, out var commitments) || !reader.AtEnd)
            return false;
        var begins = previousLast == DateTimeOffset.UnixEpoch && previousEpoch == EpochNumber.First && previous.IndexOfAnyExcept((byte)0) < 0;
        if (sequence == 0 && !begins)
            return false;
        var before = new FeedPlace(feed, (long)sequence, previous.ToArray(), previousEpoch, previousLast);
        batch = new ReadingBatch(signed.ToArray(), owner, partition, epoch, series, before, first, last, (int)count, timesHash.ToArray(), trustees, commitments);
        return true;
    }
}
