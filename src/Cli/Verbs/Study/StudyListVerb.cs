using System.Globalization;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study list`: the studies of this cloud, each verified. The cloud is asked without a session.</summary>
internal sealed class StudyListVerb() : Verb("list", "the studies that are open, and those that were")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var list = new StudyList(account);
        var studies = await list.AllAsync(call.Cancel);
        if (studies.Count == 0)
            call.Terminal.Print("There are no studies.");
        foreach (var study in studies)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{study.Id}  {study.StateFor(account),-6}  until {study.Ends:yyyy-MM-dd}  {study.Terms.Title} ({study.Researcher.Title})"));
        foreach (var complaint in list.Complaints)
            Terminal.Say($"ALARM: {complaint} It is left out.");
        call.Terminal.Answer(new StudiesDocument([.. studies.Select(study => StudyDocument.Of(study, account))], [.. list.Complaints]), CliJson.Default.StudiesDocument);
        return list.Complaints.Count > 0 ? ExitCode.Alarm : ExitCode.Done;
    }
}
