using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Cloud.Data;

namespace Salus.Cloud.Mail;

/// <summary>
/// Sends letters in the background, so that no answer's timing tells whether a letter was sent or which. Bounded; a letter that cannot be sent is
/// tried again until it has expired. What is in here when the process ends is lost: a code is asked for again, an approval sent again.
/// </summary>
internal sealed class Outbox(IServiceScopeFactory scopes, IMailer mailer, TimeProvider time, ILogger<Outbox> log) : BackgroundService
{
    private const int Capacity = 4096;
    private const int Senders = 4;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Channel<PendingLetter> _letters = Channel.CreateBounded<PendingLetter>(Capacity);

    public bool HasRoom => _letters.Reader.Count < Capacity;

    public void Post(PendingLetter letter)
    {
        if (!_letters.Writer.TryWrite(letter))
            log.LogError("The outbox is full: a letter was dropped.");
    }

    /// <summary>Sends what is waiting, as far as that goes quickly: by now no more requests come in.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _letters.Writer.TryComplete();
        try
        {
            await (ExecuteTask ?? Task.CompletedTask).WaitAsync(DrainTime, time, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            log.LogWarning("{Count} letters were not sent before the end.", _letters.Reader.Count);
        }
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAllAsync(stoppingToken)));

    private async Task SendAllAsync(CancellationToken stopping)
    {
        await foreach (var letter in _letters.Reader.ReadAllAsync(stopping))
            await SendAsync(letter, stopping);
    }

    private async Task SendAsync(PendingLetter letter, CancellationToken stopping)
    {
        for (var pause = FirstPause; ; pause = pause * 4 < LongestPause ? pause * 4 : LongestPause)
        {
            try
            {
                await mailer.SendAsync(letter.Write(await HasAccountAsync(letter.To, stopping)), stopping);
                return;
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                // Whatever a mail server or the database answered: one letter must not end the loop for all the others.
                if (time.GetUtcNow() + pause >= letter.Expires)
                {
                    log.LogError(error, "A letter could not be sent in time and was dropped.");
                    return;
                }
                log.LogWarning(error, "A letter could not be sent; trying again in {Seconds} s.", pause.TotalSeconds);
            }
            await Task.Delay(pause, time, stopping);
        }
    }

    private async Task<bool> HasAccountAsync(MailAddress mail, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CloudDatabase>();
        return await database.Accounts.AnyAsync(row => row.Mail == mail.Value, cancellation);
    }
}
