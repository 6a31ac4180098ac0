using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Client.Uploads;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Readings;

namespace Salus.Client.Readings;

/// <summary>What came of sending.</summary>
/// <param name="Missing">For each trustee that has not taken everything, why.</param>
/// <param name="IsStored">Whether two trustees have everything.</param>
internal sealed record SendOutcome(IReadOnlyDictionary<string, string> Missing, bool IsStored);

/// <summary>
/// Brings the queue to the three trustees, to each what it lacks and in its order. One that is away gets its part with the next command. A receipt is remembered: a trustee that
/// later shows less than it has acknowledged is caught.
/// </summary>
internal sealed class ReadingSender(Account account, ReadingQueue queue)
{
    /// <summary>How long one ticket of the cloud is used; it is good for a day.</summary>
    private static readonly TimeSpan TicketUse = TimeSpan.FromHours(12);

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private const int Attempts = 5;

    private readonly VerifyingKey[] _order = ReadingBatch.InOrder(account.Trustees.Select(trustee => trustee.Key));
    private byte[]? _ticket;
    private DateTimeOffset _ticketSince;

    public async Task<SendOutcome> RunAsync(IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var first = account.Trustees.Min(trustee => queue.FirstFor(trustee.Key));
        if (first == queue.State.Next)
            return new SendOutcome(new Dictionary<string, string>(), true);
        var missing = new Dictionary<string, string>();
        byte[] ticket;
        try
        {
            ticket = await TicketAsync(cancel);
        }
        catch (Exception failure) when (failure is UnreachableException or RefusedException { Code: not Problems.NoSession })
        {
            return new SendOutcome(account.Trustees.ToDictionary(trustee => trustee.Name, _ => failure.Message), false);
        }
        var (done, total) = (0L, account.Trustees.Sum(trustee => queue.State.Next - queue.FirstFor(trustee.Key)));
        await Task.WhenAll(account.Trustees.Select(async trustee =>
        {
            try
            {
                for (var number = queue.FirstFor(trustee.Key); number < queue.State.Next; number++)
                {
                    var upload = await queue.ReadAsync(number);
                    await SendAsync(trustee, upload, ticket, cancel);
                    queue.Acknowledge(trustee.Key, upload);
                    progress?.Report(new TransferProgress("storing", null, Interlocked.Increment(ref done), total));
                }
            }
            catch (Exception failure) when (failure is UnreachableException or RefusedException or AlarmException)
            {
                lock (missing)
                    missing[trustee.Name] = failure.Message;
            }
        }));
        await queue.SettleAsync();
        return new SendOutcome(missing, account.Trustees.Count - missing.Count >= 2);
    }

    private async Task SendAsync(TrusteeApi trustee, QueuedUpload upload, byte[] ticket, CancellationToken cancel)
    {
        var party = Array.FindIndex(_order, key => key.Equals(trustee.Key));
        var items = upload.Items.Select(item => new ReadingItem(item.Kind, item.Signed, item.Times, item.Parcel(party))).ToArray();
        for (var attempt = 1; ; attempt++)
            try
            {
                await trustee.AddReadingsAsync(await ReadingUpload.CreateAsync(account.Keys.Identity, trustee.Key, trustee.Box, account.Now, ticket, items), cancel);
                return;
            }
            catch (RefusedException refused) when (refused.Code == Problems.TooMany && attempt < Attempts && (refused.RetryAfter ?? MaxWait) <= MaxWait)
            {
                await Task.Delay(refused.RetryAfter ?? TimeSpan.FromSeconds(1), account.Clock, cancel);
            }
    }

    private async Task<byte[]> TicketAsync(CancellationToken cancel)
    {
        if (_ticket is null || account.Now - _ticketSince > TicketUse)
            (_ticket, _ticketSince) = (await account.Cloud.HardeningTicketAsync(cancel), account.Now);
        return _ticket;
    }
}
