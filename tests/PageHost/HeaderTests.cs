using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;

namespace Salus.PageHost.Tests;

/// <summary>What a browser is told with each file.</summary>
public sealed class HeaderTests(OpenedPage opened) : IClassFixture<OpenedPage>
{
    public static TheoryData<string> Files => [.. SignedPage.Files.Keys.Where(path => path != "viewer.html").Select(path => "/" + path), "/"];

    /// <summary>The import map of the page's document, as a policy names it.</summary>
    private static string MapHash => Convert.ToBase64String(SHA256.HashData("""{"integrity":{}}"""u8));

    [Theory, MemberData(nameof(Files))]
    public async Task EveryFileIsHeldToThePoliciesOfThePage(string path)
    {
        using var answer = await opened.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{(path is "/" or "/index.html" ? $" 'sha256-{MapHash}'" : "")}; "
            + "style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
            + "connect-src 'self' https://salus.example.org https://trustee.example.org:7101; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types salus", answer.Header("Content-Security-Policy"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        AssertCommon(answer);
    }

    [Fact]
    public async Task TheViewerIsSandboxedAndSpeaksWithNobody()
    {
        using var sent = await opened.GetAsync("/viewer.html");
        using var answer = await opened.GetAsync(sent.Headers.Location!.OriginalString);
        var policy = answer.Header("Content-Security-Policy")!;
        Assert.StartsWith("sandbox allow-scripts; default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        foreach (var loosened in new[] { "connect-src", "frame-src", "unsafe-inline", "allow-same-origin", "allow-top-navigation", "allow-popups" })
            Assert.DoesNotContain(loosened, policy, StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", answer.Header("X-Frame-Options"));
        AssertCommon(answer);
    }

    [Fact]
    public async Task OnlyAssetsMayBeLoadedByTheViewersOrigin()
    {
        foreach (var path in SignedPage.Files.Keys.Where(path => path != "viewer.html"))
        {
            using var answer = await opened.GetAsync("/" + path);
            var asset = path.StartsWith("assets/", StringComparison.Ordinal);
            Assert.Equal(asset ? "*" : null, answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal(asset ? "cross-origin" : "same-origin", answer.Header("Cross-Origin-Resource-Policy"));
            Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/" + SignedPage.Script, "text/javascript; charset=utf-8")]
    [InlineData("/" + SignedPage.Style, "text/css; charset=utf-8")]
    [InlineData("/core/0123456789abcdef/boot.json", "application/json")]
    [InlineData("/core/0123456789abcdef/dotnet.native.wasm", "application/wasm")]
    [InlineData("/core/0123456789abcdef/Salus.Browser.dll", "application/octet-stream")]
    public async Task EveryKindHasItsMediaType(string path, string type)
    {
        using var answer = await opened.GetAsync(path);
        Assert.Equal(type, answer.Header("Content-Type"));
    }

    [Theory]
    [InlineData("br", true)]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("br;q=0", false)]
    [InlineData("gzip", false)]
    [InlineData("", false)]
    public async Task WhatIsCompressedIsSentSoToWhoTakesIt(string accepted, bool compressed)
    {
        const string path = SignedPage.Script;
        using var answer = await opened.GetAsync("/" + path, ("Accept-Encoding", accepted));
        Assert.Equal(compressed ? "br" : null, answer.Header("Content-Encoding"));
        Assert.Equal("Accept-Encoding", answer.Header("Vary"));
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using var plain = compressed ? new BrotliStream(body, CompressionMode.Decompress) : body;
        using var content = new MemoryStream();
        await plain.CopyToAsync(content);
        Assert.Equal(SignedPage.Files[path], content.ToArray());
    }

    [Theory]
    [InlineData("/", "no-cache")]
    [InlineData("/index.html", "no-cache")]
    [InlineData("/manifest.signed", "no-cache")]
    [InlineData("/" + SignedPage.Script, "public, max-age=31536000, immutable")]
    [InlineData("/core/0123456789abcdef/Salus.Browser.dll", "public, max-age=31536000, immutable")]
    public async Task WhatIsNamedByItsContentIsKeptAndTheRestIsAskedForAgain(string path, string caching)
    {
        using var first = await opened.GetAsync(path);
        Assert.Equal(caching.Split(", ").Order(), first.Header("Cache-Control")!.Split(", ").Order());
        using var again = await opened.GetAsync(path, ("If-None-Match", first.Header("ETag")!));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var head = await opened.SendAsync(HttpMethod.Head, path, ("Cookie", opened.Cookie));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(first.Header("ETag"), head.Header("ETag"));
    }

    private static void AssertCommon(HttpResponseMessage answer)
    {
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("require-corp", answer.Header("Cross-Origin-Embedder-Policy"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Contains("camera=()", answer.Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Strict-Transport-Security"));
        Assert.Null(answer.Header("Server"));
    }
}
