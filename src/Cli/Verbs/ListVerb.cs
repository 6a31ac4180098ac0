using System.CommandLine;
using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`list`: the account's own records.</summary>
internal sealed class ListVerb : Verb
{
    private readonly Option<string> _partition = new("--partition") { Description = "only this partition", HelpName = "P" };

    public ListVerb() : base("list", "your records") => Add(_partition);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var store = new RecordStore(account);
        var (own, complaints) = await store.OwnAsync(call.Cancel);
        var records = own.Where(record => call.Value(_partition) is not { } wanted || record.Partition == wanted).ToArray();
        if (records.Length == 0)
            call.Terminal.Print("No records yet. `salus import FILE` takes a FHIR bundle, `salus put FILE` any file.");
        RecordTable.Print(call, records);
        foreach (var complaint in complaints.Except(account.Raised.Select(alarm => alarm.Message)))
            Terminal.Say(complaint);
        if (store.Unfinished is > 0 and var waiting)
            Terminal.Say($"{waiting} upload{(waiting == 1 ? " is" : "s are")} not finished: `salus resume`.");
        call.Terminal.Answer(new RecordsDocument([.. records.Select(RecordDocument.Of)], [.. complaints]), CliJson.Default.RecordsDocument);
        return ExitCode.Done;
    }
}
