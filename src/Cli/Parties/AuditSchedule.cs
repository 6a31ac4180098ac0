using System.Text.Json;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Protocol.Http;

namespace Salus.Cli.Parties;

/// <summary>
/// Audits the lists in DATA/audit/lists while `up` runs, each at its interval, and keeps what was found beside them for `status`. A list says nothing of its owner, and auditing needs no key.
/// </summary>
internal sealed class AuditSchedule(DataFolder data, PartyDirectory parties, TimeSpan interval)
{
    /// <summary>Unless `up` is told otherwise.</summary>
    public static readonly TimeSpan Daily = TimeSpan.FromHours(24);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    // A disk that takes no result is not asked to every few seconds.
    private static readonly TimeSpan Recovering = TimeSpan.FromMinutes(10);

    /// <summary>Where a list is to be put.</summary>
    public static string Place(DataFolder data, string name)
    {
        DataFolder.MakePrivate(data.Audit);
        DataFolder.MakePrivate(data.AuditLists);
        return Path.Combine(data.AuditLists, name);
    }

    /// <summary>Takes deleted fragments out of an account's list, if it has left one: `up` would report them missing.</summary>
    public static void Forget(DataFolder data, string name, IEnumerable<string> addresses)
    {
        var path = Path.Combine(data.AuditLists, name);
        try
        {
            if (File.Exists(path))
                AuditList.Read(path).Without(addresses).Write(path);
        }
        catch (CannotException damaged)
        {
            Terminal.Say(damaged.Message);
        }
    }

    /// <summary>The lists, and what their last audits have found.</summary>
    public static IReadOnlyList<ScheduledAuditDocument> Read(DataFolder data) => [.. Lists(data).Select(list => Result(data, list) ?? new ScheduledAuditDocument(Name(list), null, null))];

    /// <summary>Until it is stopped. Nothing that goes wrong here ends `up`.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (; ; await Task.Delay(Look, stop))
                foreach (var list in Lists(data))
                    if (IsDue(list))
                        await AuditAsync(list, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // `up` ends.
        }
    }

    private async Task AuditAsync(string path, CancellationToken stop)
    {
        ScheduledAuditDocument result;
        try
        {
            var report = await ListAudit.RunAsync(AuditList.Read(path), parties, new AuditSettings(), null, stop);
            result = new ScheduledAuditDocument(Name(path), AuditDocument.Of(report), null);
            if (report.State != StoreState.Good)
                Terminal.Say($"audit of {Name(path)}: {AuditText.Summary(result.Last!)}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            result = new ScheduledAuditDocument(Name(path), null, failure.Message);
            Terminal.Say($"audit of {Name(path)}: {failure.Message}");
        }
        try
        {
            DataFolder.WritePrivate(ResultOf(data, path), JsonSerializer.Serialize(result, CliJson.Default.ScheduledAuditDocument));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"audit of {Name(path)}: its result could not be written down ({failure.Message})");
            await Task.Delay(Recovering, stop);
        }
    }

    /// <summary>By the time of its last result; a list that was written since is new.</summary>
    private bool IsDue(string list)
    {
        var result = new FileInfo(ResultOf(data, list));
        return !result.Exists || TimeProvider.System.GetUtcNow().UtcDateTime - result.LastWriteTimeUtc >= interval || File.GetLastWriteTimeUtc(list) > result.LastWriteTimeUtc;
    }

    private static ScheduledAuditDocument? Result(DataFolder data, string list)
    {
        try
        {
            return File.Exists(ResultOf(data, list)) ? JsonSerializer.Deserialize(File.ReadAllBytes(ResultOf(data, list)), CliJson.Default.ScheduledAuditDocument) : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return new ScheduledAuditDocument(Name(list), null, failure.Message);
        }
    }

    private static string[] Lists(DataFolder data) => Directory.Exists(data.AuditLists) ? [.. Directory.GetFiles(data.AuditLists, "*.json").Order(StringComparer.Ordinal)] : [];

    private static string Name(string list) => Path.GetFileNameWithoutExtension(list);

    private static string ResultOf(DataFolder data, string list) => Path.Combine(data.Audit, Name(list) + ".result.json");
}
