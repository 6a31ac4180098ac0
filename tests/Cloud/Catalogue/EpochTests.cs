using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Catalogue;

public sealed class EpochTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task OwnerSeesAllHeadersInTheOrderOfTheirChains()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (first, second) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        await first.MoveOnAsync();
        await first.MoveOnAsync();
        var expected = new[] { first, second }.OrderBy(partition => partition.Id.ToString(), StringComparer.Ordinal).SelectMany(partition => partition.Headers).Select(header => header.Signed);
        Assert.Equal(expected, await SeenAsync(anna, anna));
    }

    [Fact]
    public async Task DelegateeSeesTheChainUpToTheGrantedEpochAndStrangersNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var doctor = await Person.RegisterAsync(_cloud);
        using var stranger = await Person.RegisterAsync(_cloud);
        var granted = await Partition.CreateAsync(anna);
        await Partition.CreateAsync(anna);
        await granted.MoveOnAsync();
        await Giving.GiveAsync(granted, doctor);
        await granted.MoveOnAsync();
        Assert.Equal(granted.Headers.Take(2).Select(header => header.Signed), await SeenAsync(doctor, anna));
        Assert.Empty(await SeenAsync(stranger, anna));
        Assert.Empty(await SeenAsync(anna, doctor));
    }

    [Fact]
    public async Task OfParallelSuccessorsOneIsEntered()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(anna, partition.Next())));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(2, (await SeenAsync(anna, anna)).Count);
    }

    [Fact]
    public async Task OfParallelFirstHeadersOneIsEntered()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = new Partition(anna);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(anna, partition.Next())));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task SameHeaderTwiceIsEnteredOnce()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await PostAsync(anna, partition.Headers[0]).ShouldSucceedAsync();
        Assert.Single(await SeenAsync(anna, anna));
    }

    [Fact]
    public async Task HeaderThatDoesNotFollowTheStoredOneIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var forked = new Partition(anna);
        using var key = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
        var otherFirst = EpochHeader.Create(anna.Identity, partition.Id, EpochNumber.First, key.PublicKey, null, []);
        var afterOther = EpochHeader.Create(anna.Identity, partition.Id, new EpochNumber(2), key.PublicKey, otherFirst, []);
        var second = partition.Next();
        var third = EpochHeader.Create(anna.Identity, partition.Id, new EpochNumber(3), key.PublicKey, second, []);
        var withoutFirst = EpochHeader.Create(anna.Identity, forked.Id, new EpochNumber(2), key.PublicKey, forked.Next(), []);
        foreach (var header in new[] { otherFirst, afterOther, third, withoutFirst })
            await PostAsync(anna, header).ShouldBeAsync(Problems.Conflict);
        await partition.MoveOnAsync();
        await PostAsync(anna, partition.Headers[0]).ShouldBeAsync(Problems.Conflict); // back to the first
    }

    [Fact]
    public async Task HeaderOfAnotherOwnerIsNotYours()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await PostAsync(mallory, partition.Next()).ShouldBeAsync(Problems.NotYours);
        // The same pseudonym under another owner is another partition.
        using var key = DelegatingKey.FromSeed(RandomNumberGenerator.GetBytes(DelegatingKey.SeedSize));
        await PostAsync(mallory, EpochHeader.Create(mallory.Identity, partition.Id, EpochNumber.First, key.PublicKey, null, [])).ShouldSucceedAsync();
        Assert.Single(await SeenAsync(anna, anna));
    }

    [Fact]
    public async Task EveryTruncationAndTamperedHeaderIsABadRequest()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var header = new Partition(anna).Next().Signed;
        for (var length = 0; length < header.Length; length += 7)
            await anna.Http.PostAsJsonAsync(Paths.Epochs, new SignedBytes(header[..length])).ShouldBeAsync(Problems.BadRequest);
        header[60] ^= 1;
        await anna.Http.PostAsJsonAsync(Paths.Epochs, new SignedBytes(header)).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.GetAsync(Paths.Epochs).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.GetAsync(Paths.Epochs + "?owner=anna").ShouldBeAsync(Problems.BadRequest);
    }

    private static Task<HttpResponseMessage> PostAsync(Person by, EpochHeader header) => by.Http.PostAsJsonAsync(Paths.Epochs, new SignedBytes(header.Signed));

    private static async Task<IReadOnlyList<byte[]>> SeenAsync(Person asker, Person owner) =>
        (await asker.Http.GetAsync($"{Paths.Epochs}?owner={owner.Id}").ReadAsync<SignedList>()).Signed;
}
