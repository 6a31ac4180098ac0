using System.CommandLine;
using Salus.Client.Accounts;
using Salus.Client.Studies;
using Salus.Protocol;

namespace Salus.Cli.Verbs.Study;

/// <summary>The study that a verb is about: `ID`, as `salus study list` shows it.</summary>
internal sealed class StudyArgument
{
    private readonly Argument<string> _study = new("ID") { Description = "the study, as `salus study list` shows it" };

    public void AddTo(Command verb) => verb.Add(_study);

    public StudyId Of(Call call) => Unlocked.Id<StudyId>(call.Value(_study), "study");

    /// <summary>Verified, from the cloud's list.</summary>
    public Task<KnownStudy> FetchAsync(Call call, Account account) => new StudyList(account).OneAsync(Of(call), call.Cancel);
}
