using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Salus.Protocol.Http;

namespace Salus.Store.Tests;

public sealed class ReadAndDeleteTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 999)]
    [InlineData(100, 199)]
    [InlineData(999, 999)]
    [InlineData(500, 5000)]
    [InlineData(500, null)]
    [InlineData(null, 10)]
    public async Task ARangeIsAnsweredWithItsBytes(int? first, int? last)
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();

        using var response = await store.GetAsync(fragment, new RangeHeaderValue(first, last));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        var (from, to) = first is null ? (1000 - last!.Value, 999) : (first.Value, Math.Min(last ?? 999, 999));
        Assert.Equal(new ContentRangeHeaderValue(from, to, 1000), response.Content.Headers.ContentRange);
        Assert.Equal(fragment.Bytes[from..(to + 1)], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task ARangeBeyondTheEndIsRefusedWithTheSize()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();

        using var response = await store.GetAsync(fragment, new RangeHeaderValue(1000, null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal(1000, response.Content.Headers.ContentRange?.Length);
    }

    [Fact]
    public async Task TheTagIsTheHashAndSavesASecondRead()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();
        using var first = await store.GetAsync(fragment);
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(fragment.Bytes))}\"", first.Headers.ETag?.Tag);

        using var request = new HttpRequestMessage(HttpMethod.Get, fragment.Path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await store.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task HeadTellsTheSizeWithoutTheBytes()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();

        using var response = await store.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, fragment.Path));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1000, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task AnUnknownAddressIsNotFound()
    {
        await using var store = await StoreHost.StartAsync();
        using var response = await store.GetAsync(Fragment.Random(1));
        Assert.Equal(Problems.NotFound, await response.ProblemAsync());
        using var delete = await store.DeleteAsync(Fragment.Random(1));
        Assert.Equal(Problems.NotFound, await delete.ProblemAsync());
    }

    [Fact]
    public async Task TheOwnerDeletesAndTheAddressIsFreeAgain()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();

        using (var response = await store.DeleteAsync(fragment))
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);

        Assert.Null(await store.ReadAsync(fragment));
        Assert.Empty(Directory.EnumerateFiles(store.Data, "data", SearchOption.AllDirectories));
        await store.RestartAsync();
        Assert.Null(await store.ReadAsync(fragment));
        using var again = await store.PutAsync(fragment);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task AnotherCapabilityDeletesNothing()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment)).Dispose();

        foreach (var owner in new[] { RandomNumberGenerator.GetBytes(32), SHA256.HashData(fragment.Owner), new byte[32] })
        {
            using var response = await store.DeleteAsync(fragment, owner);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal(Problems.NotYours, await response.ProblemAsync());
        }
        using (var malformed = await store.DeleteAsync(fragment, [1]))
            Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        Assert.Equal(fragment.Bytes, await store.ReadAsync(fragment));
    }

    [Fact]
    public async Task TheOwnerDeletesAnUploadUnderWay()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(1000);
        (await store.PutAsync(fragment, 0, 500)).Dispose();

        using var response = await store.DeleteAsync(fragment);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var state = await store.StateAsync(fragment);
        Assert.Equal(HttpStatusCode.NotFound, state.StatusCode);
    }

    [Fact]
    public async Task WhoIsReadingReadsOnWhenItIsDeleted()
    {
        await using var store = await StoreHost.StartAsync();
        var fragment = Fragment.Random(30_000_000);
        (await store.PutAsync(fragment)).Dispose();

        using var response = await store.Client.GetAsync(fragment.Path, HttpCompletionOption.ResponseHeadersRead);
        (await store.DeleteAsync(fragment)).Dispose();

        Assert.Equal(fragment.Bytes, await response.Content.ReadAsByteArrayAsync());
    }
}
