using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Salus.Protocol.Http;

namespace Salus.Hosting;

/// <summary>
/// Live: the process answers. Ready: every check that the server has registered (`builder.Services.AddHealthChecks().AddCheck…`) passes. The answer names the checks and
/// whether they pass, nothing else.
/// </summary>
internal static class Health
{
    public static void Map(WebApplication app)
    {
        app.MapHealthChecks(Paths.Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (context, _) => context.Response.WriteAsJsonAsync(new { status = "live" }) });
        app.MapHealthChecks(Paths.Ready, new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = context.Response.StatusCode == StatusCodes.Status200OK ? "ready" : "not ready",
                checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString().ToLowerInvariant()),
            }),
        });
    }
}
