using System.Net;
using Salus.Testing;

namespace Salus.PageHost.Tests;

/// <summary>A server on loopback is asked by every page that a browser shows and every program of the machine: only the browser that was let in is answered.</summary>
public sealed class GateTests(OpenedPage opened) : IClassFixture<OpenedPage>
{
    public static TheoryData<string> Routes =>
        [.. SignedPage.Files.Keys.Select(path => "/" + path), "/", "/manifest.signed", "/cloud.json", "/health/live", "/health/ready", "/openapi/v1.json", "/nowhere", "/open", "/v/0/viewer.html"];

    [Theory, Attack("W06"), MemberData(nameof(Routes))]
    public async Task NothingIsThereForStrangers(string route)
    {
        foreach (var cookie in new[] { "", "salus-0=x", opened.Cookie.Split('=')[0] + "=", opened.Cookie[..^1], opened.Cookie + "A" })
        {
            using var answer = await opened.SendAsync(HttpMethod.Get, route, ("Cookie", cookie));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain("doctype", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheAddressLetsInOnceAndTheCookieFromThenOn()
    {
        using var invited = await opened.Client.GetAsync(opened.Address);
        Assert.Equal(HttpStatusCode.Redirect, invited.StatusCode);
        Assert.Equal("/", invited.Headers.Location?.OriginalString);
        var cookie = invited.Header("Set-Cookie")!;
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith($"salus-{opened.Root.Port}=", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await opened.GetAsync("/");
        Assert.Equal(SignedPage.Files["index.html"], await page.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("?token=")]
    [InlineData("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?token=%00")]
    [InlineData("?Token")]
    public async Task AnotherTokenLetsNobodyIn(string query)
    {
        using var answer = await opened.SendAsync(HttpMethod.Get, "/open" + query);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Fact]
    public async Task TheTokenIsNoKeyToAnythingElse()
    {
        using var answer = await opened.SendAsync(HttpMethod.Get, "/index.html" + opened.Address.Query);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory, Attack("W06")]
    [InlineData("evil.example")]
    [InlineData("evil.example:{port}")]
    [InlineData("localhost")]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1.evil.example:{port}")]
    [InlineData("localhost.:{port}")]
    [InlineData("[::1]:{port}")]
    [InlineData("2130706433:{port}")]
    public async Task AnotherNameIsRefused(string host)
    {
        using var answer = await opened.GetAsync("/", ("Host", host.Replace("{port}", $"{opened.Root.Port}", StringComparison.Ordinal)));
        Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task ItsOwnNamesAreServed(string host)
    {
        using var answer = await opened.GetAsync("/", ("Host", $"{host}:{opened.Root.Port}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, Attack("W06")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "SAME-ORIGIN")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    public async Task APageFromElsewhereIsRefusedEvenWithTheCookie(string header, string value)
    {
        using var answer = await opened.GetAsync("/cloud.json", (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:7100")]
    [InlineData("null")]
    public async Task NoPageFromElsewhereMayReadAnAnswer(string origin)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Options })
        {
            using var answer = await opened.SendAsync(method, "/cloud.json", ("Cookie", opened.Cookie), ("Origin", origin), ("Access-Control-Request-Method", "GET"));
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.False(answer.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task ItsOwnPageReadsWhereTheCloudIs()
    {
        using var answer = await opened.GetAsync("/cloud.json", ("Sec-Fetch-Site", "same-origin"), ("Origin", opened.Root.GetLeftPart(UriPartial.Authority)));
        Assert.Equal("""{"cloud":"https://salus.example.org","authority":null}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task TheViewerLoadsItselfAndAssetsWithoutACookieAndNothingElse()
    {
        using var sent = await opened.GetAsync("/viewer.html");
        var viewer = sent.Headers.Location!.OriginalString;
        (string Path, int Status)[] answers =
        [
            (viewer, 200), (Beside(SignedPage.Script), 200), (Beside(SignedPage.Style), 200),
            (Beside("index.html"), 403), (Beside("manifest.signed"), 403), (Beside("core/0123456789abcdef/boot.json"), 403),
        ];
        foreach (var (path, status) in answers)
        {
            using var answer = await opened.SendAsync(HttpMethod.Get, path, ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal(status, (int)answer.StatusCode);
        }
        using var elsewhere = await opened.SendAsync(HttpMethod.Get, Beside(SignedPage.Script), ("Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);

        string Beside(string path) => viewer.Replace("viewer.html", path, StringComparison.Ordinal);
    }
}
