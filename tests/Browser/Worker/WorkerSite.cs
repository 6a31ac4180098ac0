using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Salus.Browser.Tests.Worker;
using Salus.Testing;

[assembly: AssemblyFixture(typeof(WorkerSite))]

namespace Salus.Browser.Tests.Worker;

/// <summary>
/// The page's own worker, as it is published, with other assemblies in it: those of Salus.InBrowser. An empty page under a policy as strict as the real one starts it, in a Chromium
/// with a profile of its own, since private windows keep files in another way.
/// </summary>
public sealed class WorkerSite : IAsyncLifetime
{
    private const string Policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types salus";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TemporaryFolder _profiles = new();
    private WebApplication? _server;
    private IPlaywright? _playwright;
    private int _browsers;

    /// <summary>The address of the worker's script, and of everything else at this site.</summary>
    public string Address => _server!.Urls.First() + "/";

    internal string WorkerScript { get; } = "assets/" + Path.GetFileName(WorkerFile);

    private static string WorkerFile => Directory.GetFiles(Path.Combine(Places.Root, "artifacts", "publish", "Page", "assets"), "worker-*.js").Single();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A browser whose files outlive its pages.</summary>
    internal async Task<IBrowserContext> OpenBrowserAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _server ??= await ServeAsync();
            _playwright ??= await Playwright.CreateAsync();
            return await _playwright.Chromium.LaunchPersistentContextAsync(_profiles.File($"{_browsers++}"), new() { ExecutablePath = ChromiumProgram.Path, Args = ChromiumProgram.Flags });
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _playwright?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _starting.Dispose();
        _profiles.Dispose();
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        });
        var core = Path.Combine(Places.Root, "artifacts", "in-browser");
        // The core's folder has its hash in its name, which the worker has from its build.
        app.MapGet("/core/{**path}", (string path) => Send(Path.Combine(core, Path.GetFileName(path))));
        app.MapGet("/assets/{name}", (string name) => Send(Path.Combine(Path.GetDirectoryName(WorkerFile)!, Path.GetFileName(name))));
        app.MapGet("/", () => Results.Content("<!doctype html><title>worker</title>", "text/html"));
        await app.StartAsync();
        return app;
    }

    private static IResult Send(string path) => File.Exists(path)
        ? Results.File(path, Path.GetExtension(path) switch
        {
            ".js" => "text/javascript",
            ".json" => "application/json",
            ".wasm" => "application/wasm",
            _ => "application/octet-stream",
        })
        : Results.NotFound();
}
