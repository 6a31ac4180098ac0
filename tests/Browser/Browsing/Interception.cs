using Microsoft.Playwright;
using Salus.EndToEnd.Tests;

namespace Salus.Browser.Tests.Browsing;

/// <summary>Stands between somebody's browser and all servers at once: what hostile servers can do to the page. The page, its addresses and its keys are the true ones.</summary>
internal sealed class Interception
{
    /// <summary>What servers answer, beside the page.</summary>
    private static readonly string[] Served = ["/v1/", "/log/"];

    private static readonly string[] NotPassedOn = ["content-length", "content-encoding", "transfer-encoding", "connection", "date"];

    private readonly HashSet<string> _passed = [];

    private Interception()
    {
    }

    /// <summary>Answers without asking the server; false passes the request on.</summary>
    public Func<Uri, Exchange, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Changes what a server answered.</summary>
    public Func<Uri, Exchange, Task> Change { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Method and path of what went through, so that a test can tell that its attack took place.</summary>
    public IReadOnlyCollection<string> Passed
    {
        get
        {
            lock (_passed)
                return [.. _passed];
        }
    }

    public static async Task<Interception> OfAsync(Visitor visitor)
    {
        var between = new Interception();
        await visitor.Context.RouteAsync(url => Served.Any(path => new Uri(url).AbsolutePath.StartsWith(path, StringComparison.Ordinal)), between.AnswerAsync);
        return between;
    }

    /// <summary>Changes successful answers of one route: the path itself, or all below it when it ends in a slash.</summary>
    public void On(string path, Action<Exchange> change) => Change = (_, exchange) =>
    {
        var asked = exchange.Path.Split('?')[0];
        if (exchange.Status == 200 && (path.EndsWith('/') ? asked.StartsWith(path, StringComparison.Ordinal) : asked == path))
            change(exchange);
        return Task.CompletedTask;
    };

    public void Honest() => (Instead, Change) = ((_, _) => Task.FromResult(false), (_, _) => Task.CompletedTask);

    private async Task AnswerAsync(IRoute route)
    {
        var url = new Uri(route.Request.Url);
        var exchange = new Exchange(route.Request.Method, url.PathAndQuery, route.Request.PostDataBuffer ?? []);
        foreach (var (name, value) in await route.Request.AllHeadersAsync())
            exchange.RequestHeaders[name] = value;
        if (!await Instead(url, exchange))
            await ForwardAsync(route, exchange);
        await Change(url, exchange);
        lock (_passed)
            _passed.Add($"{exchange.Method} {url.AbsolutePath}");
        await route.FulfillAsync(new() { Status = exchange.Status, Headers = exchange.Headers, BodyBytes = exchange.Body });
    }

    private static async Task ForwardAsync(IRoute route, Exchange exchange)
    {
        var answer = await route.FetchAsync(new() { MaxRedirects = 0, Timeout = 0 });
        exchange.Status = answer.Status;
        foreach (var (name, value) in answer.Headers.Where(header => !NotPassedOn.Contains(header.Key)))
            exchange.Headers[name] = value;
        exchange.Body = await answer.BodyAsync();
    }
}
