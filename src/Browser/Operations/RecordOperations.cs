using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Client.Search.Compacting;
using Salus.Crypto.Dispersal;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Records in, out and gone.</summary>
internal sealed class RecordOperations(Session session)
{
    private const int UsualLimit = 512;

    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new RecordOperations(session), RecordJson.Default);
        table.Add("list", json.ListArguments, json.RecordsDocument, operations.ListAsync);
        table.Add("show", json.RecordArguments, json.RecordDocument, operations.ShowAsync);
        table.Add("read", json.ReadArguments, json.ComplaintsDocument, operations.ReadAsync);
        table.AddStoring("put", json.PutArguments, json.StoredDocument, operations.PutAsync);
        table.AddStoring("import", json.PutArguments, json.ImportDocument, operations.ImportAsync);
        table.Add("export", json.ExportArguments, json.ExportDocument, operations.ExportAsync);
        table.AddStoring("delete", json.RecordArguments, json.DeletedDocument, operations.DeleteAsync);
        table.AddStoring("resume", json.Nothing, json.ResumedDocument, operations.ResumeAsync);
        table.Add("holdings", json.HoldingsArguments, json.HoldingsDocument, operations.HoldingsAsync);
        table.Add("sequenceKey.check", json.TextArguments, json.SequenceKeyDocument, operations.CheckSequenceKeyAsync);
    }

    /// <summary>What a typed sequence key is; asked for only when it is needed.</summary>
    public static Func<SequenceKey> KeyOf(string? typed) => () => typed is null
        ? throw new CannotException("The record's owner holds its sequence key: it is needed to find the fragments.", Reasons.SequenceKeyNeeded)
        : Parse(typed);

    private async Task<RecordsDocument> ListAsync(ListArguments arguments, Call call)
    {
        var (records, complaints) = await new RecordStore(Account).OwnAsync(call.Cancel);
        return new RecordsDocument([.. records.Where(record => arguments.Partition is null || record.Partition == arguments.Partition).Select(RecordDocument.Of)], complaints);
    }

    /// <summary>What is in a FHIR record whose owner holds the sequence key is not listed here: that needs the key.</summary>
    private async Task<RecordDocument> ShowAsync(RecordArguments arguments, Call call)
    {
        var id = Words.Id<RecordId>(arguments.Record);
        var record = await new RecordStore(Account).ShowAsync(id, call.Cancel);
        var entries = record is { Resources: > 0 } && (!record.NeedsSequenceKey || arguments.SequenceKey is not null)
            ? await new Imports(Account).ResourcesAsync(id, KeyOf(arguments.SequenceKey), call.Cancel)
            : [];
        return RecordDocument.Of(record) with { ResourceEntries = [.. entries.Select(ResourceDocument.Of)] };
    }

    private async Task<ComplaintsDocument> ReadAsync(ReadArguments arguments, Call call)
    {
        var (id, key, path) = (Words.Id<RecordId>(arguments.Record), KeyOf(arguments.SequenceKey), call.NewOutgoing());
        return new ComplaintsDocument(arguments.Resource is { } resource
            ? await new Imports(Account).GetResourceAsync(id, resource, path, key, call.Cancel)
            : await new RecordStore(Account).GetAsync(id, path, key, TransferReports.OfReading(call), call.Cancel));
    }

    private async Task<StoredDocument> PutAsync(PutArguments arguments, Call call)
    {
        var options = new PutOptions(arguments.Partition, arguments.Keywords ?? [], Dispersal(arguments), arguments.For, arguments.Findable ?? false);
        var stored = await new RecordStore(Account).PutAsync(arguments.File, options, TransferReports.OfUpload(call), call.Cancel);
        Finish("put", arguments.For, [stored.Partition]);
        return StoredDocument.Of(stored);
    }

    private async Task<ImportDocument> ImportAsync(PutArguments arguments, Call call)
    {
        var options = new ImportOptions(arguments.Partition, Dispersal(arguments), arguments.For, arguments.Keywords, arguments.Findable ?? false);
        var done = await new Imports(Account).ImportAsync(arguments.File, options, TransferReports.OfUpload(call), call.Cancel);
        Finish("import", arguments.For, [.. done.Records.Select(record => record.Partition).Distinct()]);
        return new ImportDocument(done.Import, [.. done.Records.Select(ImportedRecordDocument.Of)], done.Missing, done.IsSearchable, done.Waiting);
    }

    private async Task<ExportDocument> ExportAsync(ExportArguments arguments, Call call)
    {
        var done = await new Imports(Account).ExportAsync(arguments.Import, call.NewOutgoing(), KeyOf(null), TransferReports.OfReading(call), call.Cancel);
        return new ExportDocument(done.Sha256, done.Exact, done.Partitions, done.Complaints);
    }

    private async Task<DeletedDocument> DeleteAsync(RecordArguments arguments, Call call)
    {
        var deleted = await new RecordStore(Account).DeleteAsync(Words.Id<RecordId>(arguments.Record), KeyOf(arguments.SequenceKey), call.Cancel);
        session.Later("delete", (account, ended) => new Client.Requests.Directory(account).RefreshDueAsync(ended));
        return new DeletedDocument(deleted.Record.ToString(), deleted.Unreached);
    }

    private async Task<ResumedDocument> ResumeAsync(Nothing arguments, Call call)
    {
        var (records, failures) = await new RecordStore(Account).ResumeAsync(TransferReports.OfUpload(call), call.Cancel);
        return new ResumedDocument([.. records.Select(StoredDocument.Of)], failures);
    }

    private async Task<HoldingsDocument> HoldingsAsync(HoldingsArguments arguments, Call call)
    {
        var holdings = new List<HoldingDocument>();
        await foreach (var holding in new Holdings(Account).FetchAsync(
            Words.Id<RecordId>(arguments.Record), KeyOf(arguments.SequenceKey), arguments.Limit ?? UsualLimit, call.Cancel))
        {
            holdings.Add(HoldingDocument.Of(holding));
            call.Send(new HoldingReport(holdings[^1]), RecordJson.Default.HoldingReport);
        }
        return new HoldingsDocument(holdings);
    }

    private async Task<SequenceKeyDocument> CheckSequenceKeyAsync(TextArguments arguments, Call call)
    {
        var preview = SequenceKeyPreview.Of(arguments.Text, await session.PartiesAsync(call.Cancel));
        return new SequenceKeyDocument(preview.Fault == SequenceKeyFault.NotText ? "notVisible" : Words.Camel(preview.Fault), preview.Character, preview.Length,
            preview.Fragments, preview.RestoreFrom, preview.Stores);
    }

    /// <summary>What follows when something was stored: it can be found by number, and the search index is merged when that is due.</summary>
    private void Finish(string operation, string? patient, IReadOnlyList<string> partitions)
    {
        session.Later(operation, (account, ended) => new Client.Requests.Directory(account).RefreshDueAsync(ended));
        if (patient is null)
            session.Later(operation, (account, ended) => new Compaction(account).RunIfDueAsync(partitions, ended));
    }

    private static DispersalChoice Dispersal(PutArguments arguments) => new(arguments.SequenceKey is { } typed ? Parse(typed) : null, arguments.RestoreFrom);

    private static SequenceKey Parse(string typed) => SequenceKey.TryParse(typed, out var key) == SequenceKeyFault.None
        ? key!
        : throw new CannotException("This is no sequence key: it breaks a rule, which sequenceKey.check names.", Reasons.SequenceKeyUnfit);
}
