using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study template`: an example of a declaration, to be changed.</summary>
internal sealed class StudyTemplateVerb() : Verb("template", "print an example of a study's declaration")
{
    protected override Task<int> RunAsync(Call call)
    {
        // The same with --json: it is JSON, with comments.
        Console.Out.WriteLine(StudyDeclaration.Template);
        return Task.FromResult(ExitCode.Done);
    }
}
