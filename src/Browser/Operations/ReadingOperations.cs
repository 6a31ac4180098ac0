using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Readings;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>Readings of sensors: in, out and gone.</summary>
internal sealed class ReadingOperations(Session session)
{
    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new ReadingOperations(session), ReadingJson.Default);
        table.Add("series", json.Nothing, json.SeriesListDocument, operations.ListAsync);
        table.Add("readings", json.ReadingsArguments, json.ReadingsDocument, operations.ReadAsync);
        table.AddStoring("readings.add", json.AddReadingsArguments, json.AddedDocument, operations.AddAsync);
        table.AddStoring("readings.resume", json.Nothing, json.MissingDocument, operations.ResumeAsync);
        table.AddStoring("readings.delete", json.SeriesArguments, json.MissingDocument, operations.DeleteAsync);
    }

    private async Task<SeriesListDocument> ListAsync(Nothing arguments, Call call)
    {
        var store = new ReadingStore(Account);
        var own = await store.ListSeriesAsync(null, call.Cancel);
        var complaints = store.Complaints;
        var shared = await store.ListSharedSeriesAsync(call.Cancel);
        return new SeriesListDocument([.. own.Concat(shared).Select(SeriesDocument.Of)], store.IsWaiting, [.. complaints.Concat(store.Complaints).Distinct()]);
    }

    private async Task<ReadingsDocument> ReadAsync(ReadingsArguments arguments, Call call)
    {
        var store = new ReadingStore(Account);
        var range = await store.ReadAsync(await FindAsync(store, arguments.Series, Words.Id<AccountId>(arguments.Owner), call.Cancel), arguments.From ?? DateTimeOffset.UnixEpoch,
            arguments.To ?? Limits.NoEnd, call.Cancel);
        foreach (var alarm in range.Alarms)
            await session.KeepAsync(alarm, "readings");
        return new ReadingsDocument([.. range.Readings.Select(reading => reading.Time.ToUnixTimeMilliseconds())], [.. range.Readings.Select(reading => reading.Value)], range.Complaints,
            range.Alarms.Count);
    }

    private async Task<AddedDocument> AddAsync(AddReadingsArguments arguments, Call call)
    {
        // A browser hands a file over under another path each time.
        var added = await new ReadingStore(Account).AddFileAsync(arguments.File, arguments.Name, new SeriesOptions(arguments.Code, arguments.Unit, arguments.Decimals),
            new CountReports(call), call.Cancel, Path.GetFileName(arguments.File));
        return new AddedDocument([.. added.Select(AddedSeriesDocument.Of)], added.All(one => one.IsStored), [.. added.SelectMany(one => one.Missing.Keys).Distinct()]);
    }

    private async Task<MissingDocument> ResumeAsync(Nothing arguments, Call call) =>
        new([.. (await new ReadingStore(Account).ResumeAsync(new CountReports(call), call.Cancel)).Keys]);

    private async Task<MissingDocument> DeleteAsync(SeriesArguments arguments, Call call)
    {
        var store = new ReadingStore(Account);
        return new MissingDocument([.. (await store.DeleteAsync(await FindAsync(store, arguments.Series, Account.Id, call.Cancel), null, null, call.Cancel)).Keys]);
    }

    private async Task<SeriesInfo> FindAsync(ReadingStore store, string series, AccountId owner, CancellationToken cancel)
    {
        var id = Words.Id<SeriesId>(series);
        var all = owner == Account.Id ? await store.ListSeriesAsync(null, cancel) : await store.ListSharedSeriesAsync(cancel);
        return all.FirstOrDefault(one => one.Id == id && one.Owner == owner) ?? throw new CannotException("There is no such series, or it is not shared with you any more.", Reasons.NoSeries);
    }
}
