using System.Net;

namespace Salus.Cli.Tests;

/// <summary>Hands out what another server does, with one byte of one file changed.</summary>
internal sealed class ForeignHost : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new();
    private readonly Uri _original;
    private readonly string _changed;
    private Task _serving = Task.CompletedTask;

    private ForeignHost(Uri original, string changed, string address)
    {
        (_original, _changed, Address) = (original, changed, address);
        _listener.Prefixes.Add(address);
    }

    public string Address { get; }

    public static Task<ForeignHost> StartAsync(Uri original, string changed)
    {
        var host = new ForeignHost(original, changed, $"http://localhost:{Salus.Testing.FreePort.Next()}/");
        host._listener.Start();
        host._serving = host.ServeAsync();
        return Task.FromResult(host);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var path = context.Request.Url!.AbsolutePath;
                using var answer = await _http.GetAsync(new Uri(_original, path));
                var content = await answer.Content.ReadAsByteArrayAsync();
                if (path == "/" + _changed)
                    content[^1] ^= 1;
                context.Response.StatusCode = (int)answer.StatusCode;
                await context.Response.OutputStream.WriteAsync(content);
                context.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // Closed by the test.
        }
    }
}
