using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Salus.EndToEnd.Tests;

/// <summary>One request on its way through a <see cref="Middleman"/>, and the answer, which may be changed.</summary>
internal sealed class Exchange(string method, string path, byte[] request)
{
    public string Method => method;

    /// <summary>Path and query; another one asks the server for something else.</summary>
    public string Path { get; set; } = path;

    public byte[] Request => request;

    public Dictionary<string, string> RequestHeaders { get; } = new(StringComparer.OrdinalIgnoreCase);

    public int Status { get; set; } = StatusCodes.Status200OK;

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public byte[] Body { get; set; } = [];

    /// <summary>Breaks the connection off in place of an answer.</summary>
    public bool IsLost { get; set; }

    /// <summary>Sends the headers and one byte of the answer, and nothing more until the client has gone.</summary>
    public bool Stalls { get; set; }
}

/// <summary>
/// A server between a client and one of the real servers: records all that passes, and changes or makes up answers. What a hostile server, or whoever took over its address, can do.
/// </summary>
internal sealed class Middleman : IAsyncDisposable
{
    private static readonly string[] NotPassedOn = ["Host", "Transfer-Encoding", "Content-Length", "Connection", "Date", "Server", "Keep-Alive"];

    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
    private readonly Uri _server;

    private Middleman(WebApplication app, Uri server) => (_app, _server) = (app, server);

    public Uri Url { get; private set; } = null!;

    /// <summary>Answers without asking the server; false passes the request on.</summary>
    public Func<Exchange, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>Changes what the server answered.</summary>
    public Func<Exchange, Task> Change { get; set; } = _ => Task.CompletedTask;

    /// <summary>All that has passed.</summary>
    public List<Exchange> Passed { get; } = [];

    public static async Task<Middleman> BeforeAsync(Uri server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var made = new Middleman(app, server);
        app.Run(made.AnswerAsync);
        await app.StartAsync();
        made.Url = new Uri(app.Urls.Single());
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var exchange = new Exchange(context.Request.Method, context.Request.Path + context.Request.QueryString, body.ToArray());
        foreach (var (name, value) in context.Request.Headers)
            exchange.RequestHeaders[name] = value.ToString();
        if (!await Instead(exchange))
            await ForwardAsync(exchange);
        await Change(exchange);
        lock (Passed)
            Passed.Add(exchange);
        if (exchange.IsLost)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = exchange.Status;
        foreach (var (name, value) in exchange.Headers)
            context.Response.Headers[name] = new StringValues(value);
        if (exchange.Method == HttpMethods.Head || exchange.Status == StatusCodes.Status204NoContent)
            return;
        if (exchange.Stalls)
        {
            await context.Response.Body.WriteAsync(new byte[1]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }
        context.Response.ContentLength = exchange.Body.Length;
        await context.Response.Body.WriteAsync(exchange.Body);
    }

    private async Task ForwardAsync(Exchange exchange)
    {
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), new Uri(_server, exchange.Path));
        if (exchange.Request.Length > 0)
            request.Content = new ByteArrayContent(exchange.Request);
        foreach (var (name, value) in exchange.RequestHeaders.Where(header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _http.SendAsync(request);
        exchange.Status = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            exchange.Headers[name] = string.Join(", ", values);
        // What there is to be had says its length, and nothing else does.
        if (exchange.Method == HttpMethods.Head && answer.Content.Headers.ContentLength is { } length)
            exchange.Headers["Content-Length"] = length.ToString(CultureInfo.InvariantCulture);
        exchange.Body = await answer.Content.ReadAsByteArrayAsync();
    }
}
