using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Salus.Browser.Tests.Hostile;

/// <summary>Somebody else's server: writes down who comes by, and lets everybody read its answers.</summary>
internal sealed class Canary : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Canary(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>What was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public static async Task<Canary> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var made = new Canary(builder.Build());
        made._app.Run(context =>
        {
            made.Asked.Enqueue(context.Request.Path + context.Request.QueryString);
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return context.Response.WriteAsync("globalThis.ran = true");
        });
        await made._app.StartAsync();
        made.Url = new Uri(made._app.Urls.Single());
        return made;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
