using System.Text.Json;
using Salus.Client;
using Salus.Client.Audit;

namespace Salus.Cli.Parties;

/// <summary>What the last audit of a list has found.</summary>
/// <param name="Made">When the list was written that was audited.</param>
internal sealed record ScheduledResult(DateTimeOffset Made, AuditDocument? Last, string? Failure);

/// <summary>A list that `up` audits, its last result, and whether its account knows that it is behind its records: DATA/audit/lists/NAME.json, DATA/audit/NAME.result.json and NAME.behind.</summary>
internal sealed class ScheduledList(DataFolder data, string file)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(file);

    public string Path => System.IO.Path.Combine(data.AuditLists, file);

    public bool Exists => File.Exists(Path);

    /// <summary>When it was written.</summary>
    public DateTimeOffset Made => new(File.GetLastWriteTimeUtc(Path));

    public bool IsBehind
    {
        get => File.Exists(Behind);
        set
        {
            if (value)
                DataFolder.WritePrivate(Behind, "");
            else
                File.Delete(Behind);
        }
    }

    private string Behind => System.IO.Path.Combine(data.Audit, Name + ".behind");

    private string ResultPath => System.IO.Path.Combine(data.Audit, Name + ".result.json");

    public static IReadOnlyList<ScheduledList> All(DataFolder data) => Directory.Exists(data.AuditLists)
        ? [.. Directory.GetFiles(data.AuditLists, "*.json").Order(StringComparer.Ordinal).Select(path => new ScheduledList(data, System.IO.Path.GetFileName(path)))] : [];

    /// <exception cref="CannotException">It is damaged.</exception>
    public AuditList Read() => AuditList.Read(Path);

    /// <summary>Puts a list in the place of the one before, if there was one: it is audited as a new one.</summary>
    public void Place(AuditList list)
    {
        DataFolder.MakePrivate(data.Audit);
        DataFolder.MakePrivate(data.AuditLists);
        list.Write(Path);
        File.Delete(ResultPath);
    }

    /// <summary>Takes deleted fragments out: `up` would miss them.</summary>
    public void Forget(IEnumerable<string> addresses)
    {
        try
        {
            if (Exists)
                Read().Without(addresses).Write(Path);
        }
        catch (CannotException damaged)
        {
            Terminal.Say(damaged.Message);
        }
    }

    /// <summary>Null before the first audit.</summary>
    public ScheduledResult? Result()
    {
        try
        {
            return File.Exists(ResultPath) ? JsonSerializer.Deserialize(File.ReadAllBytes(ResultPath), CliJson.Default.ScheduledResult) : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return new ScheduledResult(default, null, failure.Message);
        }
    }

    public void Write(ScheduledResult result) => DataFolder.WritePrivate(ResultPath, JsonSerializer.Serialize(result, CliJson.Default.ScheduledResult));

    /// <summary>By the time of its last result. One that was written since is audited again at once when something was wrong with the other: that may be what has been mended.</summary>
    public bool IsDue(TimeSpan interval) => Result() is not { } result || TimeProvider.System.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(ResultPath) >= interval
        || (result.Made != Made && result.Last?.State != AuditDocument.Name(StoreState.Good));

    public ScheduledAuditDocument Describe()
    {
        var result = Result();
        return new ScheduledAuditDocument(Name, Made, IsBehind, StateOf(result), result?.Last, result?.Failure);
    }

    /// <summary>Who lacks fragments, and does nothing worse, is accused by their owner's audit alone: they may have been deleted since the list was made.</summary>
    private static string StateOf(ScheduledResult? result) => result switch
    {
        null => "due",
        { Last: null } => "failed",
        { Last: { } last } => last.State == AuditDocument.Name(StoreState.Failing) && last.Stores.All(store => store.State != last.State || AuditText.IsOnlyMissing(store)) ? "missing" : last.State,
    };
}
