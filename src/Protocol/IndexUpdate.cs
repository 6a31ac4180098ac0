using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>
/// A source's next word about the search index of one owner's partition: the segments that it adds, chained to its word before. An instance exists only after
/// the source's signature was verified or made; whether that source may write there, the reader checks.
/// Wire: "salus index 1\n" | owner 16 | partition 16 | source 32 | sequence u64 | previous 32 | at u64 | u32 count, segments added | u8 base (0 or 1)
/// | the base, if there is one | signature 64.
/// </summary>
public sealed class IndexUpdate
{
    public const int HashSize = 32;

    private static ReadOnlySpan<byte> Magic => "salus index 1\n"u8;

    private IndexUpdate(
        byte[] signed, AccountId owner, PartitionId partition, VerifyingKey source, IndexHead? previous, DateTimeOffset at,
        IReadOnlyList<SegmentInfo> added, IndexBase? newBase)
    {
        (Signed, Owner, Partition, Source, At, Added, Base) = (signed, owner, partition, source, at, added, newBase);
        (Previous, Head) = (previous, new IndexHead(previous is null ? 1 : previous.Sequence + 1, SHA256.HashData(signed)));
    }

    public AccountId Owner { get; }

    public PartitionId Partition { get; }

    public VerifyingKey Source { get; }

    /// <summary>The update before this one in the source's chain; null for the first.</summary>
    public IndexHead? Previous { get; }

    /// <summary>This update's place in the chain.</summary>
    public IndexHead Head { get; }

    public long Sequence => Head.Sequence;

    /// <summary>SHA-256 of <see cref="Signed"/>.</summary>
    public byte[] Hash => Head.Hash;

    /// <summary>The source's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Segments of this source, at least one unless this is a base.</summary>
    public IReadOnlyList<SegmentInfo> Added { get; }

    /// <summary>Only the owner signs a base.</summary>
    public IndexBase? Base { get; }

    public byte[] Signed { get; }

    public static IndexUpdate Create(
        SigningKey source, AccountId owner, PartitionId partition, IndexHead? previous, DateTimeOffset at, IReadOnlyList<SegmentInfo> added, IndexBase? newBase = null)
    {
        var writer = new WireWriter().Bytes(Magic).Id(owner).Id(partition).Key(source.PublicKey).UInt64((ulong)(previous?.Sequence ?? 0) + 1)
            .Fixed(HashSize, previous?.Hash ?? new byte[HashSize]).Time(at).UInt32((uint)added.Count);
        foreach (var segment in added)
            segment.Write(writer);
        newBase?.Write(writer.Byte(1));
        if (newBase is null)
            writer.Byte(0);
        return TryRead(SignedMessage.Sign(Domains.SignIndex, source, writer.ToArray()), out var update) ? update : throw SignedMessage.Mistake(nameof(IndexUpdate));
    }

    /// <summary>False when the bytes are no index update or not signed by the source named within. The reader checks that it may write there.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out IndexUpdate? update)
    {
        if (TryRead(signed, out update) && SignedMessage.Verify(Domains.SignIndex, update.Source, signed))
            return true;
        update = null;
        return false;
    }

    /// <summary>Whether this is the update after <paramref name="head"/> (null: the first) of a chain whose owner, partition and source the caller has checked.</summary>
    public bool Follows(IndexHead? head) => head is null
        ? Previous is null
        : Previous is not null && Previous.Sequence == head.Sequence && Previous.Hash.AsSpan().SequenceEqual(head.Hash);

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out IndexUpdate? update)
    {
        update = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Id(out AccountId owner) || !reader.Id(out PartitionId partition) || !reader.Key(out VerifyingKey source)
            || !reader.UInt64(out var sequence) || sequence is 0 or > long.MaxValue || !reader.Bytes(HashSize, out var hash)
            || (sequence == 1 && hash.ContainsAnyExcept((byte)0))
            || !reader.Time(out var at) || !reader.UInt32(out var count) || count > Limits.MaxAddedSegments)
            return false;
        var added = new List<SegmentInfo>();
        var seen = new HashSet<SegmentId>();
        for (var i = 0; i < count; i++)
        {
            if (!SegmentInfo.TryRead(ref reader, out var segment) || !segment.Source.Equals(source) || !seen.Add(segment.Id))
                return false;
            added.Add(segment);
        }
        if (!reader.Byte(out var based) || based > 1)
            return false;
        IndexBase? newBase = null;
        if (based == 1 ? source.Account != owner || !IndexBase.TryRead(ref reader, source, seen, out newBase) : count == 0)
            return false;
        if (!reader.AtEnd)
            return false;
        var previous = sequence == 1 ? null : new IndexHead((long)sequence - 1, hash.ToArray());
        update = new IndexUpdate(signed.ToArray(), owner, partition, source, previous, at, added, newBase);
        return true;
    }
}
