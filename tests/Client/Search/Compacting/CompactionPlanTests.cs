using Salus.Client.Search.Compacting;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Compacting;

public sealed class CompactionPlanTests : IDisposable
{
    private readonly SigningKey _owner = SigningKey.Generate();
    private readonly SegmentInfo _example;

    public CompactionPlanTests() => _example = new Chain(_owner, _owner.PublicKey.Account, Identifier.Random<PartitionId>()).Segment();

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void AFewSmallSegmentsAreLeftAlone()
    {
        Assert.Empty(Due(Small(1, 16), 1));
        Assert.Equal(17, Due(Small(1, 17), 1).Single().Segments.Count);
        Assert.Empty(Due(Small(1, 1, CompactionPlan.MaxSmallBytes + 1), 1));
        Assert.Equal(2, Due(Small(1, 2, (CompactionPlan.MaxSmallBytes / 2) + 1), 1).Single().Segments.Count);
    }

    [Fact]
    public void WhatWasSealedBeforeTheHeadIsSealedAgain()
    {
        var job = Due([.. Small(1, 1), .. Small(3, 1)], 3).Single();
        Assert.Equal(new EpochNumber(3), job.Epoch);
        Assert.Equal(2, job.Segments.Count);
        var large = Large(2, 1, 10_000);
        Assert.Equal(large, Due([.. large, .. Large(3, 1, 10_000)], 3).Single().Segments);
        Assert.Equal(Large(1, 1, int.MaxValue / 256)[0].Blocks, Due(Large(1, 1, int.MaxValue / 256), 3).Single().Segments.Single().Blocks);
    }

    [Fact]
    public void NoSegmentCrossesTheBeginningOfALiveGrant()
    {
        var segments = Enumerable.Range(1, 6).SelectMany(epoch => Small((uint)epoch, 2)).ToArray();
        var jobs = CompactionPlan.All(segments, new EpochNumber(6), [new EpochNumber(1), new EpochNumber(3), new EpochNumber(5), new EpochNumber(5)]);
        Assert.Equal([2u, 4u, 6u], jobs.Select(job => job.Epoch.Value));
        Assert.Equal(["1 2", "3 4", "5 6"], jobs.Select(job => string.Join(" ", job.Segments.Select(segment => segment.Epoch.Value).Distinct().Order())));
        Assert.All(jobs, job => Assert.Equal(4, job.Segments.Count));
        // The older class is at its last epoch already; it is not sealed again under a newer one.
        Assert.Empty(Due([.. Small(2, 3), .. Small(6, 3)], 6, 3));
        Assert.Equal(3, Due([.. Small(2, 3), .. Small(6, 3)], 6).Single().Segments.Count(segment => segment.Epoch.Value == 2));
    }

    [Fact]
    public void LargeSegmentsAreMergedByFoursOfASize()
    {
        Assert.Empty(Due([.. Large(1, 3, 10_000), .. Large(1, 3, 50_000)], 1));
        Assert.Equal(4, Due([.. Large(1, 4, 10_000), .. Large(1, 3, 50_000)], 1).Single().Segments.Count);
        Assert.Empty(Due(Large(1, 9, 1_500_000), 1));
    }

    [Fact]
    public void NoMergeIsLargerThanASegmentMayBe()
    {
        var segments = Enumerable.Range(0, 200).SelectMany(i => Large(1, 1, 1 + (i * i * 100))).ToArray();
        foreach (var jobs in new[] { CompactionPlan.All(segments, new EpochNumber(2), []), Due(segments, 2) })
        {
            Assert.Equal(segments.Length, jobs.SelectMany(job => job.Segments).Distinct().Count());
            Assert.Equal(segments.Length, jobs.Sum(job => job.Segments.Count));
            Assert.All(jobs, job => Assert.True(job.Segments.Count == 1 || job.Segments.Sum(CompactionPlan.Bytes) <= CompactionPlan.MaxMergedBytes));
        }
        var words = Many(1, 20, 1, CompactionPlan.MaxMergedDictionary / 4);
        Assert.All(CompactionPlan.All(words, EpochNumber.First, []), job => Assert.Equal(4, job.Segments.Count));
    }

    private static IReadOnlyList<CompactionJob> Due(SegmentInfo[] segments, uint head, params uint[] beginnings) =>
        CompactionPlan.Due(segments, new EpochNumber(head), beginnings.Select(epoch => new EpochNumber(epoch)));

    private SegmentInfo[] Small(uint epoch, int count, long bytes = 1000) => Many(epoch, count, 0, bytes);

    private SegmentInfo[] Large(uint epoch, int count, int blocks) => Many(epoch, count, blocks, 1000);

    private SegmentInfo[] Many(uint epoch, int count, int blocks, long bytes) => [.. Enumerable.Range(0, count).Select(_ =>
        _example with { Id = Identifier.Random<SegmentId>(), Epoch = new EpochNumber(epoch), Blocks = blocks, DictionaryLength = bytes })];
}
