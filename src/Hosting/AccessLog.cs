using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Salus.Hosting;

/// <summary>
/// One line for each request: method, route template, status, milliseconds. Never the path itself, for the address of a fragment is its capability, and never
/// who asked. The request's span says the same and no more.
/// </summary>
internal sealed class AccessLog(RequestDelegate next, TimeProvider time, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger("Salus.Access");

    public async Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var method = KnownMethod(context.Request.Method);
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-";
            var status = context.Response.StatusCode;
            _log.LogInformation("{Method} {Route} {Status} {Milliseconds:0.0} ms", method, route, status, time.GetElapsedTime(start).TotalMilliseconds);
            if (Activity.Current is { } span)
            {
                span.DisplayName = $"{method} {route}";
                span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", status);
            }
        }
    }

    private static string KnownMethod(string method) => method is "GET" or "HEAD" or "PUT" or "POST" or "DELETE" or "PATCH" or "OPTIONS" ? method : "OTHER";
}
