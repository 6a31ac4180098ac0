using System.Net;
using System.Net.Http.Json;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Grants;

public sealed class GrantTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task LiveGrantOpensItsPartitionAndEpochOnly()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var (granted, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        var early = await granted.AddAsync();
        var elsewhere = await other.AddAsync();
        var grant = await Giving.GiveAsync(granted, doctor);
        await granted.MoveOnAsync();
        var later = await granted.AddAsync();

        Assert.Equal([early.Signed], await SignedAsync(granted.ListAsync(doctor)));
        Assert.Equal([early.Signed], await SignedAsync(doctor.Http.GetAsync($"{Paths.Records}?owner={anna.Id}")));
        Assert.Equal(early.Signed, (await doctor.Http.GetAsync(Path(early)).ReadAsync<CatalogueRecord>()).Signed);
        foreach (var hidden in new[] { elsewhere, later })
            await doctor.Http.GetAsync(Path(hidden)).ShouldBeAsync(Problems.NotFound);
        await other.ListAsync(doctor).ShouldBeAsync(Problems.NotGranted);

        // Extended to the new epoch, it opens that as well.
        var extended = Giving.Make(granted, doctor, grant.Terms.Id, version: 2, from: grant.Terms.From, epochs: [new(1), new(2)]);
        await Giving.PostAsync(extended, anna).ShouldSucceedAsync();
        Assert.Equal([early.Signed, later.Signed], await SignedAsync(granted.ListAsync(doctor)));
    }

    [Fact]
    public async Task GrantOfAnEmptyPartitionShowsAnEmptyPage()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Giving.GiveAsync(partition, doctor);
        Assert.Empty(await SignedAsync(partition.ListAsync(doctor)));
    }

    [Fact]
    public async Task WithoutGrantNothingIsShown()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var stranger = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        await Giving.GiveAsync(partition, doctor);
        var own = await Partition.CreateAsync(stranger);
        await Giving.GiveAsync(own, doctor);
        // The doctor sees what the stranger granted, but the stranger neither Anna's records nor, the other way round, the doctor's.
        await partition.ListAsync(stranger).ShouldBeAsync(Problems.NotGranted);
        await stranger.Http.GetAsync($"{Paths.Records}?owner={anna.Id}").ShouldBeAsync(Problems.NotGranted);
        await stranger.Http.GetAsync(Path(record)).ShouldBeAsync(Problems.NotFound);
        await anna.Http.GetAsync($"{Paths.Records}?owner={doctor.Id}").ShouldBeAsync(Problems.NotGranted);
        await doctor.Http.GetAsync($"{Paths.Records}?owner={Identifier.Random<AccountId>()}").ShouldBeAsync(Problems.NotGranted);
        // A pseudonym of another owner's partition opens nothing, even where the asker holds some grant of that owner.
        await doctor.Http.GetAsync($"{Paths.Records}?owner={stranger.Id}&partition={partition.Id}").ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task GrantOpensFromItsFirstInstantUntilItsLast()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        using var doctor = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        var start = cloud.Time.GetUtcNow();
        await Giving.GiveAsync(partition, doctor, from: start + TimeSpan.FromMinutes(10), until: start + TimeSpan.FromMinutes(20));
        await partition.ListAsync(doctor).ShouldBeAsync(Problems.NotGranted);
        await doctor.Http.GetAsync(Path(record)).ShouldBeAsync(Problems.NotFound);
        cloud.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Single(await SignedAsync(partition.ListAsync(doctor)));
        cloud.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Single(await SignedAsync(partition.ListAsync(doctor)));
        cloud.Time.Advance(TimeSpan.FromMilliseconds(1));
        await partition.ListAsync(doctor).ShouldBeAsync(Problems.NotGranted);
        await doctor.Http.GetAsync(Path(record)).ShouldBeAsync(Problems.NotFound);
        Assert.Empty((await doctor.Http.GetAsync($"{Paths.Epochs}?owner={anna.Id}").ReadAsync<SignedList>()).Signed);
    }

    [Fact]
    public async Task RevocationClosesTheCatalogueAtOnce()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var nurse = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        var grant = await Giving.GiveAsync(partition, doctor);
        await Giving.GiveAsync(partition, nurse);
        Assert.Single(await SignedAsync(partition.ListAsync(doctor)));
        await Giving.RevokeAsync(grant, anna).ShouldSucceedAsync();
        await partition.ListAsync(doctor).ShouldBeAsync(Problems.NotGranted);
        await doctor.Http.GetAsync(Path(record)).ShouldBeAsync(Problems.NotFound);
        Assert.Empty((await doctor.Http.GetAsync($"{Paths.Epochs}?owner={anna.Id}").ReadAsync<SignedList>()).Signed);
        Assert.Single(await SignedAsync(partition.ListAsync(nurse)));
        // Neither the grant again nor its next version bring it back.
        await Giving.PostAsync(grant, anna).ShouldBeAsync(Problems.Conflict);
        await Giving.PostAsync(Giving.Make(partition, doctor, grant.Terms.Id, version: 2, from: grant.Terms.From), anna).ShouldBeAsync(Problems.Conflict);
        await partition.ListAsync(doctor).ShouldBeAsync(Problems.NotGranted);
    }

    [Fact]
    public async Task RevocationCollectsReceiptsOfTheTrustees()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var grant = await Giving.GiveAsync(await Partition.CreateAsync(anna), doctor);
        var revocation = Revocation.Create(anna.Identity, grant.Terms.Id, _cloud.Time.GetUtcNow());
        var receipts = _cloud.Trustees.Select(trustee => RevocationReceipt.Create(trustee, revocation, 1, _cloud.Time.GetUtcNow()).Signed).ToArray();
        await Giving.RevokeAsync(grant, anna, revocation).ShouldSucceedAsync();
        await Giving.RevokeAsync(grant, anna, revocation, receipts[0]).ShouldSucceedAsync();
        await Giving.RevokeAsync(grant, anna, revocation, receipts).ShouldSucceedAsync();
        await Giving.RevokeAsync(grant, anna, revocation, receipts[1], receipts[1]).ShouldSucceedAsync();
        foreach (var (person, path) in new[] { (anna, Paths.Grants), (doctor, Paths.ReceivedGrants) })
        {
            var view = Assert.Single((await person.Http.GetAsync(path).ReadAsync<GrantList>()).Grants);
            Assert.Equal(grant.Signed, view.Signed);
            Assert.Equal(revocation.Signed, view.Revocation);
            Assert.Equal(receipts.Order(ByteOrder.Instance), view.Receipts.Order(ByteOrder.Instance));
        }
    }

    [Fact]
    public async Task ReceiptsOfOthersAreRefusedAndRevokeNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await partition.AddAsync();
        var (grant, other) = (await Giving.GiveAsync(partition, doctor), await Giving.GiveAsync(partition, doctor));
        using var stranger = SigningKey.Generate();
        var revocation = Revocation.Create(anna.Identity, grant.Terms.Id, _cloud.Time.GetUtcNow());
        var ofAnother = Revocation.Create(anna.Identity, other.Terms.Id, _cloud.Time.GetUtcNow());
        var now = _cloud.Time.GetUtcNow();
        var (strangers, another) = (RevocationReceipt.Create(stranger, revocation, 1, now), RevocationReceipt.Create(_cloud.Trustees[0], ofAnother, 1, now));
        foreach (var receipt in new[] { strangers.Signed, another.Signed, [] })
            await Giving.RevokeAsync(grant, anna, revocation, receipt).ShouldBeAsync(Problems.BadRequest);
        Assert.Single(await SignedAsync(partition.ListAsync(doctor)));
    }

    [Fact]
    public async Task OnlyTheOwnerRevokesAndOnlyOnce()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await partition.AddAsync();
        var grant = await Giving.GiveAsync(partition, doctor);
        var byAnna = Revocation.Create(anna.Identity, grant.Terms.Id, _cloud.Time.GetUtcNow());
        await Giving.RevokeAsync(grant, doctor).ShouldBeAsync(Problems.NotFound); // signed by the doctor
        await Giving.RevokeAsync(grant, doctor, byAnna).ShouldBeAsync(Problems.NotYours);
        Assert.Single(await SignedAsync(partition.ListAsync(doctor)));
        await Giving.RevokeAsync(grant, anna, byAnna).ShouldSucceedAsync();
        var second = Revocation.Create(anna.Identity, grant.Terms.Id, _cloud.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await Giving.RevokeAsync(grant, anna, second).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task GrantIsTheOwnersToGiveAndToAnAccountThatExists()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        using var nobody = Person.Unregistered(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var grant = Giving.Make(partition, mallory);
        await Giving.PostAsync(grant, mallory).ShouldBeAsync(Problems.NotYours);
        await Giving.PostAsync(Giving.Make(partition, nobody), anna).ShouldBeAsync(Problems.NotFound);
        var tampered = (byte[])grant.Signed.Clone();
        tampered[40] ^= 1;
        await anna.Http.PostAsJsonAsync(Paths.Grants, new SignedBytes(tampered)).ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task GrantOfMalloryOverAnnasPartitionOpensNothingOfAnna()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        using var accomplice = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        // Mallory knows the pseudonym of Anna's partition and grants it as their own.
        var terms = Giving.Make(partition, accomplice).Terms with { Owner = mallory.Identity.PublicKey };
        var forged = Grant.Create(mallory.Identity, terms, Giving.Make(partition, accomplice).Entries, []);
        await Giving.PostAsync(forged, mallory).ShouldSucceedAsync();
        await partition.ListAsync(accomplice).ShouldBeAsync(Problems.NotGranted);
        await accomplice.Http.GetAsync(Path(record)).ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task NextVersionKeepsTheTerms()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var other = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var grant = await Giving.GiveAsync(partition, doctor, until: _cloud.Time.GetUtcNow() + TimeSpan.FromDays(1));
        var (id, from, until) = (grant.Terms.Id, grant.Terms.From, grant.Terms.Until);
        Grant[] refused =
        [
            Giving.Make(partition, doctor, id, 1, from, until), // another first version
            Giving.Make(partition, doctor, id, 3, from, until),
            Giving.Make(partition, doctor, id, 2, from, until + TimeSpan.FromDays(1)),
            Giving.Make(partition, doctor, id, 2, from - TimeSpan.FromDays(1), until),
            Giving.Make(partition, doctor, id, 2, from, until, purpose: Purpose.Research),
            Giving.Make(partition, other, id, 2, from, until),
            Giving.Make(partition, doctor, version: 2),
        ];
        foreach (var next in refused)
            await Giving.PostAsync(next, anna).ShouldBeAsync(Problems.Conflict);
        await Giving.PostAsync(grant, anna).ShouldSucceedAsync(); // the same again
        await Giving.PostAsync(Giving.Make(partition, doctor, id, 2, from, until), anna).ShouldSucceedAsync();
        await Giving.PostAsync(grant, anna).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task ParallelExtensionsEnterOne()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var grant = await Giving.GiveAsync(partition, doctor);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(_ => Giving.PostAsync(Giving.Make(partition, doctor, grant.Terms.Id, 2, grant.Terms.From), anna)));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task IdentifierOfAnotherOwnersGrantIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var grant = await Giving.GiveAsync(await Partition.CreateAsync(anna), doctor);
        var stolen = Giving.Make(await Partition.CreateAsync(mallory), doctor, grant.Terms.Id);
        await Giving.PostAsync(stolen, mallory).ShouldBeAsync(Problems.Conflict);
        await Giving.RevokeAsync(grant, mallory).ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task LargestGrantIsTaken()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        var small = Giving.Make(await Partition.CreateAsync(anna), doctor);
        var entries = Enumerable.Range(1, Limits.MaxGrantEntries).Select(epoch => small.Entries[0] with { Epoch = new((uint)epoch) }).ToList();
        var large = Grant.Create(anna.Identity, small.Terms, entries, new byte[Limits.MaxSealedNote]);
        await Giving.PostAsync(large, anna).ShouldSucceedAsync();
        Assert.Equal(large.Signed, Assert.Single((await doctor.Http.GetAsync(Paths.ReceivedGrants).ReadAsync<GrantList>()).Grants).Signed);
    }

    private static string Path(SealedRecord record) => Paths.Record.Replace("{id}", record.Header.Context.Record.ToString());

    private static async Task<List<byte[]>> SignedAsync(Task<HttpResponseMessage> answer) =>
        [.. (await answer.ReadAsync<CataloguePage>()).Records.Select(record => record.Signed)];

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
