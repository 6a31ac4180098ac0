using System.CommandLine;
using Salus.Client;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study contribute ID FILE…`: an organisation contributes for its patients, one FHIR file and one contribution each.</summary>
internal sealed class StudyContributeVerb : Verb
{
    private readonly StudyArgument _study = new();
    private readonly Argument<string[]> _files = new("FILE") { Description = "FHIR files, one patient each", Arity = ArgumentArity.OneOrMore };

    public StudyContributeVerb() : base("contribute", "contribute for your organisation's patients")
    {
        _study.AddTo(this);
        Add(_files);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var study = await _study.FetchAsync(call, account);
        var participation = new Participation(account);
        var lines = new List<ContributedDocument>();
        foreach (var file in call.Value(_files)!)
        {
            lines.Add(await ContributeAsync(call, participation, study, file));
            call.Terminal.Print($"{file}: {lines[^1].State}");
        }
        call.Terminal.Answer(new ContributeDocument(study.Id.ToString(), lines), CliJson.Default.ContributeDocument);
        return lines.All(line => line.Failure is null) ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>One file that cannot be contributed does not stop the others; an alarm stops all.</summary>
    private static async Task<ContributedDocument> ContributeAsync(Call call, Participation participation, KnownStudy study, string path)
    {
        if (!File.Exists(path))
            return new ContributedDocument(path, "failed", "There is no such file.");
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        try
        {
            var outcome = await participation.ContributeAsync(study, stream, call.Cancel);
            foreach (var complaint in outcome.Complaints)
                Terminal.Say(complaint);
            return new ContributedDocument(path, "contributed", null);
        }
        catch (CannotException cannot) when (cannot.Code == Reasons.AlreadyJoined)
        {
            return new ContributedDocument(path, "contributed before", null);
        }
        catch (CannotException cannot) when (cannot.Code is not (Reasons.StudyClosed or Reasons.NotPermitted))
        {
            Terminal.Say($"{path}: {cannot.Message}");
            return new ContributedDocument(path, "failed", cannot.Message);
        }
    }
}
