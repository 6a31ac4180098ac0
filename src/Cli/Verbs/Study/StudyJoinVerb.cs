using System.CommandLine;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study join ID`: one sentence of consent, then the de-identified copy of one's own records goes to the study, and nobody can say whose it is.</summary>
internal sealed class StudyJoinVerb : Verb
{
    private readonly StudyArgument _study = new();
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };

    public StudyJoinVerb() : base("join", "take part in a study with your own records")
    {
        _study.AddTo(this);
        Add(_yes);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var study = await _study.FetchAsync(call, account);
        Terminal.Say(StudyConsent.Sentence(study));
        foreach (var line in StudyConsent.Details(study))
            Terminal.Say("    " + line);
        if (!call.Value(_yes) && !Console.IsInputRedirected && !Prompt.Confirm("Take part?"))
            throw new StoppedException("Nothing was contributed.");
        using var bar = new TransferBar("join");
        var outcome = await new Participation(account).JoinAsync(study, Unlocked.SequenceKey, bar, call.Cancel);
        bar.Dispose();
        foreach (var complaint in outcome.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Print($"You take part. What was sent has no name, and neither the cloud nor a trustee can tell whose it is. `salus study withdraw {study.Id}` takes it back.");
        call.Terminal.Answer(JoinedDocument.Of(study, outcome), CliJson.Default.JoinedDocument);
        return ExitCode.Done;
    }
}
