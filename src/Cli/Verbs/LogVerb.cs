using System.CommandLine;
using System.Globalization;
using Salus.Client.Log;

namespace Salus.Cli.Verbs;

/// <summary>`log`: who has opened what of the owner's, when, under which grant and what for; with --verify, proven.</summary>
internal sealed class LogVerb : Verb
{
    private readonly Option<bool> _verify = new("--verify") { Description = "prove it: every access, and your own entries, against the log that the trustees have cosigned" };
    private readonly Option<string> _since = new("--since") { Description = "from when: 2026-05-01, or with time 2026-05-01T09:00 (the first)", HelpName = "D" };

    public LogVerb() : base("log", "who has opened what of yours")
    {
        Add(_verify);
        Add(_since);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var since = Choice.Date(call.Value(_since), "--since");
        using var account = await Unlocked.OpenAsync(call);
        var history = new AccessHistory(account);
        var report = await (call.Value(_verify) ? history.VerifyAsync(since, call.Cancel) : history.ListAsync(since, call.Cancel));
        foreach (var access in report.Events)
            call.Terminal.Print(access.Sentence);
        if (report.Events.Count == 0)
            call.Terminal.Print(Nobody(since, report));
        if (report.Evidence is { } evidence)
            call.Terminal.Print(Proven(evidence));
        foreach (var complaint in report.Complaints)
            Terminal.Say(complaint);
        foreach (var alarm in report.Alarms)
            account.Raise(alarm);
        call.Terminal.Answer(LogDocument.Of(report), CliJson.Default.LogDocument);
        return report.IsWhole ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Nobody(DateTimeOffset? since, AccessReport report) =>
        "Nobody has opened anything of yours" + (since is { } begin ? string.Create(CultureInfo.InvariantCulture, $" since {begin.UtcDateTime:yyyy-MM-dd HH:mm}Z") : "")
        + (report.IsWhole && report.Alarms.Count == 0 && report.Complaints.Count == 0 ? "." : ", as far as could be looked at.");

    private static string Proven(LogEvidence evidence) => string.Create(CultureInfo.InvariantCulture,
        $"The log has {evidence.Size} entries, cosigned by {string.Join(", ", evidence.CosignedBy)} at {evidence.CosignedAt:yyyy-MM-dd HH:mm}Z. ")
        + $"Proven: {Count(evidence.Accesses, "access", "accesses")} and {Count(evidence.Own, "entry", "entries")} of your own.";

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
