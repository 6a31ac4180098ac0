namespace Salus.Protocol.Tests;

/// <summary>What index updates allow beyond the contract of signed messages; <see cref="SignedContractTests"/> holds a base to it.</summary>
public class IndexUpdateTests
{
    private static readonly SigningKey Owner = Parts.Signing(1);
    private static readonly SigningKey Hospital = Parts.Signing(2);

    [Fact]
    public void ASourceAppendsToItsChain()
    {
        var first = Make(Hospital, null, [Parts.Segment(1, Hospital)]);
        var second = Make(Hospital, first.Head, [Parts.Segment(2, Hospital)]);
        Assert.Equal((1, 2), (first.Sequence, second.Sequence));
        Assert.True(first.Follows(null) && second.Follows(first.Head));
        Assert.False(first.Follows(first.Head) || second.Follows(null) || second.Follows(second.Head));
        Assert.False(second.Follows(new IndexHead(1, Parts.Seed(9, 32))));
        Assert.False(second.Follows(new IndexHead(2, first.Hash)));
        Assert.True(IndexUpdate.TryVerify(second.Signed, out var read));
        Assert.True(read.Follows(first.Head));
        Assert.Null(read.Base);
        Assert.False(IndexUpdate.TryVerify([.. second.Signed.AsSpan(0, second.Signed.Length - 65), 1, .. second.Signed.AsSpan(second.Signed.Length - 64)], out _));
    }

    [Fact]
    public void OnlyTheOwnerSignsABase()
    {
        var begin = new IndexBase([], []);
        Assert.NotNull(Make(Owner, null, [], begin).Base);
        Assert.Throws<ArgumentException>(() => Make(Hospital, null, [Parts.Segment(1, Hospital)], begin));
    }

    [Fact]
    public void ABaseKeepsSegmentsOfOtherSources()
    {
        var update = Make(Owner, null, [], new IndexBase([new(Hospital.PublicKey, new IndexHead(7, Parts.Seed(1, 32)))], [Parts.Segment(1, Hospital), Parts.Segment(2, Owner)]));
        Assert.True(IndexUpdate.TryVerify(update.Signed, out var read));
        Assert.Equal([Hospital.PublicKey, Owner.PublicKey], read.Base!.Kept.Select(segment => segment.Source));
        Assert.Equal(7, Assert.Single(read.Base.Watermarks).Head.Sequence);
    }

    [Fact]
    public void RefusesUpdatesThatNobodyWouldAccept()
    {
        var segment = Parts.Segment(1, Owner);
        Assert.Throws<ArgumentException>(() => Make(Owner, null, []));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, [segment, segment]));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, [Parts.Segment(1, Hospital)]));
        Assert.Throws<ArgumentException>(() => Make(Owner, new IndexHead(long.MaxValue, new byte[32]), [segment]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Owner, new IndexHead(1, new byte[31]), [segment]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(Owner, null, [segment with { DictionaryHash = new byte[33] }]));
        foreach (var wrong in (SegmentInfo[])
        [
            segment with { Blocks = Limits.MaxSegmentBlocks + 1 }, segment with { DictionaryLength = 0 },
            segment with { DictionaryLength = Limits.MaxDictionary + 1 }, segment with { Epoch = default },
        ])
            Assert.Throws<ArgumentException>(() => Make(Owner, null, [wrong]));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, [segment], new IndexBase([], [segment])));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, [segment], new IndexBase([new(Owner.PublicKey, new IndexHead(1, new byte[32]))], [])));
    }

    [Fact]
    public void TheLargestUpdateIsReadAndOneMoreIsNot()
    {
        var added = Many(Limits.MaxAddedSegments, 1);
        var kept = Many(Limits.MaxKeptSegments, 1000);
        var watermarks = Enumerable.Range(0, Limits.MaxIndexWatermarks)
            .Select(i => new IndexWatermark(VerifyingKey.TryParse(Parts.Seed((byte)(i % 250), 30).Concat(BitConverter.GetBytes((short)i)).ToArray(), out var key) ? key : throw new FormatException(),
                new IndexHead(1 + i, new byte[32]))).ToArray();
        Assert.True(IndexUpdate.TryVerify(Make(Owner, null, added, new IndexBase(watermarks, kept)).Signed, out _));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, Many(Limits.MaxAddedSegments + 1, 1)));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, added, new IndexBase([], Many(Limits.MaxKeptSegments + 1, 1000))));
        Assert.Throws<ArgumentException>(() => Make(Owner, null, added, new IndexBase([.. watermarks, new(Hospital.PublicKey, new IndexHead(1, new byte[32]))], [])));
    }

    [Fact]
    public void TheKeyOfASegmentIsBoundLikeThatOfARecord()
    {
        var segment = Parts.Segment(3, Owner);
        Assert.Equal(new RecordContext(new AccountId(5), Parts.Partition, segment.Epoch, new RecordId(3)), segment.Context(new AccountId(5), Parts.Partition));
    }

    private static SegmentInfo[] Many(int count, uint from)
    {
        var segment = Parts.Segment(1, Owner);
        return [.. Enumerable.Range(0, count).Select(i => segment with { Id = new SegmentId(from + (uint)i) })];
    }

    private static IndexUpdate Make(SigningKey source, IndexHead? previous, IReadOnlyList<SegmentInfo> added, IndexBase? newBase = null) =>
        IndexUpdate.Create(source, Owner.PublicKey.Account, Parts.Partition, previous, Parts.Now, added, newBase);
}
