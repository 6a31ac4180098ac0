using System.Net;
using System.Net.Http.Json;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Catalogue;

public sealed class TicketTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task TicketsComeInTheOrderOfTheirStores()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var stores = new[] { 2, 0, 2, 3, 1, 0 }.Select(i => _cloud.Stores[i].PublicKey).ToList();
        var list = await AskAsync(anna, [.. stores.Select(store => store.ToString())], 70_000).ReadAsync<SignedList>();
        var parties = await _cloud.Http.GetAsync(Paths.Parties).ReadAsync<PartyDirectory>();
        Assert.True(VerifyingKey.TryParse(Convert.FromHexString(parties.Cloud.Key), out var cloud));
        var tickets = list.Signed.Select(signed => UploadTicket.TryVerify(signed, cloud, out var ticket) ? ticket : throw new InvalidDataException()).ToList();
        Assert.Equal(stores, tickets.Select(ticket => ticket.Store));
        Assert.All(tickets, ticket => Assert.Equal(70_000, ticket.Bytes));
        Assert.All(tickets, ticket => Assert.Equal(_cloud.Time.GetUtcNow() + TimeSpan.FromHours(24), ticket.Until));
        Assert.Equal(6, tickets.Select(ticket => ticket.Id).Distinct().Count());
    }

    [Fact]
    public async Task UnknownStoresAndOddSizesAreBadRequests()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var store = _cloud.Stores[0].PublicKey.ToString();
        await AskAsync(anna, [], 4096).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna, [.. Enumerable.Repeat(store, 65)], 4096).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna, [_cloud.Trustees[0].PublicKey.ToString()], 4096).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna, [store, null!], 4096).ShouldBeAsync(Problems.BadRequest);
        foreach (var size in new[] { long.MinValue, -1, 0, _cloud.Options.MaxFragmentBytes + 1, long.MaxValue })
            await AskAsync(anna, [store], size).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna, [.. Enumerable.Repeat(store, 64)], 1).ShouldSucceedAsync();
    }

    [Fact]
    public async Task DaysAllowanceEndsAndTheNextDayBringsAnother()
    {
        await using var cloud = await TestCloud.StartAsync(quota: new QuotaOptions { UploadBytesPerDay = 10_000 });
        using var anna = await Person.RegisterAsync(cloud);
        var store = cloud.Stores[0].PublicKey.ToString();
        await AskAsync(anna, [store, store], 4_096).ShouldSucceedAsync();
        await AskAsync(anna, [store], 4_096).ShouldBeAsync(Problems.NoSpace);
        await AskAsync(anna, [store], 1_000).ShouldSucceedAsync();
        cloud.Time.Advance(TimeSpan.FromDays(1));
        await anna.LogInAsync();
        await AskAsync(anna, [store, store], 4_096).ShouldSucceedAsync();
    }

    [Fact]
    public async Task HardeningTicketNamesTheSessionsIdentityForADay()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var signed = (await anna.Http.PostAsync(Paths.HardeningTickets, null).ReadAsync<SignedBytes>()).Signed;
        var cloud = await _cloud.KeyAsync();
        Assert.True(HardeningTicket.TryVerify(signed, cloud, out var ticket));
        Assert.Equal(anna.Key, ticket.Account);
        var now = _cloud.Time.GetUtcNow();
        Assert.True(ticket.IsGoodAt(now));
        Assert.True(ticket.IsGoodAt(now.AddHours(23)));
        Assert.False(ticket.IsGoodAt(now.AddHours(24)));
        Assert.False(ticket.IsGoodAt(now.AddMinutes(-6)));
        await _cloud.Http.PostAsync(Paths.HardeningTickets, null).ShouldBeAsync(Problems.NoSession);
    }

    private static Task<HttpResponseMessage> AskAsync(Person person, string[] stores, long bytes) => person.Http.PostAsJsonAsync(Paths.Tickets, new TicketRequest(stores, bytes));
}
