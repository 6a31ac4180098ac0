using System.CommandLine;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study mine`: the studies that the account takes part in, as this device remembers; with `--check`, as the cloud has it.</summary>
internal sealed class StudyMineVerb : Verb
{
    private readonly Option<bool> _check = new("--check") { Description = "ask the cloud as well, which finds contributions from other devices" };

    public StudyMineVerb() : base("mine", "the studies that you take part in") => Add(_check);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var studies = await new StudyList(account).AllAsync(call.Cancel);
        var titles = studies.ToDictionary(study => study.Id, study => study.Terms.Title);
        var mine = await new Participation(account).MineAsync(call.Value(_check) ? studies : null, call.Cancel);
        if (mine.Count == 0)
            call.Terminal.Print("You take part in no study that this device knows of. `salus study mine --check` asks the cloud.");
        foreach (var one in mine)
            call.Terminal.Print($"{one.Study}  {one.State,-11}  {titles.GetValueOrDefault(one.Study, "(not listed any more)")}");
        call.Terminal.Answer(new ParticipationsDocument([.. mine.Select(one => new ParticipationDocument(one.Study.ToString(), titles.GetValueOrDefault(one.Study), one.State))]),
            CliJson.Default.ParticipationsDocument);
        return ExitCode.Done;
    }
}
