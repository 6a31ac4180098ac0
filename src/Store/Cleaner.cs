namespace Salus.Store;

/// <summary>Once an hour: throws away uploads that nobody continues and forgets expired tickets and challenges.</summary>
internal sealed class Cleaner(FragmentFolder folder, UsedTickets tickets, Possessions possessions, StoreOptions options, TimeProvider time, ILogger<Cleaner> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    public async Task CleanAsync(CancellationToken cancel)
    {
        var collected = await folder.CollectAsync(TimeSpan.FromHours(options.IdleUploadHours), cancel);
        if (collected > 0)
            log.LogInformation("{Count} idle uploads were thrown away.", collected);
        tickets.DropExpired();
        possessions.Forget(time.GetUtcNow());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.LogError(error, "Cleaning up failed; the next attempt is in an hour.");
            }
    }
}
