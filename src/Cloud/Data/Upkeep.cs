using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Salus.Cloud.Accounts;
using Salus.Cloud.Catalogue;
using Salus.Cloud.Index;
using Salus.Cloud.Passkeys;
using Salus.Cloud.Requests;
using Salus.Cloud.Studies;
using Salus.Hosting;

namespace Salus.Cloud.Data;

/// <summary>Brings the schema up to date before the server listens; replicas that start together take turns.</summary>
internal static class SchemaUpgrade
{
    /// <summary>Any number that no other program on this database uses for an advisory lock: "salus cl" in ASCII.</summary>
    private const long Lock = 0x73616c757320636c;

    /// <summary>Another replica may be at it, and a large table takes its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CloudDatabase>();
        try
        {
            database.Database.SetCommandTimeout(Patience);
            await database.Database.OpenConnectionAsync(cancellation);
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Lock})", cancellation);
            await database.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellation); // else the first start logs that there is none
            await database.Database.MigrateAsync(cancellation);
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Lock})", cancellation);
        }
        catch (Exception error) when ((error as NpgsqlException ?? error.InnerException) is NpgsqlException cause) // EF Core wraps what may pass
        {
            throw new StartupException($"the database cannot be reached or brought up to date: {cause.Message}", error);
        }
        finally
        {
            await database.Database.CloseConnectionAsync();
        }
    }
}

/// <summary>Ready: the database answers and has this program's last migration.</summary>
internal sealed class DatabaseCheck(CloudDatabase database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var applied = (await database.Database.GetAppliedMigrationsAsync(cancellationToken)).ToHashSet();
        var isCurrent = database.Database.GetMigrations().All(applied.Contains);
        return isCurrent ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("A migration is missing.");
    }
}

/// <summary>
/// Removes codes, sessions, challenges, requests, claims and studies that have ended, and segments that are no part of an index. They end by the clock, not by this; every replica may run it.
/// </summary>
internal sealed class Collector(IServiceScopeFactory scopes, TimeProvider time, ILogger<Collector> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    public static async Task<int> CollectAsync(CloudDatabase database, DateTimeOffset now, CancellationToken cancellation)
    {
        var (codes, sessions) = (now - Codes.LimitPeriod, now - SessionTable.Idle);
        return await database.Codes.Where(row => row.CreatedAt < codes).ExecuteDeleteAsync(cancellation)
            + await database.Sessions.Where(row => row.ExpiresAt <= now || row.LastSeenAt <= sessions).ExecuteDeleteAsync(cancellation)
            + await database.SweepChallengesAsync(now, cancellation)
            + await database.SweepRequestsAsync(now, cancellation)
            + await database.SweepBodyClaimsAsync(now, cancellation)
            + await database.SweepSegmentsAsync(now, cancellation)
            + await database.SweepStudiesAsync(now, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await CollectAsync(scope.ServiceProvider.GetRequiredService<CloudDatabase>(), time.GetUtcNow(), stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or InvalidOperationException or DbUpdateException)
            {
                log.LogWarning(error, "What has ended could not be removed; the next round tries again.");
            }
        }
    }
}
