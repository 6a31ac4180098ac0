using Salus.Client.Search;
using Salus.Protocol;

namespace Salus.Client.Tests.Search;

/// <summary>Which segments there are, whatever a cloud makes of the updates that it was given.</summary>
public sealed class PartitionIndexTests : IDisposable
{
    private readonly SigningKey _owner = SigningKey.Generate();
    private readonly SigningKey _hospital = SigningKey.Generate();
    private readonly PartitionId _partition = Identifier.Random<PartitionId>();
    private readonly Chain _own;
    private readonly Chain _other;
    private readonly Dictionary<VerifyingKey, IndexHead> _seen = [];
    private bool _mayWrite = true;

    public PartitionIndexTests() => (_own, _other) = (new Chain(_owner, Owner, _partition), new Chain(_hospital, Owner, _partition));

    private AccountId Owner => _owner.PublicKey.Account;

    public void Dispose()
    {
        _owner.Dispose();
        _hospital.Dispose();
    }

    [Fact]
    public void SegmentsOfAllSourcesAreThere()
    {
        var (one, two) = (_own.Segment(), _other.Segment());
        _own.Add(one);
        _other.Add(two);
        _other.Add();
        var index = Of([.. _other.Updates, .. _own.Updates]);
        Assert.Equal(3, index.Segments.Count);
        Assert.Contains(index.Segments, segment => segment.Id == one.Id);
        Assert.Equal(_other.Head, index.Heads[_hospital.PublicKey]);
        Assert.Empty(Of([]).Segments);
    }

    [Fact]
    public void ABaseStandsForAllBeforeIt()
    {
        var kept = _other.Segment();
        _other.Add(kept);
        _other.Add();
        _own.Add();
        var made = _own.AddBase([kept], _other);
        Assert.Equal([kept.Id], Of([made]).Segments.Select(segment => segment.Id));
        var later = _other.Add();
        var own = _own.Add();
        var expected = new[] { kept.Id, later.Added[0].Id, own.Added[0].Id }.Order(Comparer);
        Assert.Equal(expected, Of([made, later, own]).Segments.Select(segment => segment.Id).Order(Comparer));
        // What the base replaced may still be shown, while another device compacts.
        Assert.Equal(expected, Of([.. _own.Updates, .. _other.Updates]).Segments.Select(segment => segment.Id).Order(Comparer));
        Remember();
        Assert.Equal(3, Of([made, later, own]).Segments.Count);
    }

    [Fact]
    public void AHiddenUpdateIsWithheld()
    {
        for (var i = 0; i < 4; i++)
            _own.Add();
        for (var hidden = 0; hidden < 3; hidden++)
            Assert.Equal(AlarmKind.Withheld, Alarm([.. _own.Updates.Where((_, i) => i != hidden)]));
        // The newest is missed by who has seen it.
        Assert.Equal(3, Of([.. _own.Updates.Take(3)]).Segments.Count);
        Remember();
        Assert.Equal(AlarmKind.Withheld, Alarm([.. _own.Updates.Take(3)]));
        Assert.Equal(AlarmKind.Withheld, Alarm([]));
    }

    [Fact]
    public void AHiddenSourceIsWithheld()
    {
        _own.Add();
        _other.Add();
        Remember();
        Assert.Equal(AlarmKind.Withheld, Alarm([.. _own.Updates]));
        Assert.Equal(AlarmKind.Withheld, Alarm([.. _other.Updates]));
    }

    [Fact]
    public void AHiddenBaseIsWithheld()
    {
        _own.Add();
        _other.Add();
        var before = _own.Updates.Concat(_other.Updates).ToArray();
        _own.AddBase([], _other);
        Remember();
        Assert.Equal(AlarmKind.Withheld, Alarm(before));
        _own.Add();
        _own.AddBase([], _other);
        // The older base with what came right after it, but not the newer one.
        Assert.Equal(AlarmKind.Withheld, Alarm([_own.Updates[1]], remember: true));
    }

    [Fact]
    public void AnUpdateAfterAWatermarkIsNotSkipped()
    {
        _other.Add();
        var made = _own.AddBase([], _other);
        _other.Add();
        var last = _other.Add();
        Assert.Equal(AlarmKind.Withheld, Alarm([made, last]));
        var fork = new Chain(_hospital, Owner, _partition);
        fork.Add();
        Assert.Equal(AlarmKind.Integrity, Alarm([made, fork.Add()]));
    }

    [Fact]
    public void AForkIsCaught()
    {
        _own.Add();
        _own.Add();
        var fork = new Chain(_owner, Owner, _partition);
        fork.Add();
        fork.Add();
        fork.Add();
        Assert.Equal(AlarmKind.Integrity, Alarm([.. _own.Updates, .. fork.Updates]));
        Assert.Equal(AlarmKind.Integrity, Alarm([_own.Updates[0], fork.Updates[1]]));
        Remember();
        Assert.Equal(AlarmKind.Integrity, Alarm([.. fork.Updates]));
        fork.AddBase([]);
        fork.Add();
        // A base of another history, signed by the owner's key, has swallowed what was seen: it is the owner's word, and only a shorter one is refused.
        Assert.Equal(AlarmKind.Integrity, Alarm([.. fork.Updates, .. _own.Updates]));
    }

    [Fact]
    public void ARepeatedUpdateCountsOnce()
    {
        _own.Add();
        Assert.Single(Of([_own.Updates[0], _own.Updates[0]]).Segments);
    }

    [Fact]
    public void ASegmentThatIsNamedTwiceIsCaught()
    {
        var segment = _own.Segment();
        _own.Add(segment);
        _own.Add(segment);
        Assert.Equal(AlarmKind.Integrity, Alarm([.. _own.Updates]));
        Assert.Equal(AlarmKind.Integrity, Alarm([_own.AddBase([segment]), _own.Add(segment)]));
    }

    [Fact]
    public void WhatNobodyLetItsSourceWriteIsLeftOutUnlessABaseHasTakenItIn()
    {
        _mayWrite = false;
        var kept = _other.Segment();
        var own = _own.Add();
        var refused = _other.Add(kept);
        var index = Of([own, refused]);
        Assert.Equal([own.Added[0].Id], index.Segments.Select(segment => segment.Id));
        Assert.Equal([refused], index.Refused);
        var made = _own.AddBase([kept], _other);
        Assert.Equal([kept.Id], Of([made]).Segments.Select(segment => segment.Id));
        Assert.Empty(Of([made]).Refused);
        Assert.Equal([kept.Id], Of([made, _other.Add()]).Segments.Select(segment => segment.Id));
    }

    [Fact]
    public void NobodyElseSignsABase()
    {
        _own.Add();
        _other.Add();
        Assert.Throws<ArgumentException>(() => _other.AddBase([], _own));
    }

    private static Comparer<SegmentId> Comparer => Comparer<SegmentId>.Create((a, b) => a.Value.CompareTo(b.Value));

    private PartitionIndex Of(IReadOnlyList<IndexUpdate> updates) => PartitionIndex.Of(_owner.PublicKey, _partition, updates, _seen, _ => _mayWrite);

    private AlarmKind Alarm(IReadOnlyList<IndexUpdate> updates, bool remember = false)
    {
        if (remember)
            Remember();
        var alarm = Assert.Throws<AlarmException>(() => Of(updates));
        Assert.Equal(alarm.Kind == AlarmKind.Withheld, alarm.Message.Contains("withholds", StringComparison.Ordinal));
        return alarm.Kind;
    }

    private void Remember()
    {
        foreach (var chain in new[] { _own, _other })
            if (chain.Head is { } head)
                _seen[chain.Source] = head;
    }
}
