using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Audit;
using Salus.Client.Log;
using Salus.Client.Repair;
using Salus.Protocol;

namespace Salus.Browser.Operations;

/// <summary>What is checked of servers: who opened what by the log, the page itself by the log, and whether stores have what they were given.</summary>
internal sealed class TrustOperations(Session session)
{
    private Account Account => session.Account;

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new TrustOperations(session), TrustJson.Default);
        table.Add("access.history", json.HistoryArguments, json.HistoryDocument, operations.HistoryAsync);
        table.Add("storage.last", json.Nothing, json.ReportDocument, (_, _) => Task.FromResult(new ReportDocument(AuditDocument.Of(new StorageHealth(operations.Account).Last))));
        table.AddStoring("storage.audit", json.AuditArguments, json.ReportDocument, operations.AuditAsync);
        table.AddStoring("storage.repair", json.Nothing, json.RepairDocument, operations.RepairAsync);
        table.Add("page.check", json.PageArguments, json.StandingDocument, operations.CheckPageAsync);
    }

    private async Task<HistoryDocument> HistoryAsync(HistoryArguments arguments, Call call)
    {
        var history = new AccessHistory(Account);
        var report = arguments.Verify ? await history.VerifyAsync(null, call.Cancel) : await history.ListAsync(null, call.Cancel);
        foreach (var alarm in report.Alarms)
            Account.Raise(alarm);
        return new HistoryDocument([.. report.Events.Select(AccessEventDocument.Of)], EvidenceDocument.Of(report.Evidence), [.. report.Alarms.Select(FoundAlarm.Of)],
            report.Complaints, report.IsWhole);
    }

    private async Task<ReportDocument> AuditAsync(AuditArguments arguments, Call call)
    {
        var settings = new AuditSettings { Clock = session.Clock };
        var report = await new StorageHealth(Account).CheckAsync(arguments.All ? settings with { Sample = null } : settings, null, new CountReports(call), call.Cancel);
        if (report.Alarm() is { } alarm)
            await session.KeepAsync(alarm, "storage.audit");
        return new ReportDocument(AuditDocument.Of(report));
    }

    private async Task<RepairDocument> RepairAsync(Nothing arguments, Call call)
    {
        var report = await new Repairing(Account).RunAsync(new RepairOptions([]), null, new CountReports(call), call.Cancel);
        foreach (var lost in report.Lost)
            await session.KeepAsync(lost.Alarm, "storage.repair");
        return RepairDocument.Of(report);
    }

    private async Task<StandingDocument> CheckPageAsync(PageArguments arguments, Call call)
    {
        if (arguments.Key.Length != 2 * VerifyingKey.Size || !arguments.Key.All(char.IsAsciiHexDigit) || !VerifyingKey.TryParse(Convert.FromHexString(arguments.Key), out var builder))
            throw new System.Text.Json.JsonException();
        return new StandingDocument(Words.Camel(await new LoggedPages(Account).CheckAsync(arguments.Manifest, builder, arguments.Own ? PageHome.Own : PageHome.Hosted, call.Cancel)));
    }
}
