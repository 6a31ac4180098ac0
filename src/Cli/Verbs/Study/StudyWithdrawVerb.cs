using System.CommandLine;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study withdraw ID`: takes a contribution back for good, from any device of the account.</summary>
internal sealed class StudyWithdrawVerb : Verb
{
    private readonly StudyArgument _study = new();
    private readonly Option<string> _patient = new("--patient") { Description = "an organisation's patient: SYSTEM|IDENTIFIER, as in the file that was contributed", HelpName = "P" };

    public StudyWithdrawVerb() : base("withdraw", "take your contribution back, for good")
    {
        _study.AddTo(this);
        Add(_patient);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var study = await _study.FetchAsync(call, account);
        var untold = await new Participation(account).WithdrawAsync(study, call.Value(_patient), call.Cancel);
        call.Terminal.Print("Withdrawn: the copy is deleted, and whoever runs the study sees that a contribution was withdrawn, not whose. It cannot be contributed again.");
        foreach (var name in untold)
            Terminal.Say($"{name} could not be told yet: repeat the command.");
        call.Terminal.Answer(new WithdrawnDocument(study.Id.ToString(), untold), CliJson.Default.WithdrawnDocument);
        return untold.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
