using System.CommandLine;
using Salus.Client.Studies.Custody;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study release ID --out DIR`: the custodian's gate, the files that pass it, and their way to the researcher.</summary>
internal sealed class StudyReleaseVerb : Verb
{
    private readonly StudyArgument _study = new();
    private readonly Option<string> _out = new("--out") { Description = "the folder to write, new or empty", HelpName = "DIR", Required = true };
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };

    public StudyReleaseVerb() : base("release", "release what keeps the study's promise to its researcher (custodian)")
    {
        _study.AddTo(this);
        Add(_out);
        Add(_yes);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var custodian = new Custodian(account);
        var weighed = await custodian.WeighAsync(_study.Of(call), call.Cancel);
        StudyCohortVerb.Print(call.Terminal, weighed.Report);
        if (weighed.Report.Refusal is null)
        {
            Terminal.Say($"The release of \"{weighed.Title}\" goes to {weighed.Researcher.Title}, fingerprint {weighed.Researcher.Card.Fingerprint}"
                + (weighed.Researcher.Verified ? " (you have compared it)." : ". Compare it with them before you rely on it."));
            if (!call.Value(_yes) && !Console.IsInputRedirected && !Prompt.Confirm("Release?"))
                throw new StoppedException("Nothing was written and nothing was shared.");
        }
        using var progress = new TransferBar("release");
        var released = await custodian.ReleaseAsync(weighed, call.Value(_out)!, progress, call.Cancel);
        progress.Dispose();
        foreach (var complaint in custodian.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Print($"Written to {released.Folder} and shared as record {released.Record.Record}: {Sum(released.Report.Resources)} resources, {released.Report.Files} files. "
            + $"{Sum(released.Report.LeftOut)} resources were left out.");
        call.Terminal.Answer(StudyReleaseDocument.Of(weighed, released), CliJson.Default.StudyReleaseDocument);
        return StudyCohortVerb.Warn(weighed);
    }

    private static int Sum(IReadOnlyDictionary<string, int> counts) => counts.Values.Sum();
}
