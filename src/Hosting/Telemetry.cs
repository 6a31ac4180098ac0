using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Salus.Hosting;

/// <summary>
/// OpenTelemetry, exported over OTLP when OTEL_EXPORTER_OTLP_ENDPOINT says where to; otherwise nothing is collected. Servers name their sources and meters `Salus.…`.
/// ASP.NET Core would put paths into spans; that stays off, and <see cref="AccessLog"/> writes the route template instead.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    private readonly List<IDisposable> _providers = [];

    static Telemetry() => AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", true);

    public Telemetry(string name)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")))
            return;
        var resource = ResourceBuilder.CreateEmpty().AddService(name).AddEnvironmentVariableDetector();
        _providers.Add(Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Microsoft.AspNetCore", "Salus.*").AddOtlpExporter().Build());
        _providers.Add(Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime", "Npgsql", "Salus.*")
            .AddOtlpExporter()
            .Build());
    }

    public void Dispose()
    {
        foreach (var provider in _providers)
            provider.Dispose();
    }
}
