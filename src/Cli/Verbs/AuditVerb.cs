using System.CommandLine;
using Salus.Cli.Parties;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Crypto.Dispersal;

namespace Salus.Cli.Verbs;

/// <summary>`audit`: whether the stores still have what they signed for.</summary>
internal sealed class AuditVerb : Verb
{
    private readonly Option<int?> _sample = new("--sample") { Description = $"how many leaves to ask for ({AuditReport.DefaultSample}: 1 % of rot is found with 99 %)", HelpName = "N" };
    private readonly Option<bool> _all = new("--all") { Description = "every leaf of every fragment" };
    private readonly Option<string> _asAuditor = new("--as-auditor") { Description = "audit by a list, without any account", HelpName = "LIST" };
    private readonly Option<string> _list = new("--list") { Description = "write a list for an auditor, which says neither whose the fragments are nor which belong together", HelpName = "FILE" };
    private readonly Option<bool> _schedule = new("--schedule") { Description = "leave such a list to `salus up`, which then audits it every day" };

    public AuditVerb() : base("audit", "ask the stores for proof that they have what was stored")
    {
        Add(_sample);
        Add(_all);
        Add(_asAuditor);
        Add(_list);
        Add(_schedule);
        Validators.Add(result =>
        {
            if (result.GetValue(_sample) is < 1)
                result.AddError("--sample takes a number from 1 on");
            if (result.GetValue(_all) && result.GetValue(_sample) is not null)
                result.AddError("--all and --sample exclude each other");
            if (new[] { result.GetValue(_asAuditor) is not null, result.GetValue(_list) is not null, result.GetValue(_schedule) }.Count(chosen => chosen) > 1)
                result.AddError("--as-auditor, --list and --schedule exclude one another");
        });
    }

    /// <summary>An owner's sequence key for the records that need one, when it is in the environment: an audit of many records asks nothing.</summary>
    internal static Func<SequenceKey>? SequenceKey => Environment.GetEnvironmentVariable("SALUS_SEQUENCE_KEY") is { Length: > 0 } ? Unlocked.SequenceKey : null;

    protected override async Task<int> RunAsync(Call call)
    {
        var settings = new AuditSettings { Sample = call.Value(_all) ? null : call.Value(_sample) ?? AuditReport.DefaultSample };
        if (call.Value(_list) is not null || call.Value(_schedule))
            return await WriteListAsync(call, settings);
        using var account = call.Value(_asAuditor) is null ? await Unlocked.OpenAsync(call) : null;
        using var progress = new TransferBar("audit");
        AuditReport report;
        AlarmException? logAlarm = null;
        if (account is null)
            report = await ListAudit.RunAsync(AuditList.Read(call.Value(_asAuditor)!), null, settings, progress, call.Cancel);
        else
        {
            var health = new StorageHealth(account);
            report = await health.CheckAsync(settings, SequenceKey, progress, call.Cancel);
            logAlarm = health.LogAlarm;
        }
        progress.Dispose();
        if (logAlarm is not null)
            Terminal.Say($"salus: ALARM ({logAlarm.Kind}): {logAlarm.Message}");
        var code = await ShowAsync(call, report);
        if (account is not null)
            await ListUpkeep.CompleteAsync(call, account);
        return logAlarm is null ? code : ExitCode.Alarm;
    }

    private async Task<int> ShowAsync(Call call, AuditReport report)
    {
        foreach (var finding in report.Findings)
            Terminal.Say(AuditText.Line(finding));
        foreach (var skipped in report.Skipped)
            Terminal.Say($"not audited: {skipped}");
        foreach (var line in AuditText.Lines(report))
            call.Terminal.Print(line);
        if (report.Alarm() is { } alarm)
        {
            await call.KeepAsync(alarm, Name);
            Terminal.Say($"salus: ALARM ({alarm.Kind}): {alarm.Message}");
        }
        call.Terminal.Answer(AuditDocument.Of(report), CliJson.Default.AuditDocument);
        return report.State switch
        {
            StoreState.Failing => ExitCode.Alarm,
            StoreState.Silent => ExitCode.Failed,
            _ => ExitCode.Done,
        };
    }

    private async Task<int> WriteListAsync(Call call, AuditSettings settings)
    {
        using var account = await Unlocked.OpenAsync(call);
        var lists = new AuditLists(account);
        var kept = call.Value(_schedule) ? new ScheduledList(new DataFolder(call.Data), lists.FileName()) : null;
        using var progress = new TransferBar("list");
        var made = await lists.RenewAsync(kept is null ? null : Earlier(kept), settings, SequenceKey, progress, call.Cancel);
        progress.Dispose();
        var path = kept?.Path ?? call.Value(_list)!;
        if (kept is null)
            made.List.Write(path);
        else
        {
            kept.Place(made.List);
            kept.IsBehind = made.Unlisted > 0;
        }
        foreach (var left in made.LeftOut)
            Terminal.Say($"not proven: {left}");
        var alarm = made.Alarm();
        if (alarm is not null)
        {
            await call.KeepAsync(alarm, Name);
            Terminal.Say($"salus: ALARM ({alarm.Kind}): {alarm.Message}");
        }
        call.Terminal.Print($"{path} lists {made.List.Fragments.Count} fragments."
            + (kept is not null ? " `salus up` audits it, and your commands here keep it up to date." : " Whoever has it can audit them, and read them, which are ciphertext."));
        call.Terminal.Answer(new AuditListDocument(path, made.List.Fragments.Count, made.LeftOut), CliJson.Default.AuditListDocument);
        return alarm is not null ? ExitCode.Alarm : made.Unproven > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The list before; null when there is none, or none that could be read.</summary>
    private static AuditList? Earlier(ScheduledList kept)
    {
        try
        {
            return kept.Exists ? kept.Read() : null;
        }
        catch (CannotException damaged)
        {
            Terminal.Say(damaged.Message);
            return null;
        }
    }
}
