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
        RepairReport report;
        if (call.Value(_by) is { } file)
        {
            var plan = RepairPlan.Read(file);
            using var runner = new PlanRunner(plan.Parties, $"{Path.GetFullPath(file)}.work", TimeProvider.System);
            report = await runner.RunAsync(plan.Records, progress, call.Cancel);
        }
        else
        {
            RecordId[] only = [.. (call.Value(_records) ?? []).Select(id => Unlocked.Id<RecordId>(id, "record"))];
            var options = new RepairOptions(call.Value(_gone) ?? [], only.Length == 0 ? null : only);
            using var account = await Unlocked.OpenAsync(call);
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
        return await ShowAsync(call, report);
    }

    private async Task<int> ShowAsync(Call call, RepairReport report)
    {
        foreach (var one in report.Repaired)
            call.Terminal.Print($"{one.What}: {one.Fault}, rebuilt {(one.IsMoved ? "and moved to" : "at")} {one.Store}");
        foreach (var skipped in report.Skipped)
            Terminal.Say($"not looked at: {skipped}");
        foreach (var waiting in report.Waiting)
            Terminal.Say(waiting);
        foreach (var lost in report.Lost)
        {
            var alarm = new AlarmException(AlarmKind.Integrity, $"LOST: {lost}");
            await call.KeepAsync(alarm, Name);
            Terminal.Say($"salus: ALARM ({alarm.Kind}): {alarm.Message}");
        }
        call.Terminal.Print($"{report.Fragments} fragments of {report.Records} record{(report.Records == 1 ? "" : "s")}: {report.Repaired.Count} rebuilt"
            + (report.IsWhole ? "; all is whole." : $", {report.Waiting.Count} waiting, {report.Lost.Count} lost."));
        call.Terminal.Answer(RepairDocument.Of(report, call.Value(_plan)), CliJson.Default.RepairDocument);
        return report.Lost.Count > 0 ? ExitCode.Alarm : report.Waiting.Count > 0 && call.Value(_plan) is null ? ExitCode.Failed : ExitCode.Done;
    }
}
