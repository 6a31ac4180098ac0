using System.Globalization;
using Microsoft.AspNetCore.Http;
using Salus.Hosting;
using Salus.Protocol.Http;

namespace Salus.PageHost;

/// <summary>
/// Who may ask a server on loopback: the browser that was let in, from the page itself or from its address line. Every page that a browser shows can send requests to this machine, also under a
/// name of its own that it has pointed here (DNS rebinding), and every program of every user of the machine can.
/// </summary>
internal sealed class Gate(RequestDelegate next, Launch launch)
{
    private static readonly string[] Hosts = ["localhost", "127.0.0.1"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // 1. Under its own name.
        var port = context.Connection.LocalPort.ToString(CultureInfo.InvariantCulture);
        if (!Hosts.Any(host => request.Host.Value == $"{host}:{port}"))
            throw ProblemException.NotYours("This is not the name of this server.");
        // 2. What the viewer loads: its origin is opaque, so a browser counts it as another site.
        if (launch.IsViewing(request))
            return request.Headers.Origin is [] or ["null"] ? next(context) : throw Elsewhere();
        // 3. From its own page, or from the address line. Another port of this machine is the same site and another origin.
        if (request.Headers.Origin is not [] && request.Headers.Origin != $"{request.Scheme}://{request.Host.Value}")
            throw Elsewhere();
        if (request.Headers["Sec-Fetch-Site"] is not ([] or ["none"] or ["same-origin"]))
            throw Elsewhere();
        // 4. By the browser that was let in, or that brings what lets it in.
        if (launch.IsIn(request) || (request.Path == Paths.OpenPage && launch.IsInvited(request)))
            return next(context);
        throw ProblemException.NotYours("Open the page with the address that `salus open` has printed: it holds for one start, and this is another one, or none.");
    }

    private static ProblemException Elsewhere() => ProblemException.NotYours("This is asked by a page from elsewhere.");
}
