using Microsoft.Playwright;
using Salus.Testing;

namespace Salus.Browser.Tests.Worker;

/// <summary>
/// The tests of other projects (primitives, schemes, formats, every vector file) with their outcomes in Chromium, where WebCrypto and libsodium's WebAssembly stand in for OpenSSL
/// and libsodium: the sources are the same.
/// </summary>
public sealed class InBrowserTests(WorkerSite site) : IAsyncLifetime
{
    private static readonly string[] Folders = ["Crypto", "Protocol", "Client/Search/Segments", "Client/Sealing", "Health/Keywords"];

    private IBrowserContext _browser = null!;
    private WorkerPage _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _browser = await site.OpenBrowserAsync();
        _worker = await WorkerPage.OpenAsync(site, _browser);
        Assert.Equal("ready", await _worker.StartAsync());
        // What the tests read: the checkout's vectors, and the documents that show them.
        foreach (var path in Directory.GetFiles(Places.Vectors).Concat(Directory.GetFiles(Path.Combine(Places.Root, "docs", "spec"))).Append(Path.Combine(Places.Root, "Salus.slnx")))
            await _worker.CallAsync("write", new { name = "/" + Path.GetRelativePath(Places.Root, path), text = await File.ReadAllTextAsync(path) });
    }

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
        foreach (var name in (await _worker.CallAsync("classes", new { })).EnumerateArray().Select(name => name.GetString()!).Where(name => name.StartsWith(group + ".", StringComparison.Ordinal)))
        {
            var outcome = await _worker.CallAsync("run", new { name });
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

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();
}
