using System.CommandLine;
using System.Globalization;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`import FILE`: a FHIR bundle, sliced into partitions.</summary>
internal sealed class ImportVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "a FHIR R4 bundle, resource or NDJSON" };
    private readonly Option<string> _partition = new("--partition") { Description = "one partition for all of it (else by resource type)", HelpName = "P" };
    private readonly Option<string> _for = new("--for") { Description = "into the records of a patient who lets you add to them", HelpName = "MAIL" };
    private readonly Option<string[]> _keyword = new("--keyword") { Description = "a word of your own, kept with each record; may be repeated", HelpName = "W" };
    private readonly FindableOption _findable = new();
    private readonly DispersalOptions _dispersal = new();

    public ImportVerb() : base("import", "slice a FHIR bundle into partitions, seal and store it")
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
        using var progress = new TransferBar($"import {Path.GetFileName(file)}");
        var outcome = await new Imports(account).ImportAsync(file, new ImportOptions(call.Value(_partition), choice, call.Value(_for), call.Value(_keyword), _findable.Of(call)),
            progress, call.Cancel);
        progress.Dispose();
        foreach (var record in outcome.Records)
        {
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"{record.Record}  {record.Partition,-12} {record.Resources,5} resources {record.Bytes,10} bytes"));
            if (record.PersonalFacts.Count > 0)
                call.Terminal.Print($"    still tells: {string.Join(", ", record.PersonalFacts)}");
        }
        DispersalOptions.Warn(outcome.Missing, outcome.IsSearchable, outcome.Waiting);
        await _findable.EnterAsync(call, account);
        call.Terminal.Answer(new ImportDocument(outcome.Import, [.. outcome.Records.Select(r =>
            new ImportedDocument(r.Record.ToString(), r.Partition, r.Resources, r.Bytes, r.Name, r.PersonalFacts))], outcome.IsSearchable), CliJson.Default.ImportDocument);
        if (call.Value(_for) is null)
        {
            await IndexUpkeep.AfterAddingAsync(account, outcome.Records.Select(record => record.Partition), call.Cancel);
            await ListUpkeep.CompleteAsync(call, account);
        }
        return ExitCode.Done;
    }
}
