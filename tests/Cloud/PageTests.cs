using System.Net;
using System.Text.Json;
using Salus.Hosting;
using Salus.Hosting.Pages;
using Salus.PageHost.Tests;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Cloud.Tests;

/// <summary>The page as a cloud hosts it, beside its routes.</summary>
public sealed class PageTests : IDisposable
{
    private readonly SignedPage _page = new();

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task ACloudWithAPageServesItsFilesAndNoOthers()
    {
        await using var cloud = await StartAsync();
        foreach (var (path, content) in SignedPage.Files.Append(new("", SignedPage.Files["index.html"])))
        {
            using var answer = await cloud.Http.GetAsync(new Uri("/" + path, UriKind.Relative));
            Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        }
        File.WriteAllText(_page.In("assets/extra.js"), "alert(1)");
        foreach (var path in new[] { "/assets/extra.js", "/index.html.br", "/.stamp", "/assets/", "/assets", "/../identity.key", "/%2e%2e/identity.key", "/assets/..%2findex.html", "/INDEX.HTML/x" })
        {
            using var answer = await cloud.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var posted = await cloud.Http.PostAsync(new Uri("/index.html", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task ThePageMaySpeakWithThePartiesOfTheDirectoryAlone()
    {
        await using var cloud = await StartAsync();
        var parties = JsonSerializer.Deserialize<PartyDirectory>(await cloud.Http.GetStringAsync(Paths.Parties), JsonSerializerOptions.Web)!;
        using var answer = await cloud.Http.GetAsync(new Uri("/", UriKind.Relative));
        var connect = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ").Single(directive => directive.StartsWith("connect-src ", StringComparison.Ordinal));
        Assert.Equal(parties.Addresses().Select(url => url.GetLeftPart(UriPartial.Authority)).Distinct().Prepend("'self'").Prepend("connect-src"), connect.Split(' '));
        using var told = JsonDocument.Parse(await cloud.Http.GetStringAsync(Paths.CloudAddress));
        Assert.Equal(parties.Cloud.Url, new Uri(told.RootElement.GetProperty("cloud").GetString()!));
        Assert.Equal(JsonValueKind.Null, told.RootElement.GetProperty("authority").ValueKind);
    }

    [Fact]
    public async Task TheRoutesOfTheCloudAreAsWithoutAPage()
    {
        await using var cloud = await StartAsync();
        foreach (var (method, path, status) in new[]
        {
            (HttpMethod.Get, "/v1/nowhere", 404), (HttpMethod.Get, Paths.Registrations, 405), (HttpMethod.Get, Paths.Account, 401), (HttpMethod.Get, Paths.Parties, 200),
        })
        {
            using var answer = await cloud.Http.SendAsync(new HttpRequestMessage(method, path));
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.False(answer.Headers.Contains("Content-Security-Policy"));
        }
    }

    [Fact]
    public async Task ACloudWithoutAPageServesNone()
    {
        await using var cloud = await TestCloud.StartAsync();
        foreach (var path in new[] { "/", "/index.html", Paths.PageManifest, Paths.CloudAddress })
        {
            using var answer = await cloud.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData(SignedPage.Script)]
    [InlineData("manifest.signed")]
    public async Task AChangedByteKeepsTheCloudFromStartingAndIsNamed(string path)
    {
        _page.Change(path);
        Assert.Contains(path, (await Assert.ThrowsAsync<StartupException>(() => StartAsync())).Message, StringComparison.Ordinal);
    }

    [Fact, Attack("W02")]
    public async Task ThePageIsEnteredIntoTheLogOnceHoweverOftenTheCloudStarts()
    {
        var page = new PageOptions { Folder = _page.Folder, Key = _page.Key };
        await using var cloud = await TestCloud.StartAsync(page: page);
        await using var again = await TestCloud.StartAsync(of: cloud, page: page);
        var manifest = page.Load().Manifest;
        var leaf = LogEntry.Tagged(LogKind.Page, LogEntry.PageTag(_page.VerifyingKey), manifest.Number.Logged, manifest.Signed).LeafHash;
        var where = $"WHERE leaf = '\\x{Convert.ToHexStringLower(leaf)}'";
        Assert.Equal("1\n", await cloud.Cluster.ExecuteAsync(cloud.Database,
            $"SELECT (SELECT count(*) FROM cloud.log_pending {where}) + (SELECT count(*) FROM cloud.log_entries {where})"));
    }

    [Fact]
    public async Task AKeyThatIsNoneIsAFault()
    {
        var fault = await Assert.ThrowsAsync<StartupException>(() => TestCloud.StartAsync(page: new PageOptions { Folder = _page.Folder, Key = "12" }));
        Assert.Equal(2, fault.ExitCode);
        Assert.Contains("page.key: ", fault.Message, StringComparison.Ordinal);
    }

    private Task<TestCloud> StartAsync() => TestCloud.StartAsync(page: new PageOptions { Folder = _page.Folder, Key = _page.Key });
}
