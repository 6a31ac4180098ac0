using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Salus.Hosting;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Store.Tests.Hosting;

/// <summary>What every server does with a request, on a server of a few endpoints.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private static readonly SalusServer<Options> Definition = new()
    {
        Name = "Salus.Tests",
        Configure = (_, _, _) => { },
        Map = app =>
        {
            app.MapGet("/fails/{secret}", string (string secret) => throw new InvalidOperationException("about " + secret));
            app.MapGet("/refuses", string () => throw ProblemException.NotGranted("No grant."));
            app.MapPost("/body", (Body body) => body.Name).LimitBody(100);
            app.MapPost("/default-body", (Body body) => body.Name.Length);
            app.MapGet("/by-address", () => "").LimitByAddress(2, TimeSpan.FromMinutes(1));
            app.MapGet("/by-session", () => "").LimitBySession(2, TimeSpan.FromMinutes(1));
        },
    };

    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;
    private HttpClient _client = new();

    public async ValueTask InitializeAsync()
    {
        _app = await Definition.StartAsync(new Options { Url = new Uri("http://127.0.0.1:0"), Data = _folder.Path, RequestsPerSecond = 20 });
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AnUnexpectedFailureTellsATraceIdAndNothingElse()
    {
        using var response = await _client.GetAsync("/fails/mine");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("mine", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(32, json.RootElement.GetProperty("traceId").GetString()!.Length);
    }

    [Theory]
    [InlineData("GET", "/refuses", null, 403, Problems.NotGranted)]
    [InlineData("GET", "/nowhere", null, 404, Problems.NotFound)]
    [InlineData("POST", "/refuses", "{}", 405, Problems.BadRequest)]
    [InlineData("POST", "/body", "{", 400, Problems.BadRequest)]
    [InlineData("POST", "/body", "{}", 400, Problems.BadRequest)]
    [InlineData("POST", "/body", "{\"name\":null}", 400, Problems.BadRequest)]
    [InlineData("POST", "/body", "{\"name\":\"a\",\"name\":\"b\"}", 400, Problems.BadRequest)]
    public async Task WhatGoesWrongIsAProblem(string method, string path, string? body, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        using var response = await _client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await response.ProblemAsync());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/body", 60, 200)]
    [InlineData("/body", 101, 413)]
    [InlineData("/default-body", 60_000, 200)]
    [InlineData("/default-body", 70_000, 413)]
    public async Task ABodyHasALimit(string path, int size, int status)
    {
        using var response = await _client.PostAsJsonAsync(path, new Body(new string('x', size)));
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 413)
            Assert.Equal(Problems.TooLarge, await response.ProblemAsync());
    }

    [Fact]
    public async Task WhoAsksTooOftenWaits()
    {
        for (var i = 0; i < 2; i++)
            Assert.Equal("", await _client.GetStringAsync("/by-address"));
        using var response = await _client.GetAsync("/by-address");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(Problems.TooMany, await response.ProblemAsync());
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("", await _client.GetStringAsync("/by-session")); // limits of different endpoints are apart
    }

    [Fact]
    public async Task SessionsHaveLimitsOfTheirOwn()
    {
        foreach (var (token, expected) in new[] { ("a", 200), ("a", 200), ("a", 429), ("b", 200), ("b", 200), ("b", 429) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/by-session");
            request.Headers.Add("Authorization", "Bearer " + token);
            using var response = await _client.SendAsync(request);
            Assert.Equal(expected, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task AllRequestsOfAnAddressHaveALimit()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 200 && !statuses.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var response = await _client.GetAsync("/nowhere");
            statuses.Add(response.StatusCode);
        }
        Assert.InRange(statuses.Count, 80, 180); // a burst of four seconds' worth, and what came back meanwhile
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task HeadersHaveALimit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/refuses");
        request.Headers.Add("X-Large", new string('x', 20_000));
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task TheRoutesAreDescribed()
    {
        using var json = JsonDocument.Parse(await _client.GetStringAsync(Paths.OpenApi));
        Assert.True(json.RootElement.GetProperty("paths").TryGetProperty("/fails/{secret}", out _));
    }

    [Fact]
    public async Task SpansNameTheRouteAndNotThePath()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        var secret = Guid.NewGuid().ToString("N");

        (await _client.GetAsync("/fails/" + secret)).Dispose();

        SpinWait.SpinUntil(() => { lock (spans) return spans.Any(span => span.DisplayName == "GET /fails/{secret}"); }, TimeSpan.FromSeconds(10));
        lock (spans)
        {
            Assert.Contains(spans, span => span.DisplayName == "GET /fails/{secret}");
            Assert.DoesNotContain(spans, span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains(secret, StringComparison.Ordinal) == true));
        }
    }

    internal sealed class Options : ServerOptions;

    internal sealed record Body(string Name);
}
