using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study close ID`: ends a study before its time, for good.</summary>
internal sealed class StudyCloseVerb : Verb
{
    private readonly StudyArgument _study = new();

    public StudyCloseVerb() : base("close", "end your study (researcher)") => _study.AddTo(this);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var study = await _study.FetchAsync(call, account);
        var untold = await new Researching(account).CloseAsync(study, call.Cancel);
        call.Terminal.Print("The study is over: it takes no more contributions.");
        foreach (var name in untold)
            Terminal.Say($"{name} could not be told yet: repeat the command.");
        call.Terminal.Answer(new WithdrawnDocument(study.Id.ToString(), untold), CliJson.Default.WithdrawnDocument);
        return untold.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
