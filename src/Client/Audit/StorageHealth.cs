using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;

namespace Salus.Client.Audit;

/// <summary>
/// How the stores keep the account's records: asks them, and remembers on this device what the last audit has found. The one place for whoever shows it.
/// </summary>
public sealed class StorageHealth(Account account)
{
    /// <summary>What the last audit on this device has found; null before the first.</summary>
    public AuditReport? Last => account.State.Content.LastAudit;

    /// <summary>What the cloud was caught at when the last audit asked for the log's next checkpoint: it went on without the log. Null when nothing was wrong. It is kept already.</summary>
    public AlarmException? LogAlarm { get; private set; }

    /// <summary>Audits all own records, by the next checkpoint of the log.</summary>
    /// <param name="sequenceKey">For records whose sequence key the owner holds; null leaves them out, and says so.</param>
    public async Task<AuditReport> CheckAsync(AuditSettings settings, Func<SequenceKey>? sequenceKey, IProgress<TransferProgress>? progress, CancellationToken cancel)
    {
        var own = new OwnFragments(account);
        var targets = await own.TargetsAsync(sequenceKey, cancel);
        var seed = await SeedAsync(settings, cancel);
        var report = await new Auditing(account.Stores, settings).RunAsync(targets, seed, own.Skipped, progress, cancel);
        account.State.Content.LastAudit = report;
        await account.State.SaveAsync();
        return report;
    }

    private async Task<AuditSeed> SeedAsync(AuditSettings settings, CancellationToken cancel)
    {
        LogAlarm = null;
        try
        {
            return await AuditSeeds.NextAsync(account.Log, settings.Clock, cancel);
        }
        catch (AlarmException alarm)
        {
            await new AlarmLog(account).KeepAsync(LogAlarm = alarm, "audit");
            return AuditSeed.Random(settings.Clock);
        }
    }
}
