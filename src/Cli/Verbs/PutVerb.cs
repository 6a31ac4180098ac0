using System.CommandLine;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`put FILE`: seals any file and stores it as one record.</summary>
internal sealed class PutVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "any file: text, image, PDF, DICOM, video" };
    private readonly Option<string> _partition = new("--partition") { Description = "where it goes (medical)", HelpName = "P" };
    private readonly Option<string> _for = new("--for") { Description = "into the records of a patient who lets you add to them", HelpName = "MAIL" };
    private readonly Option<string[]> _keyword = new("--keyword") { Description = "a word of your own, kept with the record; may be repeated", HelpName = "W" };
    private readonly FindableOption _findable = new();
    private readonly DispersalOptions _dispersal = new();

    public PutVerb() : base("put", "seal a file and store it")
    {
        Add(_file);
        Add(_partition);
        Add(_for);
        Add(_keyword);
        _findable.AddTo(this, _keyword, _for);
        _dispersal.AddTo(this);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var file = call.Value(_file)!;
        var choice = _dispersal.Of(call);
        using var account = await Unlocked.OpenAsync(call);
        using var progress = new TransferBar($"put {Path.GetFileName(file)}");
        var stored = await new RecordStore(account).PutAsync(file, new PutOptions(call.Value(_partition), call.Value(_keyword) ?? [], choice, call.Value(_for), _findable.Of(call)), progress,
            call.Cancel);
        progress.Dispose();
        call.Terminal.Print($"Stored {stored.Record} in {stored.Partition}: {stored.Bytes} bytes in {stored.Fragments} fragments.");
        DispersalOptions.Warn(stored.Missing, stored.IsSearchable, stored.Waiting);
        await _findable.EnterAsync(call, account);
        call.Terminal.Answer(PutDocument.Of(stored), CliJson.Default.PutDocument);
        if (call.Value(_for) is null)
        {
            await IndexUpkeep.AfterAddingAsync(account, [stored.Partition], call.Cancel);
            await ListUpkeep.CompleteAsync(call, account);
        }
        return ExitCode.Done;
    }
}
