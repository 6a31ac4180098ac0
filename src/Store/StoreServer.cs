using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Salus.Hosting;

namespace Salus.Store;

/// <summary>A store: keeps fragments of encrypted records and knows nothing else about them.</summary>
public static class StoreServer
{
    public static SalusServer<StoreOptions> Definition { get; } = new()
    {
        Name = "Salus.Store",
        Configure = (builder, options, _) =>
        {
            var services = builder.Services;
            services.AddSingleton(provider => new FragmentFolder(options.Data, options.QuotaBytes, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<LeafProofs>();
            services.AddSingleton(provider => new UsedTickets(Path.Combine(options.Data, "tickets"), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>();
            services.AddSingleton<Possessions>();
            services.AddSingleton<Cleaner>();
            services.AddHostedService(provider => provider.GetRequiredService<Cleaner>());
            services.AddSingleton(provider => Measure(provider.GetRequiredService<FragmentFolder>()));
            services.AddHealthChecks().Add(new HealthCheckRegistration("disk", provider => new DiskCheck(provider.GetRequiredService<FragmentFolder>()), null, null));
        },
        Map = app =>
        {
            Endpoints.Map(app);
            PossessionEndpoints.Map(app);
        },
        Prepare = async (services, cancel) =>
        {
            services.GetRequiredService<FragmentFolder>().Recover();
            await services.GetRequiredService<Cleaner>().CleanAsync(cancel);
            _ = services.GetRequiredService<Meter>();
        },
    };

    private static Meter Measure(FragmentFolder folder)
    {
        var meter = new Meter("Salus.Store");
        meter.CreateObservableGauge("salus.store.used", () => folder.Quota.Used, "By", "Bytes of fragments, complete and on their way.");
        meter.CreateObservableGauge("salus.store.quota", () => folder.Quota.Limit, "By", "Bytes that the store may keep.");
        return meter;
    }

    private sealed class DiskCheck(FragmentFolder folder) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(folder.CanWrite() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
    }
}
