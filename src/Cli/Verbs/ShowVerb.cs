using System.CommandLine;
using System.Globalization;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`show ID`: what a record is, and for a FHIR slice what is in it.</summary>
internal sealed class ShowVerb : Verb
{
    private readonly Argument<string> _record = new("ID") { Description = "the record" };

    private readonly Option<bool> _resources = new("--resources") { Description = "list the FHIR resources within" };

    public ShowVerb() : base("show", "what a record is")
    {
        Add(_record);
        Add(_resources);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var id = Unlocked.Id<RecordId>(call.Value(_record), "record");
        using var account = await Unlocked.OpenAsync(call);
        var record = await new RecordStore(account).ShowAsync(id, call.Cancel);
        call.Terminal.Print(record.Name);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"  record     {record.Record}, version {record.Version}"));
        call.Terminal.Print($"  partition  {record.Partition} of {record.Owner}");
        call.Terminal.Print($"  source     {record.Source}");
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"  content    {record.MediaType}, {record.Bytes} bytes{(record.Resources > 0 ? $", {record.Resources} FHIR resources" : "")}"));
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"  sealed     {record.SealedAt:yyyy-MM-dd HH:mm:ss}Z"));
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"  dispersed  {record.Fragments} fragments, any {record.RestoreFrom} restore it; "
            + $"{(record.NeedsSequenceKey ? "its owner holds the sequence key" : "the sequence key is sealed with it")}"));
        if (record.Keywords.Count > 0)
            call.Terminal.Print($"  keywords   {string.Join(", ", record.Keywords)}");
        if (call.Value(_resources))
            foreach (var entry in await new Imports(account).ResourcesAsync(id, Unlocked.SequenceKey, call.Cancel))
                call.Terminal.Print($"  {entry.Date?[..Math.Min(10, entry.Date.Length)],-10}  {entry.Type}/{entry.Id}  {entry.Summary}");
        call.Terminal.Answer(RecordDocument.Of(record), CliJson.Default.RecordDocument);
        return ExitCode.Done;
    }
}
