using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Index;

public sealed class SegmentTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task PublishedSegmentIsReadAsItWasSent()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var chain = new IndexChain(partition, anna);
        var (first, second) = (await chain.AddAsync(dictionary: 2_500_000, blocks: 20), await chain.AddAsync(blocks: 3));
        Assert.Equal(first.Dictionary, await anna.Http.GetByteArrayAsync(first.DictionaryPath));
        Assert.Equal(new SegmentUpload(2_500_000, 20, IsPublished: true), await anna.Http.GetAsync(first.State).ReadAsync<SegmentUpload>());
        // Blocks of two segments in one request, one of them twice, and one that is not there, in the order of the request.
        var nowhere = RandomNumberGenerator.GetBytes(16);
        var answer = await IndexPart.AskGroupsAsync(anna,
            IndexPart.Group(first.Id, IndexPart.Address(first.Rows[7]), nowhere, IndexPart.Address(first.Rows[0])),
            IndexPart.Group(second.Id, IndexPart.Address(second.Rows[2]), IndexPart.Address(first.Rows[1])),
            IndexPart.Group(first.Id, IndexPart.Address(first.Rows[7])));
        byte[] expected =
        [
            .. IndexPart.Present(first.Rows[7]), 0, .. IndexPart.Present(first.Rows[0]), .. IndexPart.Present(second.Rows[2]), 0, .. IndexPart.Present(first.Rows[7]),
        ];
        Assert.Equal(expected, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(0, 99)]
    [InlineData(1_048_570, 1_048_590)]
    [InlineData(2_400_000, 2_499_999)]
    public async Task RangeOfADictionaryIsAnswered(int first, int last)
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var part = await new IndexChain(await Partition.CreateAsync(anna), anna).AddAsync(dictionary: 2_500_000, blocks: 0);
        using var request = new HttpRequestMessage(HttpMethod.Get, part.DictionaryPath) { Headers = { Range = new RangeHeaderValue(first, last) } };
        using var answer = await anna.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(part.Dictionary[first..(last + 1)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task DictionaryUploadGoesOnWhereItStopped()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var part = IndexPart.Of(partition, dictionary: 1_500_000, blocks: 0);
        await anna.Http.GetAsync(part.State).ShouldBeAsync(Problems.NotFound);
        await ShouldHaveAsync(part.PutDictionaryAsync(0, part.Dictionary[..1_000_000]), HttpStatusCode.NoContent, 1_000_000);
        await ShouldHaveAsync(part.PutDictionaryAsync(0, part.Dictionary[..1_000_000]), HttpStatusCode.NoContent, 1_000_000); // the answer was lost
        await ShouldHaveAsync(part.PutDictionaryAsync(1_200_000, part.Dictionary[1_200_000..]), HttpStatusCode.Conflict, 1_000_000);
        await ShouldHaveAsync(part.PutDictionaryAsync(900_000, part.Dictionary[900_000..1_100_000]), HttpStatusCode.NoContent, 1_100_000);
        await ShouldHaveAsync(part.PutDictionaryAsync(1_100_000, part.Dictionary[1_100_000..]), HttpStatusCode.NoContent, 1_500_000);
        await new IndexChain(partition, anna).PublishAsync(new IndexChain(partition, anna).Next([part])).ShouldSucceedAsync();
        Assert.Equal(part.Dictionary, await anna.Http.GetByteArrayAsync(part.DictionaryPath));
        // Published: the same once more is fine, more of it is not.
        await ShouldHaveAsync(part.PutDictionaryAsync(1_100_000, part.Dictionary[1_100_000..]), HttpStatusCode.NoContent, 1_500_000);
        await ShouldHaveAsync(part.PutDictionaryAsync(1_500_000, [1]), HttpStatusCode.Conflict, 1_500_000);
    }

    [Fact]
    public async Task BlocksGoOnWhereTheyStopped()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var part = IndexPart.Of(partition, blocks: 30);
        await part.PutDictionaryAsync(0, part.Dictionary).ShouldSucceedAsync();
        await ShouldHaveAsync(part.PostBlocksAsync(0, part.Rows.Take(10)), HttpStatusCode.NoContent, 10);
        await ShouldHaveAsync(part.PostBlocksAsync(0, part.Rows.Take(10)), HttpStatusCode.NoContent, 10);
        await ShouldHaveAsync(part.PostBlocksAsync(20, part.Rows.Skip(20)), HttpStatusCode.Conflict, 10);
        await ShouldHaveAsync(part.PostBlocksAsync(5, part.Rows.Skip(5).Take(20)), HttpStatusCode.NoContent, 25);
        await ShouldHaveAsync(part.PostBlocksAsync(25, part.Rows.Skip(25)), HttpStatusCode.NoContent, 30);
        Assert.Equal(new SegmentUpload(300, 30, IsPublished: false), await anna.Http.GetAsync(part.State).ReadAsync<SegmentUpload>());
        await new IndexChain(partition, anna).PublishAsync(new IndexChain(partition, anna).Next([part])).ShouldSucceedAsync();
        var answer = await part.AskAsync(anna, [.. part.Rows.Select(IndexPart.Address)]);
        Assert.Equal(part.Rows.SelectMany(IndexPart.Present), await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task ParallelUploadsOfTheSamePartEnterItOnce()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var part = IndexPart.Of(await Partition.CreateAsync(anna), blocks: 40);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 2 == 0
            ? part.PostBlocksAsync(0, part.Rows).ShouldSucceedAsync()
            : part.PutDictionaryAsync(0, part.Dictionary).ShouldSucceedAsync()));
        Assert.Equal(new SegmentUpload(300, 40, IsPublished: false), await anna.Http.GetAsync(part.State).ReadAsync<SegmentUpload>());
    }

    [Fact]
    public async Task OneAddressTwiceIsRefusedAndLeavesTheUploadAsItWas()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var part = IndexPart.Of(await Partition.CreateAsync(anna), blocks: 8);
        await part.PostBlocksAsync(0, part.Rows.Take(4)).ShouldSucceedAsync();
        await part.PostBlocksAsync(4, [part.Rows[4], part.Rows[0]]).ShouldBeAsync(Problems.BadRequest);
        await ShouldHaveAsync(part.PostBlocksAsync(4, part.Rows.Skip(4)), HttpStatusCode.NoContent, 8);
    }

    [Fact]
    public async Task WhatIsNotPublishedIsSeenByItsWriterAlone()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Giving.GiveAsync(partition, doctor);
        await Depositing.AllowAsync(partition, hospital);
        var part = await IndexPart.Of(partition, hospital).UploadAsync();
        await hospital.Http.GetAsync(part.State).ShouldSucceedAsync();
        foreach (var other in new[] { anna, doctor })
            await other.Http.GetAsync(part.State).ShouldBeAsync(Problems.NotFound);
        foreach (var person in new[] { anna, doctor, hospital })
        {
            await person.Http.GetAsync(part.DictionaryPath).ShouldBeAsync(Problems.NotFound);
            await part.AskAsync(person, IndexPart.Address(part.Rows[0])).ShouldBeAsync(Problems.NotGranted);
        }
        // Nor can the owner publish it as her own.
        await new IndexChain(partition, anna).PublishAsync(
            IndexUpdate.Create(anna.Identity, anna.Id, partition.Id, null, _cloud.Time.GetUtcNow(), [part.Info with { Source = anna.Key }])).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task SegmentIsReadByItsOwnerAndLiveGrantsOfItsEpochOnly()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        var elsewhere = await Partition.CreateAsync(anna);
        using var hospital = await Person.RegisterAsync(cloud);
        await Depositing.AllowAsync(partition, hospital);
        using var stranger = await Person.RegisterAsync(cloud);
        using var inAnother = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(elsewhere, inAnother);
        var part = await new IndexChain(partition, hospital).AddAsync();
        await partition.MoveOnAsync();
        using var ofAnotherEpoch = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, ofAnotherEpoch);
        using var revoked = await Person.RegisterAsync(cloud);
        await Giving.RevokeAsync(await Giving.GiveAsync(partition, revoked, epochs: [EpochNumber.First]), anna).ShouldSucceedAsync();
        using var soon = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, soon, from: cloud.Time.GetUtcNow().AddHours(1), epochs: [EpochNumber.First]);
        using var expired = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, expired, until: cloud.Time.GetUtcNow().AddMinutes(1), epochs: [EpochNumber.First]);
        using var doctor = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, doctor, epochs: [EpochNumber.First]);
        cloud.Time.Advance(TimeSpan.FromMinutes(2));

        foreach (var reader in new[] { anna, doctor })
        {
            Assert.Equal(part.Dictionary, await reader.Http.GetByteArrayAsync(part.DictionaryPath));
            await part.AskAsync(reader, IndexPart.Address(part.Rows[0])).ShouldSucceedAsync();
        }
        foreach (var other in new[] { stranger, inAnother, ofAnotherEpoch, revoked, soon, expired, hospital })
        {
            await other.Http.GetAsync(part.DictionaryPath).ShouldBeAsync(Problems.NotFound);
            await part.AskAsync(other, IndexPart.Address(part.Rows[0])).ShouldBeAsync(Problems.NotGranted);
        }
    }

    [Fact]
    public async Task OneGroupThatMayNotBeReadRefusesTheWhole()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var (annas, bens) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(ben));
        var (mine, his) = (await new IndexChain(annas, anna).AddAsync(), await new IndexChain(bens, ben).AddAsync());
        await IndexPart.AskGroupsAsync(anna, IndexPart.Group(mine.Id, IndexPart.Address(mine.Rows[0])), IndexPart.Group(his.Id, IndexPart.Address(his.Rows[0])))
            .ShouldBeAsync(Problems.NotGranted);
        await IndexPart.AskGroupsAsync(anna, IndexPart.Group(Identifier.Random<SegmentId>(), IndexPart.Address(mine.Rows[0]))).ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task NobodyUploadsWhereTheyMayNotWrite()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        using var doctor = await Person.RegisterAsync(cloud);
        using var hospital = await Person.RegisterAsync(cloud);
        using var formerly = await Person.RegisterAsync(cloud);
        using var expired = await Person.RegisterAsync(cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        await Giving.GiveAsync(partition, doctor);
        await Depositing.AllowAsync(other, hospital);
        await Depositing.RevokeAsync(await Depositing.AllowAsync(partition, formerly), anna).ShouldSucceedAsync();
        await Depositing.AllowAsync(partition, expired, until: cloud.Time.GetUtcNow().AddMinutes(1));
        cloud.Time.Advance(TimeSpan.FromMinutes(2));
        foreach (var person in new[] { doctor, hospital, formerly, expired })
        {
            var part = IndexPart.Of(partition, person);
            await part.PutDictionaryAsync(0, part.Dictionary).ShouldBeAsync(Problems.NotGranted);
            await part.PostBlocksAsync(0, part.Rows).ShouldBeAsync(Problems.NotGranted);
            await new IndexChain(partition, person).PublishAsync(new IndexChain(partition, person).Next([part])).ShouldBeAsync(Problems.NotGranted);
        }
    }

    [Fact]
    public async Task IdentifierOfAnotherSegmentIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var (first, second, bens) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna), await Partition.CreateAsync(ben));
        var part = await IndexPart.Of(first).UploadAsync();
        foreach (var other in new[] { IndexPart.Of(second, id: part.Id), IndexPart.Of(bens, id: part.Id) })
        {
            await other.PutDictionaryAsync(0, other.Dictionary).ShouldBeAsync(Problems.Conflict);
            await other.PostBlocksAsync(0, other.Rows).ShouldBeAsync(Problems.Conflict);
        }
    }

    [Fact]
    public async Task HostileUploadsAndQuestionsAreRefused()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var part = await new IndexChain(partition, anna).AddAsync();
        var address = IndexPart.Address(part.Rows[0]);
        var group = IndexPart.Group(part.Id, address);
        byte[][] bodies =
        [
            [], [1], group[..^1], [.. group, 0], [.. part.Id.ToBytes(), 0, 0, 0, 0], [.. part.Id.ToBytes(), 0xff, 0xff, 0xff, 0xff, .. address],
            [.. part.Id.ToBytes(), 0, 0, 0x20, 1, .. address], group[..20], [.. group, .. part.Id.ToBytes()],
        ];
        foreach (var body in bodies)
            await anna.Http.PostAsync(Paths.IndexBlocks, IndexPart.Octets(body)).ShouldBeAsync(Problems.BadRequest);
        var many = IndexPart.Group(part.Id, [.. Enumerable.Repeat(address, 8192)]);
        await anna.Http.PostAsync(Paths.IndexBlocks, IndexPart.Octets(many)).ShouldSucceedAsync();
        await anna.Http.PostAsync(Paths.IndexBlocks, IndexPart.Octets([.. many, .. group])).ShouldBeAsync(Problems.BadRequest);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await anna.Http.PostAsync(Paths.IndexBlocks, new StringContent("[]"))).StatusCode);

        var fresh = IndexPart.Of(partition);
        await fresh.PostBlocksAsync(0, [new byte[271]]).ShouldBeAsync(Problems.BadRequest);
        await fresh.PostBlocksAsync(0, []).ShouldBeAsync(Problems.BadRequest);
        await fresh.PostBlocksAsync(-1, fresh.Rows).ShouldBeAsync(Problems.BadRequest);
        await fresh.PostBlocksAsync(int.MaxValue, fresh.Rows).ShouldBeAsync(Problems.BadRequest);
        await fresh.PutDictionaryAsync(Limits.MaxDictionary, [1]).ShouldBeAsync(Problems.TooLarge);
        await fresh.PutDictionaryAsync(-1, [1]).ShouldBeAsync(Problems.TooLarge);
        await fresh.PutDictionaryAsync(long.MaxValue, [1]).ShouldBeAsync(Problems.TooLarge);
        await anna.Http.PutAsync($"{fresh.DictionaryPath}?owner=x&partition=y&offset=0", IndexPart.Octets([1])).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.GetAsync(Paths.Segment.Replace("{id}", "nothing")).ShouldBeAsync(Problems.NotFound);
        await anna.Http.GetAsync(fresh.State).ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task BodyBeyondTheLimitIsTooLarge()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var part = IndexPart.Of(partition);
        var place = $"?owner={anna.Id}&partition={partition.Id}";
        foreach (var (method, path, size) in new[]
        {
            (HttpMethod.Post, Paths.IndexBlocks, 400_000), (HttpMethod.Put, $"{part.DictionaryPath}{place}&offset=0", (4 * 1024 * 1024) + 1),
            (HttpMethod.Post, $"{Paths.SegmentBlocks.Replace("{id}", part.Id.ToString())}{place}&from=0", IndexPart.RowSize * 16385),
        })
        {
            // Refused before it is sent: the server closes the connection, and who still sends does not read why.
            using var request = new HttpRequestMessage(method, path) { Content = IndexPart.Octets(new byte[size]), Headers = { ExpectContinue = true } };
            await anna.Http.SendAsync(request).ShouldBeAsync(Problems.TooLarge);
        }
    }

    [Fact]
    public async Task StagedBytesHaveALimitAndEndAfterADay()
    {
        await using var cloud = await TestCloud.StartAsync(quota: new QuotaOptions { IndexBytes = 4_000 });
        using var anna = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        var part = await IndexPart.Of(partition, dictionary: 2_000, blocks: 5).UploadAsync();
        var more = IndexPart.Of(partition, dictionary: 1_000, blocks: 1);
        await more.PutDictionaryAsync(0, more.Dictionary).ShouldBeAsync(Problems.NoSpace);
        await more.PostBlocksAsync(0, more.Rows).ShouldSucceedAsync();
        await using var database = cloud.OpenDatabase();
        await Collector.CollectAsync(database, cloud.Time.GetUtcNow() + TimeSpan.FromHours(23), CancellationToken.None);
        Assert.Equal(6, await database.Blocks.CountAsync());
        await Collector.CollectAsync(database, cloud.Time.GetUtcNow() + TimeSpan.FromHours(25), CancellationToken.None);
        Assert.Equal((0, 0, 0), (await database.Blocks.CountAsync(), await database.DictionaryPieces.CountAsync(), await database.Segments.CountAsync()));
        await anna.LogInAsync(); // the collector has ended the session too
        await part.UploadAsync();
        await new IndexChain(partition, anna).PublishAsync(new IndexChain(partition, anna).Next([part])).ShouldSucceedAsync();
    }

    private static async Task ShouldHaveAsync(Task<HttpResponseMessage> answer, HttpStatusCode status, long offset)
    {
        using var response = await answer;
        Assert.Equal((status, offset.ToString()), (response.StatusCode, Assert.Single(response.Headers.GetValues(Paths.UploadOffsetHeader))));
    }
}
