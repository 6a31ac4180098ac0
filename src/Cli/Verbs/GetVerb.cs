using System.CommandLine;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`get ID --out FILE`: opens a record, own or shared, into a file.</summary>
internal sealed class GetVerb : Verb
{
    private readonly Argument<string> _record = new("ID") { Description = "the record" };
    private readonly Option<string> _out = new("--out") { Description = "the file to write; it appears when everything is verified", HelpName = "FILE", Required = true };

    private readonly Option<string> _resource = new("--resource") { Description = "one FHIR resource of it alone, read by its range", HelpName = "TYPE/ID" };

    public GetVerb() : base("get", "open a record into a file")
    {
        Add(_record);
        Add(_out);
        Add(_resource);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = Unlocked.Id<RecordId>(call.Value(_record), "record");
        var file = call.Value(_out)!;
        using var account = await Unlocked.OpenAsync(call);
        using var progress = new TransferBar($"get {id}");
        var complaints = call.Value(_resource) is { } resource
            ? await new Imports(account).GetResourceAsync(id, resource, file, Unlocked.SequenceKey, call.Cancel)
            : await new RecordStore(account).GetAsync(id, file, Unlocked.SequenceKey, progress, call.Cancel);
        progress.Dispose();
        foreach (var complaint in complaints)
            Terminal.Say(complaint);
        call.Terminal.Print($"Opened {id} into {file}.");
        call.Terminal.Answer(new GetDocument(id.ToString(), file, new FileInfo(file).Length, complaints), CliJson.Default.GetDocument);
        return ExitCode.Done;
    }
}
