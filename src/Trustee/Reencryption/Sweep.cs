using Microsoft.EntityFrameworkCore;
using Salus.Trustee.Hardening;
using Salus.Trustee.Release;
using Salus.Trustee.Statistics;
using Salus.Trustee.Tokens;

namespace Salus.Trustee.Reencryption;

/// <summary>
/// Deletes the keys of grants that have expired or were not claimed in time, counts of hours gone by, tokens of studies that
/// have ended, and nonces and followed accesses whose requests are out of tolerance. The journal and the
/// tombstones stay.
/// </summary>
internal sealed partial class Sweep(IServiceScopeFactory scopes, TimeProvider time, ILogger<Sweep> log) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>What has ended by the clock, deleted.</summary>
    public static async Task RunAsync(TrusteeDatabase database, DateTimeOffset now, CancellationToken cancel)
    {
        await database.KFrags.Where(row => row.Until <= now).ExecuteDeleteAsync(cancel);
        await database.SweepLocksAsync(now, cancel);
        await database.SweepTurnsAsync(now, cancel);
        await database.SweepTokensAsync(now, cancel);
        await database.SweepRowsAsync(now, cancel);
        await database.Nonces.Where(row => row.KeepUntil <= now).ExecuteDeleteAsync(cancel);
        await database.SeenAccesses.Where(row => row.KeepUntil < now).ExecuteDeleteAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await RunAsync(scope.ServiceProvider.GetRequiredService<TrusteeDatabase>(), time.GetUtcNow(), stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailure(failure.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep failed and will be repeated: {Reason}")]
    private partial void LogFailure(string reason);
}
