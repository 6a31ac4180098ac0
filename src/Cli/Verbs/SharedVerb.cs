using Salus.Client.Records;

namespace Salus.Cli.Verbs;

/// <summary>`shared`: the records that others have granted to this account.</summary>
internal sealed class SharedVerb() : Verb("shared", "records that others share with you")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var (records, complaints) = await new RecordStore(account).SharedAsync(call.Cancel);
        if (records.Count == 0)
            call.Terminal.Print("Nobody shares records with you at the moment.");
        RecordTable.Print(call, records, withOwner: true);
        foreach (var complaint in complaints)
            Terminal.Say(complaint);
        call.Terminal.Answer(new RecordsDocument([.. records.Select(RecordDocument.Of)], [.. complaints]), CliJson.Default.RecordsDocument);
        return ExitCode.Done;
    }
}
