using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Salus.Crypto.Statistics.Noise;
using Salus.Hosting;
using Salus.Protocol.Http;
using Salus.Trustee.Hardening;
using Salus.Trustee.Peers;
using Salus.Trustee.Readings;
using Salus.Trustee.Reencryption;
using Salus.Trustee.Release;
using Salus.Trustee.Statistics;
using Salus.Trustee.Tokens;
using Salus.Trustee.Witness;

namespace Salus.Trustee;

/// <summary>The trustee as an executable, and as a server inside another process for tests and for `up`.</summary>
public static class TrusteeServer
{
    public static SalusServer<TrusteeOptions> Create() => Create(TimeProvider.System);

    internal static SalusServer<TrusteeOptions> Create(TimeProvider time) => Create(time, NoiseInput.AddAsync, CohortThreshold.Usual);

    internal static SalusServer<TrusteeOptions> Create(TimeProvider time, NoiseAdder noise, CohortThreshold threshold) => new()
    {
        Name = "Salus.Trustee",
        Configure = (builder, options, identity) =>
        {
            builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None); // what fails throws as well, and its messages may quote rows
            builder.Services.AddSingleton(time);
            builder.Services.AddDbContext<TrusteeDatabase>(database => TrusteeDatabase.Configure(database, options.Database));
            builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database");
            builder.Services.AddReencryption(options, identity);
            builder.Services.AddHardening();
            builder.Services.AddPeers();
            builder.Services.AddReadings(identity);
            builder.Services.AddTokens();
            builder.Services.AddWitness(options, identity);
            builder.Services.AddStatistics(identity, noise, threshold);
        },
        Map = app =>
        {
            app.MapGet(Paths.Identity, (TrusteeOptions options, ServerIdentity identity) => TypedResults.Ok(new Identity(options.Name, identity)))
                .WithSummary("Who this trustee is; clients pin the keys.");
            app.MapReencryption();
            app.MapRelease();
            app.MapHardening();
            app.MapPeers();
            app.MapReadings();
            app.MapTokens();
            if (app.Services.GetRequiredService<TrusteeOptions>().Log is not null)
                app.MapWitness();
            app.MapStatistics();
        },
        Prepare = MigrateAsync,
    };

    private static async Task MigrateAsync(IServiceProvider services, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<TrusteeDatabase>().Database.MigrateAsync(cancel);
        }
        catch (NpgsqlException failure)
        {
            throw new StartupException($"the database cannot be used: {(failure as PostgresException)?.MessageText ?? failure.Message}", failure);
        }
    }

    private sealed class DatabaseCheck(TrusteeDatabase database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await database.Database.CanConnectAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }

    /// <summary>GET /v1/identity: keys in hexadecimal.</summary>
    private sealed record Identity(string Name, string Key, string Box)
    {
        public Identity(string name, ServerIdentity identity) : this(name, identity.Key.ToString(), identity.Unboxing.PublicKey.ToString())
        {
        }
    }
}
