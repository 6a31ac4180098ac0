using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using Salus.Testing;

namespace Salus.Bench.Browsing;

/// <summary>What one load of the page took: until the sign-in screen, which comes when the worker has answered `start`.</summary>
/// <param name="Milliseconds">On the clock, from the address to the screen.</param>
/// <param name="Transferred">Bytes over the network: bodies as they were sent and, as the browser counts them, 300 for each answer's headers.</param>
/// <param name="Uncompressed">What those bodies were when they were unpacked.</param>
/// <param name="Files">Answers that came over the network.</param>
internal sealed record Load(double Milliseconds, double Transferred, double Uncompressed, int Files);

/// <summary>A Chromium with a profile of its own on the disk, cold at first.</summary>
internal sealed class Loads : IAsyncDisposable
{
    private const string SignIn = "Create an account";
    private const int Patience = 180_000;

    // Answers that came from the cache have no transferSize.
    private const string Counted =
        """
        () => {
          const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(entry => entry.transferSize > 0)
          const sum = name => all.reduce((total, entry) => total + entry[name], 0)
          return JSON.stringify({ transferred: sum('transferSize'), uncompressed: sum('decodedBodySize'), files: all.length })
        }
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _browser;

    private Loads(IPlaywright playwright, IBrowserContext browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Loads> StartAsync(string profile)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchPersistentContextAsync(profile,
            new() { ExecutablePath = ChromiumProgram.Path, Args = ChromiumProgram.Flags, Locale = "en-US" });
        // The page has more files than a browser remembers by itself.
        await browser.AddInitScriptAsync("performance.setResourceTimingBufferSize(10000)");
        return new Loads(playwright, browser);
    }

    /// <summary>Loads the page in a new tab, and closes it.</summary>
    public async Task<Load> LoadAsync(string address)
    {
        var page = await _browser.NewPageAsync();
        var started = Stopwatch.GetTimestamp();
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit, Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = SignIn, Exact = true }).WaitForAsync(new() { Timeout = Patience });
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var counts = new List<Count> { Read(await page.EvaluateAsync<string>(Counted)) };
        foreach (var worker in page.Workers)
            counts.Add(Read(await worker.EvaluateAsync<string>(Counted)));
        await page.CloseAsync();
        return new Load(took, counts.Sum(count => count.Transferred), counts.Sum(count => count.Uncompressed), counts.Sum(count => count.Files));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static Count Read(string json) => JsonSerializer.Deserialize<Count>(json, JsonSerializerOptions.Web)!;

    private sealed record Count(double Transferred, double Uncompressed, int Files);
}
