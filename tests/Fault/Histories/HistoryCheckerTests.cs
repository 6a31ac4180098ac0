namespace Salus.Fault.Tests.Histories;

/// <summary>The checker itself: it passes what a right system does, and finds what a wrong one does.</summary>
public class HistoryCheckerTests
{
    private static readonly Call Granted = new(Act.Grant, "p", 10, 20, Result.Done);
    private static readonly Call Revoked = new(Act.Revoke, "p", 50, 70, Result.Done, new Receipt("one", 54), new Receipt("two", 60), new Receipt("three", 66));
    private static readonly Call GrantedAgain = new(Act.Grant, "p", 100, 110, Result.Done);

    [Theory]
    [InlineData(5, 12, true)] // the grant took effect while it was under way
    [InlineData(5, 9, false)]
    [InlineData(30, 40, true)]
    [InlineData(59, 80, true)] // began before the second receipt
    [InlineData(61, 65, false)] // after the second of three
    [InlineData(61, 99, false)]
    [InlineData(61, 100, true)] // the next grant was under way
    [InlineData(120, 130, true)]
    public void AnOpenThatIsDoneMustHaveMetAGrant(long began, long ended, bool holds) =>
        Assert.Equal(holds ? 0 : 1, HistoryChecker.Faults([Granted, Revoked, GrantedAgain, new Call(Act.Open, "p", began, ended, Result.Done)]).Count);

    [Theory]
    [InlineData(5, 12, true)]
    [InlineData(15, 18, true)]
    [InlineData(21, 49, false)]
    [InlineData(21, 50, true)] // the revocation was under way
    [InlineData(80, 90, true)]
    [InlineData(105, 130, true)]
    [InlineData(111, 130, false)]
    public void AnOpenThatIsRefusedMustHaveMetAnotherTime(long began, long ended, bool holds) =>
        Assert.Equal(holds ? 0 : 1, HistoryChecker.Faults([Granted, Revoked, GrantedAgain, new Call(Act.Open, "p", began, ended, Result.Refused)]).Count);

    [Fact]
    public void TwoReceiptsOfOneTrusteeAreOne()
    {
        var revoked = Revoked with { Receipts = [new Receipt("one", 54), new Receipt("one", 55)] };
        Assert.Empty(HistoryChecker.Faults([Granted, revoked, new Call(Act.Open, "p", 61, 65, Result.Done)]));
        // Not acknowledged, and yet it may have happened.
        Assert.Empty(HistoryChecker.Faults([Granted, revoked, new Call(Act.Open, "p", 61, 65, Result.Refused)]));
    }

    [Fact]
    public void WhatNobodyKnowsIsNoFaultAndNoExcuse()
    {
        var unknown = Granted with { Result = Result.Unknown };
        foreach (var result in new[] { Result.Done, Result.Refused })
            Assert.Empty(HistoryChecker.Faults([unknown, new Call(Act.Open, "p", 30, 40, result)]));
        Assert.Single(HistoryChecker.Faults([unknown, new Call(Act.Open, "p", 1, 2, Result.Done)]));
        Assert.Empty(HistoryChecker.Faults([Granted, new Call(Act.Open, "p", 30, 40, Result.Unknown)]));
    }

    [Fact]
    public void AnotherPairsGrantOpensNothing() =>
        Assert.Single(HistoryChecker.Faults([Granted, new Call(Act.Open, "q", 30, 40, Result.Done)]));

    /// <summary>Histories of a model: each call takes effect at one moment between its beginning and its end.</summary>
    [Fact]
    public void HistoriesOfARightSystemHold()
    {
        for (var seed = 0; seed < 500; seed++)
            Assert.Empty(HistoryChecker.Faults(Model(new Random(seed), lateness: 0)));
    }

    /// <summary>Trustees that acknowledge first and forget the keys later.</summary>
    [Fact]
    public void ASystemThatAcknowledgesTooEarlyIsFound()
    {
        var found = Enumerable.Range(0, 500).Count(seed => HistoryChecker.Faults(Model(new Random(seed), lateness: 25)).Count > 0);
        Assert.InRange(found, 400, 500);
    }

    /// <summary>One successful open moved behind the second receipt.</summary>
    [Fact]
    public void OneOpenAtTheWrongTimeIsFoundAmongAllOthers()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var history = Model(new Random(seed), lateness: 0);
            var revoked = history.Last(call => call.Act == Act.Revoke);
            var bad = new Call(Act.Open, "p", revoked.Receipts.Select(receipt => receipt.At).Order().ElementAt(1) + 1, revoked.Ended + 5, Result.Done);
            Assert.Single(HistoryChecker.Faults([.. history, bad]));
        }
    }

    private static List<Call> Model(Random random, int lateness)
    {
        var history = new List<Call>();
        var effects = new List<(long At, bool IsOpen)>();
        var now = 0L;
        for (var round = 0; round < 5; round++)
        {
            var granted = Next(out var began, out var ended);
            effects.Add((granted, true));
            history.Add(new Call(Act.Grant, "p", began, ended, Result.Done));
            var revoked = Next(out began, out ended);
            effects.Add((revoked + lateness, false));
            // The second receipt comes when it is revoked, or later.
            history.Add(new Call(Act.Revoke, "p", began, ended, Result.Done,
                new Receipt("one", began), new Receipt("two", random.NextInt64(revoked, ended + 1)), new Receipt("three", ended)));
        }
        for (var i = 0; i < 200; i++)
        {
            var began = random.NextInt64(0, now + 50);
            var (ended, at) = (began + 6, began + random.Next(7));
            history.Add(new Call(Act.Open, "p", began, ended, effects.LastOrDefault(effect => effect.At <= at).IsOpen ? Result.Done : Result.Refused));
        }
        return history;

        long Next(out long began, out long ended)
        {
            began = now += random.Next(30, 60);
            ended = now += random.Next(1, 30);
            return random.NextInt64(began, ended + 1);
        }
    }
}
