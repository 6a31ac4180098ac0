using Microsoft.Playwright;
using Salus.Testing;

namespace Salus.Browser.Tests.Worker;

/// <summary>Files of the worker are files: there after a flush whatever happens, whole or as they were, and many or large without filling the memory.</summary>
public sealed class WorkerFileTests(WorkerSite site) : IAsyncLifetime
{
    private const string Folder = "/salus/profiles/test";

    private IBrowserContext _browser = null!;
    private WorkerPage _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _browser = await site.OpenBrowserAsync();
        _worker = await WorkerPage.OpenAsync(site, _browser);
        Assert.Equal("ready", await _worker.StartAsync());
    }

    [Fact]
    public async Task WhatWasFlushedIsThereAfterReload()
    {
        await WriteAsync("a", "one");
        await _worker.ReloadAsync();
        Assert.Equal("one", await ReadAsync("a"));
    }

    [Fact]
    public async Task WhatWasFlushedIsThereAfterTheWorkerIsKilled()
    {
        await WriteAsync("a", "one");
        await _worker.CallAsync("writeUnflushed", new { name = $"{Folder}/a", text = "another, never flushed" });
        await _worker.CallAsync("writeUnflushed", new { name = $"{Folder}/b", text = "never flushed" });
        await WriteAsync("c", "three");
        await _worker.KillAsync();
        Assert.Equal("three", await ReadAsync("c"));
        // A file that was begun is empty, as it stood in the journal: never another's bytes.
        Assert.Equal("", await ReadAsync("a"));
        Assert.Equal("", await ReadAsync("b"));
    }

    [Fact]
    public async Task ARenameReplacesTheWholeFile()
    {
        await WriteAsync("state", "old");
        await WriteAsync("state.new", "new");
        await _worker.CallAsync("move", new { name = $"{Folder}/state.new", to = $"{Folder}/state" });
        await _worker.KillAsync();
        Assert.Equal("new", await ReadAsync("state"));
        Assert.Equal("no", await _worker.TextAsync("exists", new { name = $"{Folder}/state.new" }));
        await _worker.CallAsync("delete", new { name = $"{Folder}/state" });
        Assert.Equal("no", await _worker.TextAsync("exists", new { name = $"{Folder}/state" }));
    }

    [Fact]
    public async Task FoldersGoWithAllThatIsInThem()
    {
        await WriteAsync("outbox/1/a", "a");
        await WriteAsync("outbox/1/b", "b");
        await WriteAsync("outbox/2/a", "c");
        await _worker.CallAsync("delete", new { name = $"{Folder}/outbox/1" });
        await _worker.ReloadAsync();
        var left = (await _worker.CallAsync("list", new { name = Folder })).GetProperty("names").EnumerateArray().Select(name => name.GetString());
        Assert.Equal([$"{Folder}/outbox", $"{Folder}/outbox/2", $"{Folder}/outbox/2/a"], left);
    }

    [Fact]
    public async Task HundredsOfFilesAreWrittenInOneOperation()
    {
        var hashes = (await _worker.TextAsync("fill", new { name = $"{Folder}/many", size = 700_000, count = 300 }))!.Split(' ');
        await _worker.KillAsync();
        for (var i = 0; i < hashes.Length; i += 37)
            Assert.Equal(hashes[i], await _worker.TextAsync("hash", new { name = $"{Folder}/many/{i}" }));
        // Their space is used again: files that grow side by side take some in advance, and give it back.
        await _worker.CallAsync("delete", new { name = $"{Folder}/many" });
        await WriteAsync("after", "x");
        var again = (await _worker.TextAsync("fill", new { name = $"{Folder}/again", size = 700_000, count = 300 }))!.Split(' ');
        Assert.Equal(again[299], await _worker.TextAsync("hash", new { name = $"{Folder}/again/299" }));
        Assert.InRange(await KeptAsync(), 210_000_000, 430_000_000);
        await _worker.CallAsync("delete", new { name = $"{Folder}/again" });
        await WriteAsync("after", "y");
        Assert.InRange(await KeptAsync(), 0, 10_000_000);
    }

    [Theory]
    [InlineData("/salus/scatter")]
    [InlineData("/out/scatter")]
    public async Task AnyOrderOfWritesAndCutsGivesTheSameBytes(string path)
    {
        for (var i = 0; i < 5; i++)
            Assert.Equal("same", await _worker.TextAsync("scatter", new { name = path, count = 200 }));
    }

    [Fact]
    public async Task ASecondTabIsToldThatTheFilesAreInUse()
    {
        await WriteAsync("a", "one");
        var second = await WorkerPage.OpenAsync(site, _browser);
        Assert.NotEqual("ready", await second.StartAsync());
        await _worker.Page.CloseAsync();
        Assert.Equal("ready", await second.StartAsync());
        Assert.Equal("one", await second.TextAsync("read", new { name = $"{Folder}/a" }));
    }

    [Fact]
    public async Task AFileOfThePageIsReadPieceByPieceAndOneForItIsNeverWholeInMemory()
    {
        // 1 GiB each way: more than the heap may have.
        const int size = 1024;
        using var folder = new TemporaryFolder();
        var large = folder.File("large.bin");
        await using (var file = File.Create(large))
        {
            var piece = Enumerable.Range(0, 1024 * 1024).Select(i => unchecked((byte)(i * 7))).ToArray();
            for (var i = 0; i < size; i++)
                await file.WriteAsync(piece, TestContext.Current.CancellationToken);
        }
        var input = (await _worker.Page.EvaluateHandleAsync(
            "() => { const input = document.createElement('input'); input.type = 'file'; document.documentElement.append(input); return input }")).AsElement()!;
        await input.SetInputFilesAsync(large);
        await input.EvaluateAsync("input => { globalThis.large = input.files[0] }");
        var copied = await _worker.Page.EvaluateAsync<string>("() => call('copy', { name: { $file: 0, $name: 'large.bin' } }, [large])");
        Assert.Contains(((long)size * 1024 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture), copied, StringComparison.Ordinal);
        Assert.True(await _worker.Page.EvaluateAsync<bool>(
            """
            async () => {
              if (blob.size !== large.size) return false
              for (let at = 0; at < large.size; at += 64 * 1024 * 1024 - 5) {
                const [a, b] = (await Promise.all([large, blob].map(one => one.slice(at, at + 100000).arrayBuffer()))).map(bytes => new Uint8Array(bytes))
                if (a.some((byte, i) => byte !== b[i])) return false
              }
              return true
            }
            """));
        Assert.InRange(await HeapAsync(), 0, 256L * 1024 * 1024);
    }

    public async ValueTask DisposeAsync() => await _browser.DisposeAsync();

    private async Task WriteAsync(string name, string text) => await _worker.CallAsync("write", new { name = $"{Folder}/{name}", text });

    private Task<string?> ReadAsync(string name) => _worker.TextAsync("read", new { name = $"{Folder}/{name}" });

    /// <summary>Bytes of the heap that .NET has in the worker.</summary>
    private async Task<long> HeapAsync() => (await _worker.CallAsync("heap", new { name = "" })).GetProperty("size").GetInt64();

    /// <summary>Bytes that the browser keeps for the site.</summary>
    private Task<long> KeptAsync() => _worker.Page.EvaluateAsync<long>(
        """
        async () => {
          const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('salus')
          return (await (await folder.getFileHandle('data')).getFile()).size
        }
        """);
}
