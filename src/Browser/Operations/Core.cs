using System.Text.Json;
using Salus.Client;

namespace Salus.Browser.Operations;

/// <summary>The core of the page: every operation of web/src/core/api.ts, over one profile. An ordinary class, so that tests without a browser call it too.</summary>
public sealed class Core : IDisposable
{
    private readonly OperationTable _table;
    private readonly Session _session;

    public Core(string profileFolder, TimeProvider clock)
    {
        _session = new Session(profileFolder, clock);
        _table = new OperationTable(_session);
        AccountOperations.AddTo(_table, _session);
        PasskeyOperations.AddTo(_table, _session);
        RecordOperations.AddTo(_table, _session);
        SearchOperations.AddTo(_table, _session);
        ContactOperations.AddTo(_table, _session);
        SharingOperations.AddTo(_table, _session);
        RequestOperations.AddTo(_table, _session);
        ReadingOperations.AddTo(_table, _session);
        StudyOperations.AddTo(_table, _session);
        CustodyOperations.AddTo(_table, _session);
        StatisticsOperations.AddTo(_table, _session);
        TrustOperations.AddTo(_table, _session);
        KeptOperations.AddTo(_table, _session);
    }

    public IReadOnlyCollection<string> Operations => _table.Names;

    /// <summary>
    /// Answers <c>{"ok": …}</c>, with <c>"alarmed": true</c> when it went on in spite of an alarm, or <c>{"error": {kind, code, message, party}}</c> as JSON and throws nothing.
    /// </summary>
    public async Task<string> InvokeAsync(string operation, string arguments, Call call)
    {
        try
        {
            var answer = await _table.Find(operation)(arguments, call);
            return await _session.KeepRaisedAsync(operation) ? $$"""{"ok":{{answer}},"alarmed":true}""" : $$"""{"ok":{{answer}}}""";
        }
        catch (Exception error)
        {
            await _session.KeepRaisedAsync(operation);
            return $$"""{"error":{{JsonSerializer.Serialize(await DescribeAsync(error, operation, call), CoreJson.Default.CoreError)}}}""";
        }
    }

    /// <summary>When all that goes on behind the operations is done.</summary>
    public Task SettleAsync() => _session.SettleAsync();

    public void Dispose() => _session.Dispose();

    private async Task<CoreError> DescribeAsync(Exception error, string operation, Call call)
    {
        if (error is AlarmException alarm)
            await _session.KeepAsync(alarm, operation);
        // The account may be locked while an operation is under way: it is stopped then, or finds the keys gone.
        var wasEnded = error is OperationCanceledException && !call.Cancel.IsCancellationRequested || error is ObjectDisposedException;
        return Failures.Describe(wasEnded && !_session.IsUnlocked ? new LockedException() : error);
    }
}
