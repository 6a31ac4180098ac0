using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Index;

public sealed class IndexUpdateTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task SameUpdateTwiceIsEnteredOnce()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var chain = new IndexChain(partition, anna);
        var update = chain.Next([await IndexPart.Of(partition).UploadAsync()]);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => new IndexChain(partition, anna).PublishAsync(update).ShouldSucceedAsync()));
        await chain.PublishAsync(update).ShouldSucceedAsync();
        Assert.Equal(update.Signed, Assert.Single(await IndexChain.SeenAsync(partition, anna)).Signed);
        await chain.AddAsync();
    }

    [Fact]
    public async Task OfDevicesThatRaceForAPlaceOneWins()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var chain = new IndexChain(partition, anna);
        await chain.AddAsync();
        var parts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => IndexPart.Of(partition).UploadAsync()));
        var updates = parts.Select(part => chain.Next([part])).ToList();
        var answers = await Task.WhenAll(updates.Select(update => new IndexChain(partition, anna).PublishAsync(update)));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        // The losers fetch the head and sign again; what they have uploaded is as it was.
        var winner = Array.FindIndex(answers, answer => answer.IsSuccessStatusCode);
        chain.Head = updates[winner].Head;
        foreach (var part in parts.Where((_, i) => i != winner))
            await chain.PublishAsync(chain.Next([part])).ShouldSucceedAsync();
        Assert.Equal(9, (await IndexChain.SeenAsync(partition, anna)).Count);
    }

    [Fact]
    public async Task UpdateThatIsNotTheNextIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var chain = new IndexChain(partition, anna);
        var part = await IndexPart.Of(partition).UploadAsync();
        foreach (var head in new[] { new IndexHead(1, RandomNumberGenerator.GetBytes(32)), new IndexHead(7, new byte[32]) })
            await new IndexChain(partition, anna) { Head = head }.PublishAsync(new IndexChain(partition, anna) { Head = head }.Next([part])).ShouldBeAsync(Problems.Conflict);
        await chain.AddAsync();
        var forked = new IndexChain(partition, anna) { Head = new IndexHead(1, RandomNumberGenerator.GetBytes(32)) };
        await forked.PublishAsync(forked.Next([part])).ShouldBeAsync(Problems.Conflict);
        await new IndexChain(partition, anna).PublishAsync(new IndexChain(partition, anna).Next([part])).ShouldBeAsync(Problems.Conflict);
        await chain.PublishAsync(chain.Next([part])).ShouldSucceedAsync();
    }

    [Fact]
    public async Task SegmentThatIsNotWholePublishesNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var whole = await IndexPart.Of(partition).UploadAsync();
        var absent = IndexPart.Of(partition);
        var shortDictionary = IndexPart.Of(partition);
        await shortDictionary.PutDictionaryAsync(0, shortDictionary.Dictionary[..^1]).ShouldSucceedAsync();
        await shortDictionary.PostBlocksAsync(0, shortDictionary.Rows).ShouldSucceedAsync();
        var fewBlocks = IndexPart.Of(partition);
        await fewBlocks.PutDictionaryAsync(0, fewBlocks.Dictionary).ShouldSucceedAsync();
        await fewBlocks.PostBlocksAsync(0, fewBlocks.Rows.Take(5)).ShouldSucceedAsync();
        var altered = IndexPart.Of(partition);
        await altered.PutDictionaryAsync(0, RandomNumberGenerator.GetBytes(300)).ShouldSucceedAsync();
        await altered.PostBlocksAsync(0, altered.Rows).ShouldSucceedAsync();
        var elsewhere = await IndexPart.Of(await Partition.CreateAsync(anna)).UploadAsync();
        foreach (var part in new[] { absent, shortDictionary, fewBlocks, altered, elsewhere })
            await new IndexChain(partition, anna).PublishAsync(new IndexChain(partition, anna).Next([whole, part])).ShouldBeAsync(Problems.Conflict);
        Assert.Empty(await IndexChain.SeenAsync(partition, anna));
        await anna.Http.GetAsync(whole.DictionaryPath).ShouldBeAsync(Problems.NotFound);
        // What was missing comes, and it is published.
        await shortDictionary.PutDictionaryAsync(299, shortDictionary.Dictionary[299..]).ShouldSucceedAsync();
        await fewBlocks.PostBlocksAsync(5, fewBlocks.Rows.Skip(5)).ShouldSucceedAsync();
        await new IndexChain(partition, anna).PublishAsync(new IndexChain(partition, anna).Next([whole, shortDictionary, fewBlocks])).ShouldSucceedAsync();
    }

    [Fact]
    public async Task PublishedSegmentIsNotPublishedAgain()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var chain = new IndexChain(await Partition.CreateAsync(anna), anna);
        var part = await chain.AddAsync();
        await chain.PublishAsync(chain.Next([part])).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task EpochsAreThoseOfThePartition()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        await partition.MoveOnAsync();
        var chain = new IndexChain(partition, anna);
        var ahead = await IndexPart.Of(partition, epoch: new EpochNumber(3)).UploadAsync();
        await chain.PublishAsync(chain.Next([ahead])).ShouldBeAsync(Problems.Conflict);
        var early = await IndexPart.Of(partition, epoch: EpochNumber.First).UploadAsync(); // a merged one for an older class
        await chain.PublishAsync(chain.Next([early])).ShouldSucceedAsync();
        var deposits = new IndexChain(partition, hospital);
        var old = await IndexPart.Of(partition, hospital, epoch: EpochNumber.First).UploadAsync();
        await deposits.PublishAsync(deposits.Next([old])).ShouldBeAsync(Problems.Conflict);
        await deposits.AddAsync();
    }

    [Fact]
    public async Task UpdateIsSignedByTheSessionsIdentity()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var chain = new IndexChain(partition, anna);
        var update = chain.Next([await IndexPart.Of(partition).UploadAsync()]);
        await chain.PublishAsync(update, by: mallory).ShouldBeAsync(Problems.NotYours);
        var forged = (byte[])update.Signed.Clone();
        forged[60] ^= 1;
        await anna.Http.PostAsJsonAsync(Paths.IndexUpdates, new SignedBytes(forged)).ShouldBeAsync(Problems.BadRequest);
        await new IndexChain(partition, mallory).PublishAsync(new IndexChain(partition, mallory).Next([IndexPart.Of(partition, mallory)])).ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task UpdateOfADepositorIsOfNow()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        using var hospital = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var chain = new IndexChain(partition, hospital);
        var part = await IndexPart.Of(partition, hospital).UploadAsync();
        foreach (var minutes in new[] { 6, -6, 60 * 24 * 365, -60 * 24 * 365 })
            await chain.PublishAsync(chain.Next([part], fast: TimeSpan.FromMinutes(minutes))).ShouldBeAsync(Problems.ClockSkew);
        var update = chain.Next([part], fast: TimeSpan.FromMinutes(4));
        await chain.PublishAsync(update).ShouldSucceedAsync();
        cloud.Time.Advance(TimeSpan.FromMinutes(12));
        await chain.PublishAsync(update).ShouldSucceedAsync(); // the answer to the first request was lost
        var own = new IndexChain(partition, anna);
        await own.PublishAsync(own.Next([await IndexPart.Of(partition).UploadAsync()], fast: TimeSpan.FromDays(-1))).ShouldSucceedAsync(); // no reader asks an owner when
        Assert.Equal(2, (await IndexChain.SeenAsync(partition, anna)).Count);
    }

    [Fact]
    public async Task UpdatesAreShownToTheOwnerAndToLiveGrantsOfThePartition()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        await new IndexChain(partition, anna).AddAsync();
        await new IndexChain(other, anna).AddAsync();
        using var stranger = await Person.RegisterAsync(cloud);
        using var revoked = await Person.RegisterAsync(cloud);
        await Giving.RevokeAsync(await Giving.GiveAsync(partition, revoked), anna).ShouldSucceedAsync();
        using var expired = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, expired, until: cloud.Time.GetUtcNow().AddMinutes(1));
        using var formerly = await Person.RegisterAsync(cloud);
        await Depositing.RevokeAsync(await Depositing.AllowAsync(partition, formerly), anna).ShouldSucceedAsync();
        using var doctor = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, doctor);
        cloud.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Single(await IndexChain.SeenAsync(partition, doctor));
        Assert.Equal(2, (await anna.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}").ReadAsync<IndexUpdatePage>()).Updates.Count);
        Assert.Single((await doctor.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}").ReadAsync<IndexUpdatePage>()).Updates);
        await IndexChain.ListAsync(other, doctor).ShouldBeAsync(Problems.NotGranted);
        foreach (var person in new[] { stranger, revoked, expired, formerly })
        {
            await IndexChain.ListAsync(partition, person).ShouldBeAsync(Problems.NotGranted);
            await person.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}").ShouldBeAsync(Problems.NotGranted);
        }
    }

    [Fact]
    public async Task DepositorSeesTheLastOfItsOwnAndNothingElse()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        using var laboratory = await Person.RegisterAsync(_cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        foreach (var depositor in new[] { hospital, laboratory })
            await Depositing.AllowAsync(partition, depositor);
        Assert.Empty(await IndexChain.SeenAsync(partition, hospital));
        await new IndexChain(partition, anna).AddAsync();
        await new IndexChain(partition, laboratory).AddAsync();
        var chain = new IndexChain(partition, hospital);
        await chain.AddAsync();
        await chain.AddAsync();
        Assert.Equal(chain.Head!.Hash, Assert.Single(await IndexChain.SeenAsync(partition, hospital)).Hash);
        Assert.Equal(4, (await IndexChain.SeenAsync(partition, anna)).Count);
        await IndexChain.ListAsync(other, hospital).ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task PagesFollowTheOrderOfArrival()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (first, second) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        var chains = new[] { new IndexChain(first, anna), new IndexChain(second, anna) };
        var heads = new List<byte[]>();
        for (var i = 0; i < 205; i++)
        {
            var part = IndexPart.Of(i % 2 == 0 ? first : second, dictionary: 100, blocks: 0);
            await part.UploadAsync();
            await chains[i % 2].PublishAsync(chains[i % 2].Next([part])).ShouldSucceedAsync();
            heads.Add(chains[i % 2].Head!.Hash);
        }
        var page = await anna.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}").ReadAsync<IndexUpdatePage>();
        Assert.Equal(200, page.Updates.Count);
        var rest = await anna.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}&after={page.Next}").ReadAsync<IndexUpdatePage>();
        Assert.Null(rest.Next);
        Assert.Equal(heads, page.Updates.Concat(rest.Updates).Select(signed => IndexChain.Read(signed).Hash));
        await anna.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}&after=-1").ShouldBeAsync(Problems.BadRequest);
        await anna.Http.GetAsync($"{Paths.IndexUpdates}?owner=x").ShouldBeAsync(Problems.BadRequest);
        await anna.Http.GetAsync($"{Paths.IndexUpdates}?owner={anna.Id}&partition=x").ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task FullAccountPublishesNoMore()
    {
        await using var cloud = await TestCloud.StartAsync(quota: new QuotaOptions { IndexBytes = 5_000 });
        using var anna = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        var chain = new IndexChain(partition, anna);
        await chain.AddAsync(dictionary: 3_000, blocks: 1);
        var part = await IndexPart.Of(partition, dictionary: 2_000, blocks: 1).UploadAsync();
        await chain.PublishAsync(chain.Next([part])).ShouldBeAsync(Problems.NoSpace);
        // A base that drops the first makes room for the second.
        await chain.PublishAsync(chain.Next([part], new IndexBase([], []))).ShouldSucceedAsync();
        await using var database = cloud.OpenDatabase();
        Assert.Equal(2_272, await database.Usage.Select(row => row.IndexBytes).SingleAsync());
    }

    [Fact]
    public async Task ServerThatDiesBetweenUploadAndPublicationShowsNothing()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        var part = await IndexPart.Of(partition).UploadAsync();
        var chain = new IndexChain(partition, anna);
        var update = chain.Next([part]);
        // The publication waits for the owner's lock when its connection is cut, as by the death of the server or of the database.
        await using (var holder = new NpgsqlConnection(cloud.Cluster.ConnectionString(cloud.Database, "cloud")))
        {
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await using (var locking = new NpgsqlCommand("SELECT 1 FROM cloud.usage FOR UPDATE", holder, transaction))
                await locking.ExecuteNonQueryAsync();
            var publishing = chain.PublishAsync(update);
            while (await cloud.Cluster.ExecuteAsync(cloud.Database,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") is "0\n")
                await Task.Delay(10);
            Assert.Equal(HttpStatusCode.InternalServerError, (await publishing).StatusCode);
            await transaction.RollbackAsync();
        }
        Assert.Empty(await IndexChain.SeenAsync(partition, anna));
        await anna.Http.GetAsync(part.DictionaryPath).ShouldBeAsync(Problems.NotFound);
        await part.AskAsync(anna, IndexPart.Address(part.Rows[0])).ShouldBeAsync(Problems.NotGranted);
        // The client goes on where it was, at another replica.
        await using var replica = await TestCloud.StartAsync(of: cloud);
        await anna.LogInAsync(replica);
        Assert.Equal(new SegmentUpload(300, 6, IsPublished: false), await anna.Http.GetAsync(part.State).ReadAsync<SegmentUpload>());
        await chain.PublishAsync(update).ShouldSucceedAsync();
        Assert.Single(await IndexChain.SeenAsync(partition, anna));
        Assert.Equal(part.Dictionary, await anna.Http.GetByteArrayAsync(part.DictionaryPath));
    }
}
