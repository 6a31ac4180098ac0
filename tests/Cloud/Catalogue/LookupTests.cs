using System.Net.Http.Json;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Catalogue;

public sealed class LookupTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task RecordsAndDeletionsAreFoundByTheirIdentifiers()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var (first, second, deleted) = (await partition.AddAsync(), await partition.AddAsync(), await partition.AddAsync());
        await partition.DeleteAsync(Id(deleted)).ShouldSucceedAsync();
        var found = await AskAsync(anna, Id(first), Id(deleted), Id(second), Identifier.Random<RecordId>()).ReadAsync<FoundRecords>();
        Assert.Equal(new[] { first, second }.Select(record => Convert.ToHexString(record.Signed)).Order(), found.Records.Select(record => Convert.ToHexString(record.Signed)).Order());
        Assert.True(Deletion.TryVerify(Assert.Single(found.Deletions), out var deletion));
        Assert.Equal(Id(deleted), deletion.Record);
    }

    [Fact]
    public async Task OthersFindWhatALiveGrantOpens()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        using var doctor = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, doctor);
        var (granted, deleted, elsewhere) = (await partition.AddAsync(), await partition.AddAsync(), await other.AddAsync());
        await partition.MoveOnAsync();
        var later = await partition.AddAsync();
        await partition.DeleteAsync(Id(deleted)).ShouldSucceedAsync();
        using var stranger = await Person.RegisterAsync(cloud);
        using var revoked = await Person.RegisterAsync(cloud);
        await Giving.RevokeAsync(await Giving.GiveAsync(partition, revoked), anna).ShouldSucceedAsync();
        using var expired = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, expired, until: cloud.Time.GetUtcNow().AddMinutes(1));
        cloud.Time.Advance(TimeSpan.FromMinutes(2));
        RecordId[] all = [Id(granted), Id(deleted), Id(elsewhere), Id(later)];
        var found = await AskAsync(doctor, all).ReadAsync<FoundRecords>();
        Assert.Equal(granted.Signed, Assert.Single(found.Records).Signed);
        Assert.Single(found.Deletions);
        foreach (var person in new[] { stranger, revoked, expired })
        {
            var nothing = await AskAsync(person, all).ReadAsync<FoundRecords>();
            Assert.Empty(nothing.Records);
            Assert.Empty(nothing.Deletions);
        }
    }

    [Fact]
    public async Task LookupTakesUpTo256Identifiers()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await AskAsync(anna, [.. Enumerable.Range(0, 256).Select(_ => Identifier.Random<RecordId>())]).ShouldSucceedAsync();
        await AskAsync(anna, [.. Enumerable.Range(0, 257).Select(_ => Identifier.Random<RecordId>())]).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.PostAsJsonAsync(Paths.RecordLookup, new RecordLookup(["x"])).ShouldBeAsync(Problems.BadRequest);
    }

    private static RecordId Id(SealedRecord record) => record.Header.Context.Record;

    private static Task<HttpResponseMessage> AskAsync(Person asker, params RecordId[] ids) =>
        asker.Http.PostAsJsonAsync(Paths.RecordLookup, new RecordLookup([.. ids.Select(id => id.ToString())]));
}
