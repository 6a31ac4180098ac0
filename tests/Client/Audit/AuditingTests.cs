using System.Net;
using Salus.Client.Audit;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Merkle;
using Salus.Protocol.Audit;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Audit;

public sealed class AuditingTests
{
    private static readonly AuditSettings Impatient = new()
    {
        Deadline = TimeSpan.FromMilliseconds(600), SlowestBytesPerSecond = int.MaxValue, SlowAfter = TimeSpan.FromMilliseconds(200),
    };

    [Fact]
    public async Task GoodStoresProveEverythingTheyAreAsked()
    {
        using var body = await StoredBody.OfAsync();
        var whole = await body.AuditAsync();
        Assert.True(whole.IsWhole);
        Assert.Equal((StoreState.Good, 1), (whole.State, whole.Probability));
        Assert.Equal((whole.Leaves, whole.Leaves), (whole.Asked, whole.Answered));
        Assert.Equal(8 * body.Body.Body.Layout.Leaves, whole.Leaves);
        Assert.Empty(whole.Findings);
        Assert.Null(whole.Alarm());

        var sample = await body.AuditAsync(200);
        Assert.False(sample.IsWhole);
        Assert.Equal((200, 200), (sample.Asked, sample.Answered));
        Assert.Equal(1 - Math.Pow(0.99, 200), sample.Probability, 12);
        Assert.All(sample.Stores, store => Assert.Equal(1 - Math.Pow(0.99, store.Asked), store.Probability, 12));
        Assert.Equal(200, sample.Stores.Sum(store => store.Held));
    }

    [Fact]
    public async Task ASampleAsLargeAsAllThereIsAsksForEachLeafOnce()
    {
        using var body = await StoredBody.OfAsync(100_000);
        var report = await body.AuditAsync(AuditReport.DefaultSample);
        Assert.True(report.IsWhole);
        Assert.Equal((report.Leaves, 1), (report.Asked, report.Probability));
        Assert.True(report.Leaves < AuditReport.DefaultSample);
    }

    [Fact]
    public async Task OneRottenByteAnywhereIsFoundByAWholeAuditAndItsStoreIsNamed()
    {
        using var body = await StoredBody.OfAsync(300_000);
        var layout = body.Body.Body.Layout;
        foreach (var at in (long[])
            [0, 100, FragmentLayout.HeaderSize, layout.LeafHashesOffset - 1, layout.LeafHashesOffset, layout.NextLabelOffset - 1, layout.NextLabelOffset, layout.FileLength - 1])
        {
            body.At(3)[at] ^= 1;
            var report = await body.AuditAsync();
            body.At(3)[at] ^= 1;
            var finding = Assert.Single(report.Findings);
            Assert.Equal((body.StoreOf(3).Name, FindingKind.Damaged, 3), (finding.Store, finding.Kind, finding.Fragment!.Value));
            Assert.Equal(StoreState.Failing, report.Stores.Single(store => store.Store == body.StoreOf(3).Name).State);
            Assert.Equal(AlarmKind.Integrity, report.Alarm()!.Kind);
            Assert.All(report.Stores.Where(store => store.Store != body.StoreOf(3).Name), store => Assert.Equal(StoreState.Good, store.State));
        }
    }

    [Fact]
    public async Task RottenLeafHashesAreFoundByAnyChallengeOfTheFragment()
    {
        using var body = await StoredBody.OfAsync();
        body.At(2)[body.Body.Body.Layout.LeafHashesOffset + 40] ^= 1;
        var report = await body.AuditAsync(80);
        Assert.Equal((FindingKind.Damaged, 2), (Assert.Single(report.Findings).Kind, report.Findings[0].Fragment!.Value));
    }

    [Fact]
    public async Task DroppedFragmentsAreFoundMissing()
    {
        using var body = await StoredBody.OfAsync();
        var store = body.Stores[1];
        store.Fragments.Clear();
        var report = await body.AuditAsync(100);
        Assert.Equal(body.FragmentsOf(store), report.Findings.Select(finding => finding.Fragment!.Value).Order());
        Assert.All(report.Findings, finding => Assert.Equal((FindingKind.Missing, store.Name), (finding.Kind, finding.Store)));
        Assert.Equal(AlarmKind.Withheld, report.Alarm()!.Kind);
    }

    [Fact]
    public async Task AnOlderFragmentInItsPlaceIsFoundExchanged()
    {
        using var body = await StoredBody.OfAsync();
        using var older = await StoredBody.OfAsync(1_500_000);
        using var shorter = await StoredBody.OfAsync(200_000);
        foreach (var other in new[] { older, shorter })
        {
            body.StoreOf(5).Put(body.Address(5), other.Body.Fragments[5]);
            var finding = Assert.Single((await body.AuditAsync(400)).Findings);
            Assert.Equal((FindingKind.Exchanged, 5, body.StoreOf(5).Name), (finding.Kind, finding.Fragment!.Value, finding.Store));
        }
    }

    [Fact]
    public async Task AStoreThatAnswersSmallAuditsOnlyIsNamed()
    {
        using var body = await StoredBody.OfAsync();
        body.Stores[2].Instead = (request, bytes) =>
            LeafChallenge.TryRead(bytes, out var challenge) && challenge.Leaves.Count > 8 ? MemoryStore.Problem(HttpStatusCode.InternalServerError, "internal") : null;
        var report = await body.AuditAsync();
        var health = report.Stores.Single(store => store.Store == body.Stores[2].Name);
        Assert.True(health.OnlySmall);
        Assert.Equal(StoreState.Failing, health.State);
        Assert.All(report.Findings, finding => Assert.Equal((FindingKind.OnlySmall, health.Store), (finding.Kind, finding.Store)));
        Assert.Equal(2, report.Findings.Count);
        Assert.True(report.Probability < 1);
    }

    [Theory]
    [InlineData("refuses", null)]
    [InlineData("refuses", 150)]
    [InlineData("is busy", 150)]
    [InlineData("breaks off", 150)]
    [InlineData("stalls", 120)]
    public async Task AStoreThatAnswersForWhatItHasAndNotForTheRestIsNamed(string how, int? sample)
    {
        using var body = await StoredBody.OfAsync();
        var store = body.Stores[1];
        var lost = Convert.ToHexStringLower(body.Address(body.FragmentsOf(store)[0]));
        store.Instead = (request, bytes) => request.Method != HttpMethod.Post || !request.RequestUri!.AbsolutePath.Contains(lost, StringComparison.Ordinal) ? null : how switch
        {
            "refuses" => MemoryStore.Problem(HttpStatusCode.InternalServerError, "internal"),
            "is busy" => MemoryStore.Problem(HttpStatusCode.TooManyRequests, Problems.TooMany),
            "breaks off" => throw new HttpRequestException("cut off"),
            _ => MemoryStore.Stream(new DrippingStream(bytes, TimeSpan.FromSeconds(1))),
        };
        var report = await body.AuditAsync(sample, Impatient with { SlowAfter = TimeSpan.FromSeconds(5) });
        var finding = Assert.Single(report.Findings);
        Assert.Equal((store.Name, FindingKind.Selective, body.FragmentsOf(store)[0]), (finding.Store, finding.Kind, finding.Fragment!.Value));
        var health = report.Stores.Single(one => one.Store == store.Name);
        Assert.Equal((StoreState.Failing, true), (health.State, health.IsSelective));
        Assert.Equal(AlarmKind.Withheld, report.Alarm()!.Kind);
        Assert.Contains(store.Name, report.Alarm()!.Message, StringComparison.Ordinal);
        // It chose which ones to leave out: as likely as not, those that would have told.
        Assert.True(health.Held < health.Asked && health.Probability < AuditReport.ProbabilityOf(health.Asked, 0) / 2);
        Assert.All(report.Stores.Where(one => one != health), one => Assert.Equal(StoreState.Good, one.State));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(150)]
    public async Task WhatIsNotAnsweredOnceIsAskedForAgainInTheEnd(int? sample)
    {
        using var body = await StoredBody.OfAsync();
        var failed = new HashSet<string>();
        foreach (var store in body.Stores)
            store.Instead = (request, _) =>
            {
                lock (failed)
                    return request.Method == HttpMethod.Post && failed.Add(request.RequestUri!.AbsolutePath) ? MemoryStore.Problem(HttpStatusCode.ServiceUnavailable, "restarting") : null;
            };
        var report = await body.AuditAsync(sample);
        Assert.Equal((StoreState.Good, report.Asked), (report.State, report.Answered));
        Assert.Empty(report.Findings);
        Assert.Equal(body.Count, failed.Count);
    }

    [Fact]
    public async Task AStoreThatGoesDownInTheMiddleIsSilentAndAccusedOfNothing()
    {
        using var body = await StoredBody.OfAsync();
        var store = body.Stores[1];
        store.Instead = (_, _) => store.Challenged.Count > 1 ? throw new HttpRequestException("Connection refused") : null;
        var report = await body.AuditAsync(150);
        var health = report.Stores.Single(one => one.Store == store.Name);
        Assert.True(health is { State: StoreState.Silent, IsSelective: false, Held: > 0, Unanswered: > 0 });
        Assert.Null(report.Alarm());
    }

    [Fact]
    public async Task AStoreThatStallsOnLargeAuditsOnlyIsNamed()
    {
        using var body = await StoredBody.OfAsync();
        body.Stores[0].Instead = (request, bytes) =>
            LeafChallenge.TryRead(bytes, out var challenge) && challenge.Leaves.Count > 8 ? MemoryStore.Stream(new DrippingStream(bytes, TimeSpan.FromSeconds(1))) : null;
        var report = await body.AuditAsync(settings: Impatient);
        Assert.True(report.Stores.Single(store => store.Store == body.Stores[0].Name).OnlySmall);
    }

    [Fact]
    public async Task AStoreOfOneByteASecondIsGivenUpAndItsFiguresAreSaid()
    {
        using var body = await StoredBody.OfAsync(300_000);
        var slow = body.Stores[3];
        slow.Instead = (request, _) => request.Method == HttpMethod.Post ? MemoryStore.Stream(new DrippingStream(new byte[1000], TimeSpan.FromMilliseconds(250))) : null;
        var report = await body.AuditAsync(settings: Impatient);
        var health = report.Stores.Single(store => store.Store == slow.Name);
        Assert.Equal((StoreState.Silent, 2), (health.State, health.Unanswered));
        Assert.True(health.Slowest >= Impatient.Deadline && health.BytesPerSecond < 10);
        Assert.All(report.Findings, finding => Assert.Equal((FindingKind.Late, slow.Name), (finding.Kind, finding.Store)));
        Assert.Contains(" bytes in 0.6 s", report.Findings[0].Detail, StringComparison.Ordinal);
        Assert.Null(report.Alarm());
        Assert.True(report.Answered < report.Asked);
        // All that is rotten may be what it did not answer for.
        Assert.Equal((0, 0), (report.Probability, health.Probability));
        Assert.All(report.Stores.Where(store => store.Store != slow.Name), store => Assert.Equal(1, store.Probability));
        Assert.True(slow.Challenged.Count <= 2 * Impatient.Patience);
    }

    [Fact]
    public async Task AStoreThatAnswersLateButRightIsCalledSlow()
    {
        using var body = await StoredBody.OfAsync(100_000);
        body.Stores[3].Instead = (request, _) =>
        {
            Thread.Sleep(300);
            return null;
        };
        var report = await body.AuditAsync(settings: Impatient with { Deadline = TimeSpan.FromSeconds(20) });
        Assert.Equal(StoreState.Slow, report.Stores.Single(store => store.Store == body.Stores[3].Name).State);
        Assert.Equal(1, report.Probability);
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AStoreBehindASlowLineIsAskedInPiecesAndAccusedOfNothing(bool isEach)
    {
        using var body = await StoredBody.OfAsync();
        foreach (var store in body.Stores.Take(isEach ? 4 : 1))
            store.BytesPerSecond = 150_000;
        var report = await body.AuditAsync(settings: Impatient with { Deadline = TimeSpan.FromSeconds(1.5) });
        Assert.Equal((StoreState.Slow, 1), (report.State, report.Probability));
        Assert.Empty(report.Findings);
        Assert.Null(report.Alarm());
        Assert.Equal(StoreState.Slow, report.Stores[0].State);
        Assert.True(body.Stores[0].Challenged.Max() > 16 && body.Stores[0].Challenged.Count(leaves => leaves == 16) > 4);
    }

    [Fact]
    public async Task AStoreThatIsBusyForAWhileIsAccusedOfNothing()
    {
        using var body = await StoredBody.OfAsync();
        var store = body.Stores[1];
        var busy = Convert.ToHexStringLower(body.Address(body.FragmentsOf(store)[0]));
        var times = 0;
        store.Instead = (request, _) => request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.Contains(busy, StringComparison.Ordinal) && Interlocked.Increment(ref times) <= 4
            ? MemoryStore.Problem(HttpStatusCode.TooManyRequests, Problems.TooMany) : null;
        var report = await body.AuditAsync(150, Impatient);
        Assert.True(times > 4);
        Assert.Empty(report.Findings);
        Assert.Equal(1 - Math.Pow(0.99, 150), report.Probability, 12);
    }

    [Fact]
    public async Task AStoreThatStandsStillHoldsUpNoAuditForLong()
    {
        using var body = await StoredBody.OfAsync(400_000, k: 20, n: 40);
        var store = body.Stores[2];
        store.StandsStill = true;
        Assert.True(body.FragmentsOf(store).Length > 5);
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        var report = await body.AuditAsync(settings: Impatient);
        // Two challenges in each of the two rounds, and two questions after moved fragments, of all stores' fragments at once; then nobody waits for it any more.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(since), TimeSpan.Zero, 4 * Impatient.Deadline + 4 * MemoryStore.Patience);
        Assert.InRange(store.Requests, 1, 10);
        Assert.Equal((StoreState.Silent, body.FragmentsOf(store).Length), (report.Stores[2].State, report.Stores[2].Unanswered));
        Assert.All(report.Stores.Where(other => other.Store != store.Name), other => Assert.Equal(StoreState.Good, other.State));
        Assert.Null(report.Alarm());
    }

    [Fact]
    public async Task AStoreThatIsDownIsNamedAndTheOthersAreAudited()
    {
        using var body = await StoredBody.OfAsync(300_000);
        body.Stores[0].IsGone = true;
        var report = await body.AuditAsync();
        Assert.Equal([StoreState.Silent, StoreState.Good, StoreState.Good, StoreState.Good], report.Stores.Select(store => store.State));
        Assert.All(report.Findings, finding => Assert.Equal("store-1", finding.Store));
    }

    [Fact]
    public async Task AnswersThatAreNoneAreRefusedWithoutHarm()
    {
        using var body = await StoredBody.OfAsync(300_000);
        foreach (var answer in new[] { [], new byte[10], new byte[2_000_000], "salus leaves 1\n"u8.ToArray() })
        {
            body.Stores[1].Instead = (request, _) => request.Method == HttpMethod.Post ? MemoryStore.Octets(answer) : null;
            var report = await body.AuditAsync();
            // Something answers, twice, and not with what it signed for.
            Assert.All(report.Findings, finding => Assert.Equal((FindingKind.Damaged, "store-2"), (finding.Kind, finding.Store)));
            Assert.Equal(2, report.Findings.Count);
            Assert.Equal((StoreState.Failing, 0), (report.Stores.Single(store => store.Store == "store-2").State, report.Stores.Single(store => store.Store == "store-2").Held));
            Assert.Equal(AlarmKind.Integrity, report.Alarm()!.Kind);
        }
    }

    [Fact]
    public async Task AStoreThatProvesAnotherLeafThanTheOneAskedForIsCaught()
    {
        using var body = await StoredBody.OfAsync();
        var leaves = body.Body.Body.Layout.Leaves;
        var fragment = body.FragmentsOf(body.Stores[1])[0];
        var bytes = body.At(fragment);
        Assert.True(FragmentShape.TryOf(bytes.Length, out var shape));
        var hashes = new MerkleLevels(bytes.AsSpan((int)shape!.LeafHashesOffset, (int)shape.LeafHashesLength));
        // It has kept the header alone.
        body.Stores[1].Instead = (_, asked) => LeafChallenge.TryRead(asked, out var challenge)
            ? MemoryStore.Octets(LeafAnswer.Write(hashes.Root, [.. challenge.Leaves.Select(_ => new ProvenLeaf(bytes[..4096], hashes.Prove(0)))])) : null;
        var report = await body.AuditAsync(targets: [body.Targets()[fragment]]);
        Assert.Equal((leaves, 1), (report.Asked, report.Stores.Sum(store => store.Held)));
        Assert.Equal(FindingKind.Damaged, Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public async Task AFragmentThatWasMovedIsFoundAtTheOtherStore()
    {
        using var body = await StoredBody.OfAsync(300_000);
        var (own, other) = (body.StoreOf(0), body.Stores.First(store => store != body.StoreOf(0)));
        var bytes = body.At(0);
        other.Put(MovedAddress.Of(body.Address(0), other.Key.Bytes), bytes);
        own.Fragments.Remove(Convert.ToHexStringLower(body.Address(0)));
        var report = await body.AuditAsync();
        Assert.Equal((StoreState.Good, 1), (report.State, report.Probability));
        Assert.Equal(1, report.Stores.Single(store => store.Store == other.Name).Moved);

        // What it had stays behind when nobody who repairs may delete it: it is said, and nobody is accused of it.
        own.Put(body.Address(0), [.. bytes]);
        body.At(0)[5000] ^= 1;
        report = await body.AuditAsync();
        Assert.Equal((StoreState.Good, 1), (report.State, report.Probability));
        Assert.Equal((own.Name, FindingKind.Replaced, 0), (Assert.Single(report.Findings).Store, report.Findings[0].Kind, report.Findings[0].Fragment!.Value));
        Assert.Null(report.Alarm());
        own.Fragments.Remove(Convert.ToHexStringLower(body.Address(0)));

        // A store that only says that it has it proves nothing.
        bytes[5000] ^= 1;
        Assert.Equal((FindingKind.Missing, own.Name), (Assert.Single((await body.AuditAsync()).Findings).Kind, (await body.AuditAsync()).Findings[0].Store));
    }

    [Fact]
    public async Task AListAuditsTheSameStoresWithoutAnyKey()
    {
        using var body = await StoredBody.OfAsync();
        var list = AuditList.Of(new PartyDirectory(new Party("cloud", new Uri("http://localhost"), body.Stores[0].Key.ToString()), [], []), Enumerable.Range(0, body.Count).Select(i =>
            new ListedFragment(body.StoreOf(i).Key.ToString(), Convert.ToHexStringLower(body.Address(i)),
                Convert.ToHexStringLower(body.Body.Body.Roots[i]), LeadingLeaves.Of(body.Body.Body.Layout.Leaves))));
        var report = await body.AuditAsync(targets: [.. list.Targets()]);
        Assert.Equal((StoreState.Good, 1), (report.State, report.Probability));

        body.At(6)[FragmentLayout.HeaderSize + 3] ^= 1;
        body.StoreOf(1).Fragments.Remove(Convert.ToHexStringLower(body.Address(1)));
        report = await body.AuditAsync(targets: [.. list.Targets()]);
        Assert.Equal([(body.StoreOf(1).Name, FindingKind.Missing), (body.StoreOf(6).Name, FindingKind.Damaged)],
            report.Findings.Select(finding => (finding.Store, finding.Kind)).OrderByDescending(finding => finding.Kind == FindingKind.Missing));
        Assert.All(report.Findings, finding => Assert.Null(finding.Record));
    }
}
