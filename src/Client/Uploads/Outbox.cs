using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Uploads;

/// <summary>
/// Sealed records on their way, each in a folder of its own: <c>plan.sealed</c> and one file for each fragment; and <c>ID.import</c>, the journal of an import whose records belong
/// together. A folder without a plan, or of an import without its journal, is a sealing that was cut short: it is removed, and the command, repeated, seals anew under fresh
/// content keys. Segments of the search index lie beside the plan of their record, or in <c>ID.segments</c> for an import. Whoever calls holds the <see cref="OutboxLock"/>.
/// </summary>
internal sealed class Outbox(Account account)
{
    private const string PlanFile = "plan.sealed";
    private const string JournalSuffix = ".import";
    private const string SegmentsSuffix = ".segments";

    public OutboxLock Lock() => OutboxLock.Take(account.Profile.Outbox);

    /// <summary>A fresh folder for a record's fragments.</summary>
    public void Stage(RecordId record) => DurableFile.CreateFolder(Folder(record.ToString()));

    public string FragmentPath(string record, int index) => Path.Combine(Folder(record), $"{index}.fragment");

    /// <summary>Where the segments of one record lie.</summary>
    public string SegmentsOf(RecordId record) => Folder(record.ToString());

    /// <summary>Where those of an import lie.</summary>
    public string SegmentsOf(string import) => Path.Combine(account.Profile.Outbox, import + SegmentsSuffix);

    /// <summary>From here on the upload survives a kill.</summary>
    public Task SaveAsync(UploadPlan plan) => WriteAsync(Path.Combine(Folder(plan.Record), PlanFile), plan, PlanJson.Default.UploadPlan, plan.Record);

    /// <summary>From here on the import survives a kill as a whole.</summary>
    public Task SaveAsync(ImportJournal journal) => WriteAsync(JournalPath(journal.Import), journal, PlanJson.Default.ImportJournal, journal.Import);

    /// <summary>Drops the staged fragments of a record that the catalogue has, but for those that a store has not taken.</summary>
    public void KeepOnly(UploadPlan plan, IReadOnlyCollection<int> fragments)
    {
        foreach (var fragment in plan.Fragments.Where(fragment => !fragments.Contains(fragment.Index)))
            File.Delete(FragmentPath(plan.Record, fragment.Index));
    }

    public void Remove(string record)
    {
        if (Directory.Exists(Folder(record)))
            Directory.Delete(Folder(record), recursive: true);
    }

    public void Remove(ImportJournal journal)
    {
        File.Delete(JournalPath(journal.Import));
        if (Directory.Exists(SegmentsOf(journal.Import)))
            Directory.Delete(SegmentsOf(journal.Import), recursive: true);
    }

    /// <summary>The imports that are sealed and not all stored.</summary>
    public async Task<IReadOnlyList<ImportJournal>> JournalsAsync()
    {
        var journals = new List<ImportJournal>();
        if (Directory.Exists(account.Profile.Outbox))
            foreach (var path in Directory.GetFiles(account.Profile.Outbox, "*" + JournalSuffix).Order(StringComparer.Ordinal))
                journals.Add(await ReadAsync(path, PlanJson.Default.ImportJournal, Path.GetFileNameWithoutExtension(path)));
        return journals;
    }

    /// <summary>All plans that are not through; leftovers are removed.</summary>
    public async Task<IReadOnlyList<UploadPlan>> PlansAsync()
    {
        var plans = new List<UploadPlan>();
        if (!Directory.Exists(account.Profile.Outbox))
            return plans;
        foreach (var folder in Directory.GetDirectories(account.Profile.Outbox).Order(StringComparer.Ordinal))
        {
            if (folder.EndsWith(SegmentsSuffix, StringComparison.Ordinal))
            {
                if (!File.Exists(JournalPath(Path.GetFileNameWithoutExtension(folder))))
                    Directory.Delete(folder, recursive: true);
                continue;
            }
            var path = Path.Combine(folder, PlanFile);
            var plan = File.Exists(path) ? await ReadAsync(path, PlanJson.Default.UploadPlan, Path.GetFileName(folder)) : null;
            if (plan is null || (plan.Import is { } import && !File.Exists(JournalPath(import))))
                Directory.Delete(folder, recursive: true);
            else
                plans.Add(plan);
        }
        return plans;
    }

    private string Folder(string record) => Path.Combine(account.Profile.Outbox, record);

    private string JournalPath(string import) => Path.Combine(account.Profile.Outbox, import + JournalSuffix);

    private async Task WriteAsync<T>(string path, T value, JsonTypeInfo<T> type, string name)
    {
        using var plain = Secret.CopyOf(JsonSerializer.SerializeToUtf8Bytes(value, type));
        DurableFile.Write(path, await SealedBlob.SealAsync(account.Keys.Local, Domains.UploadPlan, plain, Binding(name)));
    }

    private async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, string name) where T : class
    {
        using var opened = await SealedBlob.OpenSecretAsync(account.Keys.Local, Domains.UploadPlan, await File.ReadAllBytesAsync(path), Binding(name));
        return (opened is null ? null : PlanJson.Parse(opened.Bytes, type))
            ?? throw new AlarmException(AlarmKind.Integrity, $"{path} is damaged. Move it away and put the file again; nothing of it is visible in the catalogue.");
    }

    private byte[] Binding(string name) => [.. account.Id.ToBytes(), .. System.Text.Encoding.ASCII.GetBytes(name)];
}
