using System.CommandLine;
using System.Globalization;
using Salus.Client;
using Salus.Client.Studies;

namespace Salus.Cli.Verbs.Study;

/// <summary>`study open FILE.json`: signs a declaration and opens the study at the trustees and the cloud. The same file again opens the same study.</summary>
internal sealed class StudyOpenVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "the declaration (`salus study template` prints one)" };

    public StudyOpenVerb() : base("open", "open a study (researcher)") => Add(_file);

    protected override async Task<int> RunAsync(Call call)
    {
        var path = call.Value(_file)!;
        if (!File.Exists(path))
            throw new CannotException($"There is no file {path}.", Reasons.NoFile);
        var file = await File.ReadAllBytesAsync(path, call.Cancel);
        var declaration = StudyDeclaration.Read(file);
        using var account = await Unlocked.OpenAsync(call);
        var study = await new Researching(account).OpenAsync(declaration, file, call.Cancel);
        var known = await new StudyList(account).OneAsync(study.Id, call.Cancel);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"The study is open until {known.Ends:yyyy-MM-dd HH:mm}Z: {study.Id}"));
        call.Terminal.Print($"People are asked: {StudyConsent.Sentence(known)}");
        call.Terminal.Print($"Custodian: {known.Custodian.Title}, fingerprint {known.Custodian.Card.Fingerprint}{(known.Custodian.IsVerified ? " (you have compared it)" : "")}");
        call.Terminal.Answer(StudyDocument.Of(known, account), CliJson.Default.StudyDocument);
        return ExitCode.Done;
    }
}
