using System.Security.Cryptography;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Readings;
using Salus.Trustee.Readings;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests;

public sealed class ReadingTests : IAsyncLifetime
{
    private TrusteeHost _trustee = null!;
    private Sharing _sharing = null!;
    private SensingOwner _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _trustee = await TrusteeHost.StartAsync();
        _sharing = new Sharing(_trustee.Time);
        _owner = new SensingOwner(_trustee, _sharing);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _sharing.Dispose();
        await _trustee.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsAcknowledgedComesBackAfterARestartAndOnceHoweverOftenItIsSent()
    {
        var (first, one) = _owner.Batch(null, [1000, 2000]);
        var (second, two) = _owner.Batch(first, [2000, 3000]);
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), one);
        await _owner.BringAsync(one, two);
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), one, two);
        await _trustee.RestartAsync();
        var read = await _owner.ReadAsync(_owner.Own, _owner.Span(0, 10_000));
        Assert.Equal([first.Hash, second.Hash], read.Select(batch => batch.Batch.Hash));
        Assert.Equal([one.Parcel, two.Parcel], read.Select(batch => batch.Parcel!));
        Assert.All(read, batch => Assert.True(batch.Batch.TryOpen(_owner.Index, batch.Parcel!, out _)));
        Assert.Equal(_owner.Series.Signed, Assert.Single(await _owner.ListAsync(_owner.Own)).Signed);
        Assert.Equal(4 + 3 * ReadingIntake.HeadSize, await _trustee.InDatabaseAsync(database => Task.FromResult(database.ReadingUse.Single().Readings)));
    }

    [Fact]
    public async Task ASpanIsWhatMeetsItAndTheBatchBehind()
    {
        var batches = new List<ReadingBatch>();
        await _owner.BringAsync(SensingOwner.Item(_owner.Series));
        for (var i = 0; i < 100; i++)
        {
            var (batch, item) = _owner.Batch(batches.LastOrDefault(), [i * 1000, i * 1000 + 500]);
            batches.Add(batch);
            await _owner.BringAsync(item);
        }
        var (other, late) = _owner.Batch(null, [250]);
        await _owner.BringAsync(late);
        await ShowsAsync(0, 0, [0], behind: 1);
        await ShowsAsync(400, 1600, [0, 1], behind: 2);
        await ShowsAsync(600, 900, [], behind: 1);
        await ShowsAsync(98_700, 200_000, [99], behind: null);
        await ShowsAsync(150_000, 200_000, [], behind: 99);
        // Across pages.
        await ShowsAsync(0, 200_000, [.. Enumerable.Range(0, 100)], behind: null);
        Assert.Empty(await _owner.ReadAsync(_owner.Own, _owner.Span(0, 10_000, new SeriesId(9))));

        async Task ShowsAsync(long from, long to, int[] within, int? behind)
        {
            var read = await _owner.ReadAsync(_owner.Own, _owner.Span(from, to));
            var feed = read.Where(batch => batch.Batch.Feed == batches[0].Feed).ToArray();
            Assert.Equal([.. within, .. behind is { } one ? [one] : Array.Empty<int>()], feed.Select(batch => (int)batch.Batch.Sequence));
            Assert.Equal(within.Length, feed.Count(batch => batch.Parcel is not null));
            Assert.Equal(other.Meets(DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to)),
                Assert.Single(read, batch => batch.Batch.Feed == other.Feed).Parcel is not null);
        }
    }

    [Fact]
    public async Task WhatDoesNotFollowIsRefusedAndNothingOfItsUploadIsKept()
    {
        var (first, one) = _owner.Batch(null, [1000]);
        var (second, two) = _owner.Batch(first, [2000]);
        var (_, three) = _owner.Batch(second, [3000]);
        (await _owner.SendAsync(one)).Refuses(409, Problems.Conflict); // not described
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), one);
        (await _owner.SendAsync(three)).Refuses(409, Problems.Conflict);
        var fork = _owner.Batch(first, [2500]).Item;
        (await _owner.SendAsync(two, fork)).Refuses(409, Problems.Conflict);
        Assert.Equal(1, await _trustee.CountAsync<BatchRow>());
        (await _owner.SendAsync(_owner.Batch(second, [3000], epoch: new EpochNumber(7)).Item)).Refuses(409, Problems.Conflict);
        (await _owner.SendAsync(SensingOwner.Item(_owner.Describe(partition: new PartitionId(4), id: _owner.Series.Id)))).Refuses(409, Problems.Conflict);
        await _owner.BringAsync(two, three);
        (await _owner.SendAsync(fork)).Refuses(409, Problems.Conflict);
        Assert.Equal(3, await _trustee.CountAsync<BatchRow>());
    }

    [Fact]
    public async Task OnlyTheOwnersOwnSharesSealedToThisTrusteeAreTaken()
    {
        var (batch, item) = _owner.Batch(null, [1000, 2000]);
        await _owner.BringAsync(SensingOwner.Item(_owner.Series));
        using var other = new Sharing(_trustee.Time);
        using var stranger = new SensingOwner(_trustee, other);
        var altered = (byte[])item.Parcel.Clone();
        altered[^1] ^= 1;
        foreach (var wrong in (ReadingItem[])
        [
            item with { Parcel = altered }, item with { Parcel = [.. item.Parcel, 0] }, item with { Times = ReadingTimes.Of([1000, 2001]).Bytes }, item with { Times = [] },
            item with { Signed = [.. item.Signed[..^1], (byte)(item.Signed[^1] ^ 1)] }, item with { Kind = ReadingItemKind.Series }, item with { Kind = ReadingItemKind.Deletion },
            stranger.Batch(null, [1000]).Item, SensingOwner.Item(stranger.Series), SensingOwner.Item(ReadingDeletion.OfSeries(stranger.Key, _owner.Series.Id, _trustee.Time.Now)),
        ])
            (await _owner.SendAsync(wrong)).Refuses(400, Problems.BadRequest);

        // Sealed to another trustee's box key, and brought to this one.
        using var box = new UnboxingKey(RandomNumberGenerator.GetBytes(32));
        var elsewhere = await ReadingUpload.CreateAsync(_owner.Key, _trustee.Key, box.PublicKey, _trustee.Time.Now, _owner.Ticket, [item]);
        (await _trustee.PostAsync(Paths.Readings, elsewhere.Signed)).Refuses(400, Problems.BadRequest);

        var good = await _owner.UploadAsync([item]);
        (await PostAsync(await _owner.UploadAsync([item], trustee: _owner.Trustees.First(key => !key.Equals(_trustee.Key))))).Refuses(421, Problems.Misdirected);
        (await PostAsync(await _owner.UploadAsync([item], at: _trustee.Time.Now.AddMinutes(6)))).Refuses(403, Problems.ClockSkew);
        (await PostAsync(await _owner.UploadAsync([item], ticket: []))).Refuses(403, Problems.NotYours);
        (await PostAsync(await _owner.UploadAsync([item], ticket: stranger.Ticket))).Refuses(403, Problems.NotYours);
        (await PostAsync(await _owner.UploadAsync([item], signer: stranger.Key, ticket: stranger.Ticket))).Refuses(400, Problems.BadRequest);
        Assert.Equal(0, await _trustee.CountAsync<BatchRow>());
        Assert.Equal(200, (await PostAsync(good)).Status);
        (await PostAsync(good)).Refuses(409, Problems.Replayed);
        Assert.Equal(batch.Signed, (await _trustee.InDatabaseAsync(database => Task.FromResult(database.Batches.Single()))).Signed);

        Task<Answer> PostAsync(ReadingUpload upload) => _trustee.PostAsync(Paths.Readings, upload.Signed);
    }

    [Fact]
    public async Task ADelegateeReadsUnderALiveGrantAndNotAMomentLonger()
    {
        var (batch, item) = _owner.Batch(null, [1000]);
        var later = _owner.Describe(new EpochNumber(4), id: _owner.Series.Id);
        var (_, ungranted) = _owner.Batch(batch, [2000], epoch: new EpochNumber(4));
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), item, SensingOwner.Item(later), ungranted);
        var request = _owner.Ask(_owner.Granted, _owner.Span(0, 9000));
        (await _trustee.PostAsync(Paths.ReadingRequests, request.Signed)).Refuses(403, Problems.NotGranted);
        await _sharing.BringAsync(_trustee);

        // The epoch of the grant and no other, in list and span.
        Assert.Equal(_owner.Series.Signed, Assert.Single(await _owner.ListAsync(_owner.Granted)).Signed);
        Assert.Equal(batch.Hash, Assert.Single(await _owner.ReadAsync(_owner.Granted, _owner.Span(0, 9000))).Batch.Hash);
        Assert.Equal(2, (await _owner.ReadAsync(_owner.Own, _owner.Span(0, 9000))).Count);
        Assert.Equal(later.Signed, Assert.Single(await _owner.ListAsync(_owner.Own)).Signed);
        Assert.Equal(2, await _trustee.CountAsync<AccessRow>()); // the owner's own reading leaves none

        // By the delegatee, from the owner's partition, in time, once.
        using var stranger = SigningKey.Generate();
        await RefusesAsync(_owner.Ask(_owner.Granted, _owner.Span(0, 9000), stranger));
        await RefusesAsync(_owner.Ask(_owner.Own, _owner.Span(0, 9000), _sharing.Delegatee));
        await RefusesAsync(_owner.Ask(_owner.Granted with { Grant = new GrantId(5) }, _owner.Span(0, 9000)));
        await RefusesAsync(_owner.Ask(_owner.Granted with { Partition = new PartitionId(5) }, _owner.Span(0, 9000)));
        using var foreign = new Sharing(_trustee.Time);
        await RefusesAsync(_owner.Ask(_owner.Granted with { Owner = foreign.Account }, _owner.Span(0, 9000)));
        var twice = _owner.Ask(_owner.Granted, null);
        Assert.Equal(200, (await _trustee.PostAsync(Paths.ReadingRequests, twice.Signed)).Status);
        (await _trustee.PostAsync(Paths.ReadingRequests, twice.Signed)).Refuses(409, Problems.Replayed);
        (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(_owner.Own, null, trustee: stranger.PublicKey).Signed)).Refuses(421, Problems.Misdirected);
        (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(_owner.Own, null, at: _trustee.Time.Now.AddMinutes(-6)).Signed)).Refuses(403, Problems.ClockSkew);
        (await _trustee.PostAsync(Paths.ReadingRequests, [1])).Refuses(400, Problems.BadRequest);

        // A series of another partition is not there under this grant.
        var elsewhere = _owner.Describe(partition: new PartitionId(77));
        await _owner.BringAsync(SensingOwner.Item(elsewhere), _owner.Batch(null, [1], series: elsewhere).Item);
        Assert.Empty(await _owner.ReadAsync(_owner.Granted, _owner.Span(0, 9000, elsewhere.Id)));

        Assert.Equal(200, (await _trustee.PostAsync(Paths.Revocations, _sharing.Revoke().Signed)).Status);
        await RefusesAsync(_owner.Ask(_owner.Granted, _owner.Span(0, 9000)));
        await RefusesAsync(_owner.Ask(_owner.Granted, null));
        Assert.Equal(2, (await _owner.ReadAsync(_owner.Own, _owner.Span(0, 9000))).Count);

        async Task RefusesAsync(ReadingRequest wrong) => (await _trustee.PostAsync(Paths.ReadingRequests, wrong.Signed)).Refuses(403, Problems.NotGranted);
    }

    [Fact]
    public async Task AGrantEndsByTheTrusteesClock()
    {
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), _owner.Batch(null, [1000]).Item);
        await _sharing.BringAsync(_trustee);
        Assert.Single(await _owner.ListAsync(_owner.Granted));
        _trustee.Time.Now = _sharing.Policy.Until;
        (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(_owner.Granted, null).Signed)).Refuses(403, Problems.NotGranted);
    }

    [Fact]
    public async Task DeletedReadingsAreGoneAndTheirChainStaysWhole()
    {
        var (first, one) = _owner.Batch(null, [1000, 2000]);
        var (second, two) = _owner.Batch(first, [3000, 4000]);
        var (third, three) = _owner.Batch(second, [5000]);
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), one, two);
        var deletion = ReadingDeletion.OfSpan(_owner.Key, _owner.Series.Id, DateTimeOffset.FromUnixTimeMilliseconds(2500), DateTimeOffset.FromUnixTimeMilliseconds(3500), _trustee.Time.Now);
        await _owner.BringAsync(SensingOwner.Item(deletion), three);
        await _owner.BringAsync(SensingOwner.Item(deletion), two); // again, and what was deleted comes again
        var read = await _owner.ReadAsync(_owner.Own, _owner.Span(0, 9000));
        Assert.Equal([false, true, false], read.Select(batch => batch.Deletion is not null));
        Assert.Null(read[1].Parcel);
        Assert.True(third.Follows(read[1].Batch));
        Assert.Equal("1", (await _trustee.SqlAsync("SELECT count(*) FROM batches WHERE sealed_shares IS NULL")).Trim());
        Assert.Equal(3 + 5 * ReadingIntake.HeadSize, await _trustee.InDatabaseAsync(database => Task.FromResult(database.ReadingUse.Single().Readings)));

        // The series itself: nothing of it is left, and nothing of it comes back.
        await _owner.BringAsync(SensingOwner.Item(ReadingDeletion.OfSeries(_owner.Key, _owner.Series.Id, _trustee.Time.Now)));
        Assert.Equal((0, 0, 0), (await _trustee.CountAsync<BatchRow>(), await _trustee.CountAsync<FeedRow>(), await _trustee.CountAsync<SeriesRow>()));
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), one, two);
        Assert.Equal(0, await _trustee.CountAsync<BatchRow>());
        var page = await _owner.PageAsync(_owner.Own, _owner.Span(0, 9000));
        Assert.True(page.Deletion is { IsWhole: true });
        Assert.Empty(await _owner.ListAsync(_owner.Own));
        Assert.Equal(2 * ReadingIntake.HeadSize, await _trustee.InDatabaseAsync(database => Task.FromResult(database.ReadingUse.Single().Readings))); // both orders
    }

    [Fact]
    public async Task AnAccountKeepsNoMoreThanItMay()
    {
        _trustee.ReadingsPerAccount = 5 + 3 * ReadingIntake.HeadSize;
        await _trustee.RestartAsync();
        var (first, one) = _owner.Batch(null, [1, 2, 3, 4]);
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), one);
        (await _owner.SendAsync(_owner.Batch(first, [5, 6]).Item)).Refuses(507, Problems.NoSpace);
        await _owner.BringAsync(_owner.Batch(first, [5]).Item);
        using var other = new Sharing(_trustee.Time);
        using var stranger = new SensingOwner(_trustee, other);
        await stranger.BringAsync(SensingOwner.Item(stranger.Series), stranger.Batch(null, [1, 2, 3, 4, 5]).Item);
    }

    [Fact]
    public async Task WhatIsAddedAndDeletedAgainAndAgainRunsOutOfRoom()
    {
        _trustee.ReadingsPerAccount = 10 * ReadingIntake.HeadSize;
        await _trustee.RestartAsync();
        await _owner.BringAsync(SensingOwner.Item(_owner.Series));
        ReadingBatch? last = null;
        Answer answer;
        var times = 0;
        do
        {
            (last, var item) = _owner.Batch(last, [1]);
            answer = await _owner.SendAsync(item);
            if (answer.Status == 200)
                answer = await _owner.SendAsync(SensingOwner.Item(ReadingDeletion.OfSpan(_owner.Key, _owner.Series.Id, DateTimeOffset.UnixEpoch, Limits.NoEnd, _trustee.Time.Now.AddSeconds(times))));
        }
        while (answer.Status == 200 && ++times < 20);
        answer.Refuses(507, Problems.NoSpace);
        Assert.InRange(times, 2, 6);

        // The whole series goes nevertheless, and leaves room.
        await _owner.BringAsync(SensingOwner.Item(ReadingDeletion.OfSeries(_owner.Key, _owner.Series.Id, _trustee.Time.Now)));
        Assert.Equal(0, await _trustee.CountAsync<BatchRow>());
    }

    [Fact]
    public async Task ManyUploadsAtOnceMakeOneChain()
    {
        var items = new List<ReadingItem>();
        ReadingBatch? last = null;
        for (var i = 0; i < 12; i++)
        {
            (last, var item) = _owner.Batch(last, [i]);
            items.Add(item);
        }
        await _owner.BringAsync(SensingOwner.Item(_owner.Series));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _owner.SendAsync([.. items])));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(12, await _trustee.CountAsync<BatchRow>());
    }

    [Fact]
    public async Task TheDatabaseHoldsNeitherSharesNorTimesInClear()
    {
        var times = Enumerable.Range(0, 100).Select(i => 1_700_000_000_123 + 1017L * i).ToArray();
        var (_, item) = _owner.Batch(null, times);
        await _owner.BringAsync(SensingOwner.Item(_owner.Series), item);
        var dump = await _trustee.Cluster.DumpAsync(_trustee.Database);
        Assert.Contains(Convert.ToHexStringLower(_owner.Series.Signed.AsSpan(0, 64)), dump, StringComparison.Ordinal);
        for (var i = 0; i + 16 <= item.Parcel.Length; i += 8)
            Assert.DoesNotContain(Convert.ToHexStringLower(item.Parcel.AsSpan(i, 16)), dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(item.Times.AsSpan(8, 16)), dump, StringComparison.Ordinal);

        // What others write there is noticed and not handed out.
        await _trustee.SqlAsync("UPDATE batches SET sealed_shares = overlay(sealed_shares placing '\\x00'::bytea from 40)");
        Assert.Equal(500, (await _trustee.PostAsync(Paths.ReadingRequests, _owner.Ask(_owner.Own, _owner.Span(0, times[^1])).Signed)).Status);
    }
}
