using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Store.Tests;

/// <summary>A store on a free port, the cloud's key, and a client: everything a test of the store needs.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly long _quota;
    private WebApplication? _app;

    private StoreHost(long quota) => _quota = quota;

    public SigningKey Cloud { get; } = SigningKey.Generate();

    public ManualTime Time { get; } = new();

    public HttpClient Client { get; private set; } = new();

    public string Data => _folder.Path;

    public IServiceProvider Services => _app!.Services;

    public VerifyingKey Key => Services.GetRequiredService<ServerIdentity>().Key;

    public static async Task<StoreHost> StartAsync(long quota = 1L << 30)
    {
        var host = new StoreHost(quota);
        await host.RestartAsync();
        return host;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        _app = await StoreServer.Definition.StartAsync(
            new StoreOptions { Url = new Uri("http://127.0.0.1:0"), Data = Data, Name = "store-1", CloudKey = Cloud.PublicKey.ToString(), QuotaBytes = _quota }, Time);
        Client.Dispose();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task StopAsync()
    {
        if (_app is null)
            return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public byte[] Ticket(long bytes) => UploadTicket.Create(Cloud, Key, RandomId(), bytes, Time.GetUtcNow().AddHours(1)).Signed;

    /// <summary>Puts bytes [first, first + length) of a fragment.</summary>
    public Task<HttpResponseMessage> PutAsync(Fragment fragment, int first = 0, int? length = null, byte[]? ticket = null) =>
        SendAsync(fragment, $"bytes {first}-{first + (length ?? fragment.Bytes.Length - first) - 1}/{fragment.Bytes.Length}",
            new ByteArrayContent(fragment.Bytes, first, length ?? fragment.Bytes.Length - first), ticket);

    /// <summary>Puts a whole fragment for a record that is to release it.</summary>
    public Task<HttpResponseMessage> PutAsync(Fragment fragment, byte[] reference) =>
        SendAsync(fragment, $"bytes 0-{fragment.Bytes.Length - 1}/{fragment.Bytes.Length}", new ByteArrayContent(fragment.Bytes), null, reference);

    public async Task<HttpResponseMessage> SendAsync(Fragment fragment, string? contentRange, HttpContent body, byte[]? ticket = null, byte[]? reference = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, fragment.UploadPath) { Content = body };
        request.Headers.Add(Paths.TicketHeader, Convert.ToBase64String(ticket ?? Ticket(fragment.Bytes.Length)));
        request.Headers.Add(Paths.OwnerHashHeader, Convert.ToHexStringLower(SHA256.HashData(fragment.Owner)));
        if (reference is not null)
            request.Headers.Add(Paths.ReferenceHeader, Convert.ToHexStringLower(reference));
        if (contentRange is not null)
            body.Headers.TryAddWithoutValidation("Content-Range", contentRange);
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> DeleteAsync(Fragment fragment, byte[]? owner = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, fragment.Path);
        request.Headers.Add(Paths.OwnerHeader, Convert.ToHexStringLower(owner ?? fragment.Owner));
        return Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(Fragment fragment, RangeHeaderValue? range = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, fragment.Path);
        request.Headers.Range = range;
        return Client.SendAsync(request);
    }

    /// <summary>The bytes that are readable, or null.</summary>
    public async Task<byte[]?> ReadAsync(Fragment fragment)
    {
        using var response = await GetAsync(fragment);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    public Task<HttpResponseMessage> StateAsync(Fragment fragment) => Client.GetAsync(fragment.UploadPath);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        Cloud.Dispose();
        _folder.Dispose();
    }

    public static UInt128 RandomId() => Identifier.Random<RecordId>().Value;
}

/// <summary>A fragment of random bytes at a random address.</summary>
internal sealed record Fragment(string Address, byte[] Owner, byte[] Bytes)
{
    public string Path => Paths.Fragment.Replace("{address}", Address, StringComparison.Ordinal);

    public string UploadPath => Paths.Upload.Replace("{address}", Address, StringComparison.Ordinal);

    public static Fragment Random(int size) =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(size));
}

internal static class Answers
{
    public static async Task<string> ProblemAsync(this HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)response.StatusCode, json.RootElement.GetProperty("status").GetInt32());
        var type = json.RootElement.GetProperty("type").GetString()!;
        Assert.StartsWith(Problems.Prefix, type, StringComparison.Ordinal);
        return type[Problems.Prefix.Length..];
    }

    public static long Offset(this HttpResponseMessage response) => long.Parse(response.Headers.GetValues(Paths.UploadOffsetHeader).Single(), System.Globalization.CultureInfo.InvariantCulture);

    public static StoreReceipt Receipt(this HttpResponseMessage response, VerifyingKey store)
    {
        Assert.True(StoreReceipt.TryVerify(Convert.FromBase64String(response.Headers.GetValues(Paths.ReceiptHeader).Single()), store, out var receipt));
        return receipt;
    }

    public static bool HasReceipt(this HttpResponseMessage response) => response.Headers.Contains(Paths.ReceiptHeader);
}
