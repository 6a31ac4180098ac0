using System.CommandLine;
using System.Globalization;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study join ID`: one sentence of consent, then the de-identified copy of one's own records goes to the study, without a name.</summary>
internal sealed class StudyJoinVerb : Verb
{
    private readonly StudyArgument _study = new();
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };
    private readonly Option<bool> _later = new("--later") { Description = "prepare it now and let `salus resume` send it, after a moment within the day that is left to chance" };

    public StudyJoinVerb() : base("join", "take part in a study with your own records")
    {
        _study.AddTo(this);
        Add(_yes);
        Add(_later);
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
        var outcome = await new Participation(account).JoinAsync(study, Unlocked.SequenceKey, bar, call.Cancel, call.Value(_later));
        bar.Dispose();
        foreach (var complaint in outcome.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Print(outcome.Due is { } due
            ? string.Create(CultureInfo.InvariantCulture, $"Ready. `salus resume` sends it, from {due:yyyy-MM-dd HH:mm} UTC on; `salus study join {study.Id}` at once.")
            : $"You take part. What was sent has no name in it; your network address and the moment can still give a guess. `salus study withdraw {study.Id}` takes it back.");
        call.Terminal.Answer(JoinedDocument.Of(study, outcome), CliJson.Default.JoinedDocument);
        return outcome.Waiting.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
