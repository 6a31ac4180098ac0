using System.CommandLine;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study mine`: the studies that the account takes part in, as this device remembers; with `--look`, as the cloud has it.</summary>
internal sealed class StudyMineVerb : Verb
{
    private readonly Option<bool> _look = new("--look") { Description = "ask the cloud, which finds contributions from other devices and learns that one person looks for them" };

    public StudyMineVerb() : base("mine", "the studies that you take part in") => Add(_look);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        IReadOnlyList<KnownStudy>? studies = null;
        if (call.Value(_look))
        {
            Terminal.Say("The cloud is asked about a contribution of yours in each study, without your name. It can see that whoever is at this network address looks for all of them, and so that "
                + "they are one person's; who that is, if it sees this address in your session as well.");
            studies = [.. (await new StudyList(account).AllAsync(call.Cancel)).Where(study => study.RoleOf(account) == "participant")];
        }
        var mine = await new Participation(account).MineAsync(studies, call.Cancel);
        if (mine.Count == 0)
            call.Terminal.Print("You take part in no study that this device knows of. `salus study mine --look` asks the cloud.");
        foreach (var one in mine)
            call.Terminal.Print($"{one.Study}  {one.State,-11}  {one.Title ?? "(not seen by this device)"}");
        call.Terminal.Answer(new ParticipationsDocument([.. mine.Select(one => new ParticipationDocument(one.Study.ToString(), one.Title, one.State))]),
            CliJson.Default.ParticipationsDocument);
        return ExitCode.Done;
    }
}
