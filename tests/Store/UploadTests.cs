using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Store.Tests;

public sealed class UploadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(3_000_001)]
    public async Task OnePieceIsStoredWithAReceiptOfItsHash(int size)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(size);

        using var response = await store.PutAsync(fragment);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(size, response.Offset());
        var receipt = response.Receipt(store.Key);
        Assert.Equal(fragment.Address, Convert.ToHexStringLower(receipt.Address));
        Assert.Equal(size, receipt.Bytes);
        Assert.Equal(SHA256.HashData(fragment.Bytes), receipt.Hash);
        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task PiecesAreInvisibleUntilTheLast()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        var ticket = store.Ticket(1000);

        using (var first = await store.PutAsync(fragment, 0, 300, ticket))
        {
            Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
            Assert.Equal(300, first.Offset());
            Assert.False(first.HasReceipt());
        }
        Assert.Null(await store.ReadAsync(fragment));
        using (var state = await store.StateAsync(fragment))
            Assert.Equal(300, state.Offset());
        using (var head = await store.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, fragment.UploadPath)))
            Assert.Equal(300, head.Offset());
        using (var last = await store.PutAsync(fragment, 300, 700, ticket))
            Assert.Equal(HttpStatusCode.Created, last.StatusCode);

        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
        using var complete = await store.StateAsync(fragment);
        Assert.Equal(1000, complete.Offset());
        Assert.Equal(SHA256.HashData(fragment.Bytes), complete.Receipt(store.Key).Hash);
    }

    [Fact]
    public async Task AnUploadSurvivesARestart()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        var ticket = store.Ticket(1000);
        (await store.PutAsync(fragment, 0, 999, ticket)).Dispose();

        await store.RestartAsync();

        using (var state = await store.StateAsync(fragment))
            Assert.Equal(999, state.Offset());
        using var last = await store.PutAsync(fragment, 999, 1, ticket);
        Assert.Equal(HttpStatusCode.Created, last.StatusCode);
        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task AnUnknownUploadIsNotFound()
    {
        await using var store = await StoreHost.StartAsync();
        using var state = await store.StateAsync(Fragment.Random(1));
        Assert.Equal(HttpStatusCode.NotFound, state.StatusCode);
        Assert.Equal(Problems.NotFound, await state.ProblemAsync());
    }

    [Theory]
    [InlineData(0)] // overlaps from the beginning
    [InlineData(299)] // overlaps
    [InlineData(301)] // leaves a gap
    public async Task AnotherOffsetIsRefusedWithTheRightOne(int offset)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment, 0, 300)).Dispose();

        using var response = await store.PutAsync(fragment, offset, 400);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(Problems.Conflict, await response.ProblemAsync());
        Assert.Equal(300, response.Offset());
        using var rest = await store.PutAsync(fragment, 300, 700);
        Assert.Equal(SHA256.HashData(fragment.Bytes), rest.Receipt(store.Key).Hash);
    }

    [Fact]
    public async Task AnUploadThatBeginsInTheMiddleIsToldToBeginAtZero()
    {
        await using var store = await StoreHost.StartAsync();
        using var response = await store.PutAsync(Fragment.Random(1000), 500, 500);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(0, response.Offset());
    }

    [Fact]
    public async Task TheSameAgainIsAnsweredWithAReceipt()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(200_000);
        (await store.PutAsync(fragment)).Dispose();

        using var whole = await store.PutAsync(fragment);
        using var piece = await store.PutAsync(fragment, 199_000, 1000);

        foreach (var again in new[] { whole, piece })
        {
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
            Assert.Equal(SHA256.HashData(fragment.Bytes), again.Receipt(store.Key).Hash);
        }
    }

    [Theory]
    [InlineData("content")]
    [InlineData("owner")]
    [InlineData("size")]
    public async Task SomethingElseAtTheAddressIsRefusedAndChangesNothing(string difference)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(200_000);
        (await store.PutAsync(fragment)).Dispose();
        var other = difference switch
        {
            "content" => fragment with { Bytes = [.. fragment.Bytes[..^1], (byte)(fragment.Bytes[^1] ^ 1)] },
            "owner" => fragment with { Owner = RandomNumberGenerator.GetBytes(32) },
            _ => fragment with { Bytes = [.. fragment.Bytes, 0] },
        };

        using var response = await store.PutAsync(other);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.False(response.HasReceipt());
        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
        using var theirs = await store.DeleteAsync(fragment);
        Assert.Equal(HttpStatusCode.NoContent, theirs.StatusCode);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("size")]
    public async Task AnUploadUnderWayTakesNoOtherOwnerOrSize(string difference)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment, 0, 300)).Dispose();
        var other = difference == "owner" ? fragment with { Owner = RandomNumberGenerator.GetBytes(32) } : fragment with { Bytes = [.. fragment.Bytes, 0] };

        using var response = await store.PutAsync(other, 300);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        using var state = await store.StateAsync(fragment);
        Assert.Equal(300, state.Offset());
    }

    [Fact]
    public async Task UploadsToOneAddressTakeTurns()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(2_000_000);

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.PutAsync(fragment)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.All(responses, response => Assert.Equal(SHA256.HashData(fragment.Bytes), response.Receipt(store.Key).Hash));
        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task OfTwoContentsForOneAddressOneWins()
    {
        await using var store = await StoreHost.StartAsync();
        var one = Fragment.Random(1_000_000);
        var two = one with { Bytes = RandomNumberGenerator.GetBytes(1_000_000), Owner = RandomNumberGenerator.GetBytes(32) };

        var responses = await Task.WhenAll(store.PutAsync(one), store.PutAsync(two));

        var winner = responses[0].StatusCode == HttpStatusCode.Created ? one : two;
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], responses.Select(response => response.StatusCode).Order());
        Assert.Equal(winner.Bytes, await store.ReadAsync(one));
    }

    [Fact]
    public async Task UploadsToManyAddressesRunSideBySide()
    {
        await using var store = await StoreHost.StartAsync();
        var fragments = Enumerable.Range(0, 32).Select(_ => Fragment.Random(300_000)).ToList();

        var responses = await Task.WhenAll(fragments.Select(fragment => store.PutAsync(fragment)));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        foreach (var fragment in fragments)
            Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task AnIdleUploadIsThrownAway()
    {
        await using var store = await StoreHost.StartAsync();
        var (idle, complete) = (Fragment.Random(1000), Fragment.Random(1000));
        (await store.PutAsync(idle, 0, 300)).Dispose();
        (await store.PutAsync(complete)).Dispose();
        var cleaner = store.Services.GetRequiredService<Cleaner>();
        var quota = store.Services.GetRequiredService<FragmentFolder>().Quota;

        store.Time.Advance(TimeSpan.FromHours(23));
        await cleaner.CleanAsync(CancellationToken.None);
        using (var state = await store.StateAsync(idle))
            Assert.Equal(HttpStatusCode.OK, state.StatusCode);
        Assert.Equal(2000, quota.Used);

        store.Time.Advance(TimeSpan.FromHours(2));
        await cleaner.CleanAsync(CancellationToken.None);
        using (var state = await store.StateAsync(idle))
            Assert.Equal(HttpStatusCode.NotFound, state.StatusCode);
        Assert.Equal(1000, quota.Used);
        Assert.Equal(complete.Bytes, await store.ReadAsync(complete));
    }

    [Fact]
    public async Task AnIdleUploadIsThrownAwayAtTheStart()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment, 0, 300)).Dispose();
        store.Time.Advance(TimeSpan.FromHours(25));

        await store.RestartAsync();

        using var state = await store.StateAsync(fragment);
        Assert.Equal(HttpStatusCode.NotFound, state.StatusCode);
    }

    [Fact]
    public async Task TheQuotaCountsUploadsWholeFromTheirFirstByteOn()
    {
        await using var store = await StoreHost.StartAsync(quota: 10_000);
        var (first, second, third) = (Fragment.Random(6000), Fragment.Random(4001), Fragment.Random(4000));
        (await store.PutAsync(first, 0, 1)).Dispose();

        using (var response = await store.PutAsync(second))
        {
            Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
            Assert.Equal(Problems.NoSpace, await response.ProblemAsync());
        }
        using (var response = await store.PutAsync(third))
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using (var response = await store.PutAsync(first, 1))
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);

        await store.RestartAsync();
        using (var response = await store.PutAsync(Fragment.Random(1)))
            Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
        (await store.DeleteAsync(first)).Dispose();
        using (var response = await store.PutAsync(second))
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }
}
