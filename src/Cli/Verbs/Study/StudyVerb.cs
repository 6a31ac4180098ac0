using System.CommandLine;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study …`: research studies, for researchers, custodians, participants and organisations.</summary>
internal sealed class StudyVerb : Command
{
    public StudyVerb() : base("study", "take part in research studies, or run one")
    {
        foreach (var verb in (Command[])
        [
            new StudyListVerb(), new StudyShowVerb(), new StudyJoinVerb(), new StudyMineVerb(), new StudyWithdrawVerb(), new StudyContributeVerb(),
            new StudyTemplateVerb(), new StudyOpenVerb(), new StudyCloseVerb(), new StudyCohortVerb(), new StudyReleaseVerb(),
        ])
            Add(verb);
    }
}
