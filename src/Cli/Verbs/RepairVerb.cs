using System.CommandLine;
using Salus.Client;
using Salus.Client.Repair;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`repair`: rebuilds what the stores have lost from what the others have.</summary>
internal sealed class RepairVerb : Verb
{
    private readonly Argument<string[]> _records = new("ID") { Description = "these records (all own ones)", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _gone = new("--gone") { Description = "a store that will not come back: what it had goes to others; may be repeated", HelpName = "STORE" };
    private readonly Option<string> _plan = new("--plan") { Description = "rebuild nothing, and write a plan by which anybody can, without a key", HelpName = "FILE" };
    private readonly Option<string> _by = new("--by") { Description = "carry out such a plan, without any account", HelpName = "FILE" };

    public RepairVerb() : base("repair", "rebuild fragments that stores have lost")
    {
        Add(_records);
        Add(_gone);
        Add(_plan);
        Add(_by);
        Validators.Add(result =>
        {
            if (result.GetValue(_by) is not null && (result.GetValue(_plan) is not null || result.GetValue(_gone) is { Length: > 0 } || result.GetValue(_records) is { Length: > 0 }))
                result.AddError("--by takes all it needs from the plan");
        });
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var progress = new TransferBar("repair");
        using var account = call.Value(_by) is null ? await Unlocked.OpenAsync(call) : null;
        RepairReport report;
        if (account is null)
        {
            var file = call.Value(_by)!;
            var plan = RepairPlan.Read(file);
            using var runner = new PlanRunner(plan.Parties, $"{Path.GetFullPath(file)}.work", TimeProvider.System);
            report = await runner.RunAsync(plan.Records, progress, call.Cancel);
        }
        else
        {
            RecordId[] only = [.. (call.Value(_records) ?? []).Select(id => Unlocked.Id<RecordId>(id, "record"))];
            var options = new RepairOptions(call.Value(_gone) ?? [], only.Length == 0 ? null : only);
            var repairing = new Repairing(account);
            if (call.Value(_plan) is { } path)
            {
                (var plan, report) = await repairing.PlanAsync(options, AuditVerb.SequenceKey, progress, call.Cancel);
                plan.Write(path);
            }
            else
                report = await repairing.RunAsync(options, AuditVerb.SequenceKey, progress, call.Cancel);
        }
        progress.Dispose();
        var code = await ShowAsync(call, report);
        if (account is not null && report.Repaired.Count > 0)
            await ListUpkeep.RenewAsync(call, account);
        return code;
    }

    private async Task<int> ShowAsync(Call call, RepairReport report)
    {
        foreach (var one in report.Repaired)
            call.Terminal.Print($"{one.What}: {one.Fault}, rebuilt {(one.IsMoved ? "and moved to" : "at")} {one.Store}");
        foreach (var skipped in report.Skipped)
            Terminal.Say($"not looked at: {skipped}");
        foreach (var waiting in report.Planned.Concat(report.Waiting))
            Terminal.Say(waiting);
        if (report.Silent.Count > 0)
            Terminal.Say($"Repair again when {string.Join(" and ", report.Silent)} {(report.Silent.Count == 1 ? "is" : "are")} back; when gone for good, "
                + $"`salus repair {string.Join(' ', report.Silent.Select(store => $"--gone {store}"))}`.");
        foreach (var alarm in report.Lost.Select(lost => lost.Alarm))
        {
            await call.KeepAsync(alarm, Name);
            Terminal.Say($"salus: ALARM ({alarm.Kind}): {alarm.Message}");
        }
        call.Terminal.Print($"{report.Fragments} fragments of {report.Records} record{(report.Records == 1 ? "" : "s")}: {report.Repaired.Count} rebuilt"
            + (report.IsWhole ? "; all is whole." : $", {report.Waiting.Count} waiting, {report.Lost.Count} lost{(report.Planned.Count > 0 ? $", {report.Planned.Count} in the plan" : "")}."));
        call.Terminal.Answer(RepairDocument.Of(report, call.Value(_plan)), CliJson.Default.RepairDocument);
        return report.Lost.Count > 0 ? ExitCode.Alarm : report.Waiting.Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
