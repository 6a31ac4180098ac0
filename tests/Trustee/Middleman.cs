using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Salus.Testing;

namespace Salus.Trustee.Tests;

/// <summary>Stands between two trustees, keeps what passes, and changes it as the test says.</summary>
internal sealed class Middleman : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly List<(string Path, byte[] Body)> _seen = [];

    public Middleman()
    {
        Url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Url.ToString());
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    public Uri Url { get; }

    public Uri? To { get; set; }

    /// <summary>What goes on instead of a body; null to let it vanish with a success.</summary>
    public Func<string, byte[], byte[]?> Change { get; set; } = (_, body) => body;

    public IReadOnlyList<(string Path, byte[] Body)> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public async Task<Middleman> StartAsync()
    {
        await _app.StartAsync();
        return this;
    }

    /// <summary>Sends a body on as if the sender had.</summary>
    public async Task<int> SendAsync(string path, byte[] body)
    {
        using var response = await _http.PostAsync(new Uri(To!, path), new ByteArrayContent(body));
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path.Value!;
        lock (_seen)
            _seen.Add((path, body.ToArray()));
        context.Response.StatusCode = Change(path, body.ToArray()) is { } changed ? await SendAsync(path, changed) : (int)HttpStatusCode.NoContent;
    }
}
