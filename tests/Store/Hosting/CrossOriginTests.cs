using System.Net;
using Microsoft.AspNetCore.Builder;
using Salus.Hosting;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Store.Tests.Hosting;

/// <summary>Which pages a browser lets read what a server answers.</summary>
public sealed class CrossOriginTests : IAsyncLifetime
{
    private const string Hosted = "https://salus.example.org";

    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;
    private HttpClient _client = new();

    public async ValueTask InitializeAsync()
    {
        _app = await StoreServer.Definition.StartAsync(new StoreOptions
        {
            Url = new Uri("http://127.0.0.1:0"), Data = _folder.Path, Name = "store-1", CloudKey = new string('0', 64), QuotaBytes = 1 << 20,
            PageOrigins = [new Uri(Hosted)], RequestsPerSecond = 5,
        });
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Hosted)]
    [InlineData("http://localhost:7180")]
    [InlineData("http://localhost")]
    [InlineData("http://127.0.0.1:9")]
    public async Task ThePageMayReadTheAnswer(string origin)
    {
        using var answer = await SendAsync(HttpMethod.Get, origin);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode); // a refusal is to be read too
        Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(["Retry-After", Paths.ReceiptHeader, Paths.UploadOffsetHeader], Header(answer, "Access-Control-Expose-Headers")!.Split(',').Order());
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", Header(answer, "Vary"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://localhost:7180")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://localhost:7180.evil.example")]
    [InlineData("http://localhost@evil.example")]
    [InlineData("http://evil.example#http://localhost:7180")]
    [InlineData("http://localhost:7180/")]
    [InlineData("http://LOCALHOST:7180")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("http://127.1")]
    [InlineData("http://[::1]:7180")]
    [InlineData("http://salus.example.org")]
    [InlineData("https://salus.example.org:444")]
    [InlineData("https://salus.example.org.evil.example")]
    [InlineData("chrome-extension://abc")]
    [InlineData("file://")]
    [InlineData("null")]
    [InlineData("")]
    public async Task AnyOtherPageMayNot(string origin)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
        {
            using var answer = await SendAsync(method, origin, ("Access-Control-Request-Method", "GET"));
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task WhoIsNoPageIsToldNothingOfIt()
    {
        using var answer = await SendAsync(HttpMethod.Get, null);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task APreflightNamesWhatTheClientSendsAndIsRemembered()
    {
        using var answer = await SendAsync(HttpMethod.Options, Hosted, ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "authorization,content-range,content-type,salus-owner-hash,salus-ticket"));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["DELETE", "GET", "HEAD", "POST", "PUT"], Header(answer, "Access-Control-Allow-Methods")!.Split(',').Order());
        var headers = Header(answer, "Access-Control-Allow-Headers")!.Split(',').Select(header => header.ToLowerInvariant()).Order();
        Assert.Equal(["authorization", "content-range", "content-type", "range", "salus-owner", "salus-owner-hash", "salus-reference", "salus-ticket"], headers);
        Assert.Equal("7200", Header(answer, "Access-Control-Max-Age"));
        Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task ARefusalForAskingTooOftenCanBeRead()
    {
        for (var i = 0; i < 100; i++)
        {
            using var answer = await SendAsync(HttpMethod.Get, Hosted);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                continue;
            Assert.Equal(Hosted, Header(answer, "Access-Control-Allow-Origin"));
            return;
        }
        Assert.Fail("No limit was met.");
    }

    [Fact]
    public void OnlyOriginsAreTaken()
    {
        foreach (var url in new[] { "https://salus.example.org/page", "https://user@salus.example.org", "ftp://salus.example.org", "https://salus.example.org/#a" })
        {
            var options = new StoreOptions
            {
                Url = new Uri("http://127.0.0.1:0"), Data = _folder.Path, Name = "s", CloudKey = new string('0', 64), QuotaBytes = 1, PageOrigins = [new Uri(url)],
            };
            Assert.Contains(options.Faults(), fault => fault.StartsWith("pageOrigins: ", StringComparison.Ordinal));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? origin, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Paths.Fragment.Replace("{address}", new string('0', 64), StringComparison.Ordinal));
        foreach (var (name, value) in origin is null ? headers : [("Origin", origin), .. headers])
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await _client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
