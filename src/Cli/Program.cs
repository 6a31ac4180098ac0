using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Salus.Cli;
using Salus.Cli.Verbs;
using Salus.Cli.Verbs.Study;

var root = new Command("salus",
    """
    Salus keeps health records so that nobody who stores, moves or searches them can read them.

    `./salus` also knows: test [--quick] [NAME…], bench, fmt, build.
    """)
{
    new UpVerb(), new DownVerb(), new StatusVerb(), new DemoVerb(), new OpenVerb(), new PageVerb(), new SealPageVerb(),
    new RegisterVerb(), new LoginVerb(), new LogoutVerb(), new DevicesVerb(), new AlarmsVerb(), new CheckVerb(), new WhoamiVerb(), new RecoveryVerb(),
    new PutVerb(), new ImportVerb(), new ListVerb(), new ShowVerb(), new GetVerb(), new ExportVerb(), new DeleteVerb(), new ResumeVerb(), new AuditVerb(), new RepairVerb(),
    new KeywordsVerb(), new SignVerb(), new SanitiseVerb(), new VerifyVerb(), new FindVerb(), new CompactVerb(), new IndexVerb(),
    new CohortVerb(), new DeidentifyVerb(),
    new ShareVerb(), new GrantsVerb(), new SharedVerb(), new RevokeVerb(), new VerifyContactVerb(), new LogVerb(),
    new PhoneVerb(), new RequestVerb(), new RequestsVerb(), new ApproveVerb(), new DenyVerb(), new ClaimVerb(),
    new StudyVerb(), new StatsVerb(),
    new SenseVerb(),
};
root.Options.Add(new HelpOption());
root.Options.Add(new VersionOption());
root.Options.Add(Call.ProfileOption);
root.Options.Add(Call.DataOption);
root.Options.Add(Call.JsonOption);

if (args.Length == 0)
{
    root.Parse(["--help"]).Invoke();
    return ExitCode.Usage;
}
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
    return new Terminal(args.Contains("--json")).Fail(new StoppedException(Usage(parsed), ExitCode.Usage));

using var stopping = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    // The first signal asks the verb to end in good order; a second one of the same kind is not held back.
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stopping.Token);

string Usage(ParseResult wrong)
{
    var command = wrong.CommandResult.Command;
    var unknown = command == root && wrong.UnmatchedTokens is [var first, ..] ? first : null;
    var messages = unknown is not null ? [$"There is no verb {unknown}."] : wrong.Errors.Select(error => error.Message.Split(" as expected type")[0].TrimEnd('.') + ".");
    return string.Join(Environment.NewLine, messages) + $"{Environment.NewLine}`salus {(command == root ? "" : command.Name + " ")}--help` shows what there is.";
}
