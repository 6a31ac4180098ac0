using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study show ID`: what a study wants and promises, and who stands behind it.</summary>
internal sealed class StudyShowVerb : Verb
{
    private readonly StudyArgument _study = new();

    public StudyShowVerb() : base("show", "what a study wants and promises") => _study.AddTo(this);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var study = await _study.FetchAsync(call, account);
        call.Terminal.Print(StudyConsent.Sentence(study));
        foreach (var line in StudyConsent.Details(study))
            call.Terminal.Print("    " + line);
        if (study.RoleOf(account) != "participant")
            call.Terminal.Print($"    You are its {study.RoleOf(account)}.");
        else if (study.StateFor(account) == "open")
            call.Terminal.Print($"    `salus study join {study.Id}` takes part.");
        call.Terminal.Answer(StudyDocument.Of(study, account), CliJson.Default.StudyDocument);
        return ExitCode.Done;
    }
}
