using System.Globalization;
using Salus.Client.Studies.Custody;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study cohort ID`: what the custodian's gate says of the contributions. Nothing is written or shared.</summary>
internal sealed class StudyCohortVerb : Verb
{
    private readonly StudyArgument _study = new();

    public StudyCohortVerb() : base("cohort", "weigh the contributions (custodian): k, l, t, uniques, risk") => _study.AddTo(this);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var custodian = new Custodian(account);
        var weighed = await custodian.WeighAsync(_study.Of(call), call.Cancel);
        Print(call.Terminal, weighed.Report);
        foreach (var complaint in custodian.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Answer(StudyReleaseDocument.Of(weighed), CliJson.Default.StudyReleaseDocument);
        return Warn(weighed);
    }

    /// <summary>An alarm beside the result; the exit code that it asks for.</summary>
    public static int Warn(WeighedStudy weighed)
    {
        if (weighed.Alarm is not { } alarm)
            return ExitCode.Done;
        Terminal.Say($"ALARM: {alarm.Message}");
        return ExitCode.Alarm;
    }

    public static void Print(Terminal terminal, ReleaseReport report)
    {
        var came = report.Contributions;
        terminal.Print($"{came.Participants} participants; of {came.Listed} contributions {came.Withdrawn} were withdrawn, {came.WithoutCopy} have no copy, {came.Refused} do not hold, "
            + $"{came.Unreadable} cannot be read.");
        if (report.Before is { } before)
            terminal.Print(string.Create(CultureInfo.InvariantCulture, $"As they came: {before.Classes} classes, the smallest of {before.K}; {before.Uniques} participants are alone."));
        var rule = report.Rule;
        terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"The study promises k = {rule.K}, l = {rule.L}, t = {rule.T:0.###}, at most {rule.Suppression:P1} left out, and {rule.MinimumCohort} participants."));
        if (report.Release is { } release)
            CohortVerb.Print(terminal, release);
        else
            terminal.Print($"Nothing can be released: {report.Refusal}");
    }
}
