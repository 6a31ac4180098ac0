using Microsoft.Playwright;
using Salus.Testing;

namespace Salus.Browser.Tests.Worker;

/// <summary>A worker that has the tests of other projects in it, and what they read: the checkout's vectors, and the documents that show them.</summary>
public sealed class TestingWorker(WorkerSite site) : IAsyncLifetime
{
    private IBrowserContext _browser = null!;

    internal WorkerPage Page { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _browser = await site.OpenBrowserAsync();
        Page = await WorkerPage.OpenAsync(site, _browser);
        Assert.Equal("ready", await Page.StartAsync());
        foreach (var path in Directory.GetFiles(Places.Vectors).Concat(Directory.GetFiles(Path.Combine(Places.Root, "docs", "spec"))).Append(Path.Combine(Places.Root, "Salus.slnx")))
            await Page.CallAsync("write", new { name = "/" + Path.GetRelativePath(Places.Root, path), text = await File.ReadAllTextAsync(path) });
    }

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();
}

/// <summary>
/// The tests of other projects (primitives, schemes, formats, every vector file) with their outcomes in Chromium, where WebCrypto and libsodium's WebAssembly stand in for OpenSSL
/// and libsodium: the sources are the same.
/// </summary>
public sealed class InBrowserTests(TestingWorker worker) : IClassFixture<TestingWorker>
{
    private static readonly string[] Folders = ["Crypto", "Protocol", "Client/Search/Segments", "Client/Sealing", "Health/Keywords"];

    [Theory]
    [InlineData("Salus.Crypto.Tests.Dispersal")]
    [InlineData("Salus.Crypto.Tests.Merkle")]
    [InlineData("Salus.Crypto.Tests.Oprf")]
    [InlineData("Salus.Crypto.Tests.Primitives")]
    [InlineData("Salus.Crypto.Tests.Reencryption")]
    [InlineData("Salus.Crypto.Tests.Sealing")]
    [InlineData("Salus.Crypto.Tests.Search")]
    [InlineData("Salus.Protocol.Tests")]
    [InlineData("Salus.Client.Tests.Sealing")]
    [InlineData("Salus.Client.Tests.Search.Segments")]
    [InlineData("Salus.Health.Tests.Keywords")]
    public async Task HaveTheSameOutcomesInChromium(string group)
    {
        var (passed, failures) = (0, new List<string>());
        foreach (var name in (await worker.Page.CallAsync("classes", new { })).EnumerateArray().Select(name => name.GetString()!).Where(name => name.StartsWith(group + ".", StringComparison.Ordinal)))
        {
            var outcome = await worker.Page.CallAsync("run", new { name });
            passed += outcome.GetProperty("passed").GetInt32();
            failures.AddRange(outcome.GetProperty("failures").EnumerateArray().Select(failure => failure.GetString()!));
        }
        Assert.Empty(failures);
        Assert.True(passed > 0, "There was nothing to run.");
    }

    [Fact]
    public void EveryVectorFileIsReadByThem()
    {
        var sources = Folders.SelectMany(folder => Directory.GetFiles(Path.Combine(Places.Root, "tests", folder), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText).ToArray();
        Assert.All(Directory.GetFiles(Places.Vectors, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)),
            name => Assert.Contains(sources, source => source.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }
}
