using System.Net.Http.Json;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Deposits;

public sealed class DepositTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task DepositorAddsRecordsAndReadsNothingBack()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var record = partition.Seal(author: hospital.Identity);
        await partition.PostAsync(record, by: hospital).ShouldSucceedAsync();
        await partition.PostAsync(record, by: hospital).ShouldSucceedAsync(); // the answer was lost
        Assert.Equal(record.Signed, Assert.Single((await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records).Signed);
        var id = record.Header.Context.Record;
        await partition.ListAsync(hospital).ShouldBeAsync(Problems.NotGranted);
        await hospital.Http.GetAsync(Paths.Record.Replace("{id}", id.ToString())).ShouldBeAsync(Problems.NotFound);
        await partition.DeleteAsync(id, by: hospital).ShouldBeAsync(Problems.NotFound);
        var found = await LookUpAsync(hospital, id).ReadAsync<FoundRecords>();
        Assert.Empty(found.Records);
        // Only new ones: the next version is the owner's to write.
        await partition.PostAsync(partition.Seal(id, version: 2, author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(version: 2, author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(id, version: 2)).ShouldSucceedAsync();
        await partition.DeleteAsync(id, version: 2).ShouldSucceedAsync();
        Assert.Empty((await LookUpAsync(hospital, id).ReadAsync<FoundRecords>()).Deletions);
    }

    [Fact]
    public async Task DepositorWritesUnderTheNewestEpochInItsPartitionsOnly()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        using var hospital = await Person.RegisterAsync(cloud);
        var grant = await Depositing.AllowAsync(partition, hospital, until: cloud.Time.GetUtcNow().AddHours(1));
        using var later = await Person.RegisterAsync(cloud);
        await Depositing.AllowAsync(partition, later, from: cloud.Time.GetUtcNow().AddHours(1));
        using var doctor = await Person.RegisterAsync(cloud);
        await Giving.GiveAsync(partition, doctor);
        await partition.MoveOnAsync();
        await partition.PostAsync(partition.Seal(epoch: EpochNumber.First, author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.Conflict);
        await other.PostAsync(other.Seal(author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.NotYours);
        await partition.PostAsync(partition.Seal(), by: hospital).ShouldBeAsync(Problems.NotYours); // somebody else's signature
        foreach (var person in new[] { later, doctor })
            await partition.PostAsync(partition.Seal(author: person.Identity), by: person).ShouldBeAsync(Problems.NotYours);
        await partition.PostAsync(partition.Seal(author: hospital.Identity), by: hospital).ShouldSucceedAsync();
        cloud.Time.Advance(TimeSpan.FromHours(1));
        foreach (var person in new[] { anna, hospital, later })
            await person.LogInAsync();
        await partition.PostAsync(partition.Seal(author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.NotYours);
        var lasting = await Depositing.AllowAsync(partition, hospital);
        var before = partition.Seal(author: hospital.Identity);
        await partition.PostAsync(before, by: hospital).ShouldSucceedAsync();
        await Depositing.RevokeAsync(lasting, anna).ShouldSucceedAsync();
        await partition.PostAsync(partition.Seal(author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.NotYours);
        await partition.PostAsync(partition.Seal(author: later.Identity), by: later).ShouldSucceedAsync();
        Assert.Equal(3, (await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records.Count);
        Assert.NotEqual(grant.Terms.Id, lasting.Terms.Id);
    }

    [Fact]
    public async Task DepositorSeesTheEpochsOfItsPartitionsWhileItMayAdd()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        var grant = await Depositing.AllowAsync(partition, hospital);
        await partition.MoveOnAsync();
        var epochs = await hospital.Http.GetAsync($"{Paths.Epochs}?owner={anna.Id}").ReadAsync<SignedList>();
        Assert.Equal(partition.Headers.Select(header => header.Signed), epochs.Signed);
        Assert.NotEqual(partition.Id, other.Id);
        await Depositing.RevokeAsync(grant, anna).ShouldSucceedAsync();
        Assert.Empty((await hospital.Http.GetAsync($"{Paths.Epochs}?owner={anna.Id}").ReadAsync<SignedList>()).Signed);
    }

    [Fact]
    public async Task OwnerReadersAndTheDepositorItselfSeeDepositGrants()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        using var laboratory = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var stranger = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var access = await Giving.GiveAsync(partition, doctor);
        var (first, second) = (await Depositing.AllowAsync(partition, hospital), await Depositing.AllowAsync(partition, laboratory));
        var notice = Revocation.Create(anna.Identity, first.Terms.Id, _cloud.Time.GetUtcNow());
        await Depositing.RevokeAsync(first, anna, notice).ShouldSucceedAsync();
        foreach (var person in new[] { anna, doctor })
        {
            var all = (await ListAsync(anna, person).ReadAsync<DepositList>()).Deposits.ToDictionary(view => Convert.ToHexString(view.Signed), view => view.Revocation);
            Assert.Equal(2, all.Count);
            Assert.Equal(notice.Signed, all[Convert.ToHexString(first.Signed)]);
            Assert.Null(all[Convert.ToHexString(second.Signed)]);
        }
        Assert.Equal(first.Signed, Assert.Single((await ListAsync(anna, hospital).ReadAsync<DepositList>()).Deposits).Signed);
        Assert.Equal(second.Signed, Assert.Single((await laboratory.Http.GetAsync(Paths.ReceivedDeposits).ReadAsync<DepositList>()).Deposits).Signed);
        Assert.Empty((await anna.Http.GetAsync(Paths.ReceivedDeposits).ReadAsync<DepositList>()).Deposits);
        await ListAsync(anna, stranger).ShouldBeAsync(Problems.NotGranted);
        await anna.Http.GetAsync($"{Paths.Deposits}?owner=x").ShouldBeAsync(Problems.BadRequest);
        await Giving.RevokeAsync(access, anna).ShouldSucceedAsync();
        await ListAsync(anna, doctor).ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task DepositGrantIsEnteredOnceByItsOwner()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        using var nobody = Person.Unregistered(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var grant = await Depositing.AllowAsync(partition, hospital);
        await Depositing.PostAsync(grant, anna).ShouldSucceedAsync();
        await Depositing.PostAsync(grant, hospital).ShouldBeAsync(Problems.NotYours);
        await Depositing.PostAsync(Depositing.Make(anna, hospital, grant.Terms.Id, partitions: partition.Id), anna).ShouldBeAsync(Problems.Conflict);
        await Depositing.PostAsync(Depositing.Make(hospital, anna, grant.Terms.Id, partitions: partition.Id), hospital).ShouldBeAsync(Problems.Conflict);
        await Depositing.PostAsync(Depositing.Make(anna, nobody, partitions: partition.Id), anna).ShouldBeAsync(Problems.NotFound);
        var tampered = (byte[])grant.Signed.Clone();
        tampered[^1] ^= 1;
        await anna.Http.PostAsJsonAsync(Paths.Deposits, new SignedBytes(tampered)).ShouldBeAsync(Problems.BadRequest);
        // A deposit grant lets nobody read: it is no grant.
        await partition.ListAsync(hospital).ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task OnlyTheOwnerEndsADepositGrantAndForGood()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var (grant, other) = (await Depositing.AllowAsync(partition, hospital), await Depositing.AllowAsync(partition, hospital));
        await Depositing.RevokeAsync(grant, mallory).ShouldBeAsync(Problems.NotFound);
        await Depositing.RevokeAsync(grant, hospital).ShouldBeAsync(Problems.NotFound);
        var notice = Revocation.Create(anna.Identity, grant.Terms.Id, _cloud.Time.GetUtcNow());
        await Depositing.RevokeAsync(grant, hospital, notice).ShouldBeAsync(Problems.NotYours);
        await Depositing.RevokeAsync(other, anna, notice).ShouldBeAsync(Problems.BadRequest);
        await Depositing.RevokeAsync(grant, anna, notice).ShouldSucceedAsync();
        await Depositing.RevokeAsync(grant, anna, notice).ShouldSucceedAsync();
        await Depositing.RevokeAsync(grant, anna, Revocation.Create(anna.Identity, grant.Terms.Id, _cloud.Time.GetUtcNow().AddSeconds(1))).ShouldBeAsync(Problems.Conflict);
        await Depositing.PostAsync(grant, anna).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(author: hospital.Identity), by: hospital).ShouldSucceedAsync(); // by the other grant
    }

    [Fact]
    public async Task DepositsCountAgainstTheOwnersRoom()
    {
        await using var cloud = await TestCloud.StartAsync(quota: new QuotaOptions { Rows = 3 });
        using var anna = await Person.RegisterAsync(cloud);
        using var hospital = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        await partition.PostAsync(partition.Seal(author: hospital.Identity), by: hospital).ShouldSucceedAsync();
        await partition.PostAsync(partition.Seal(author: hospital.Identity), by: hospital).ShouldBeAsync(Problems.NoSpace);
        await Depositing.PostAsync(Depositing.Make(anna, hospital, partitions: partition.Id), anna).ShouldBeAsync(Problems.NoSpace);
    }

    private static Task<HttpResponseMessage> ListAsync(Person owner, Person asker) => asker.Http.GetAsync($"{Paths.Deposits}?owner={owner.Id}");

    private static Task<HttpResponseMessage> LookUpAsync(Person asker, params RecordId[] ids) =>
        asker.Http.PostAsJsonAsync(Paths.RecordLookup, new RecordLookup([.. ids.Select(id => id.ToString())]));
}
