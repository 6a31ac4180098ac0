using Microsoft.Playwright;
using Salus.Browser.Tests.Browsing;
using Salus.Testing;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Salus.Browser.Tests.Browsing;

/// <summary>One Chromium for all tests, started when the first of them asks for it. Every person has a context of their own in it: a browser that shares nothing with the others.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        await _starting.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = ChromiumProgram.Path, Args = ChromiumProgram.Flags });
        }
        finally
        {
            _starting.Release();
        }
        return await _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }
}
