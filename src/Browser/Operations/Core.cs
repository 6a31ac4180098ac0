using System.Text.Json;

namespace Salus.Browser.Operations;

/// <summary>The core of the page: every operation of web/src/core/api.ts, over one profile. An ordinary class, so that tests without a browser call it too.</summary>
public sealed class Core : IDisposable
{
    private readonly OperationTable _table = new();
    private readonly Session _session;

    public Core(string profileFolder, TimeProvider clock)
    {
        _session = new Session(profileFolder, clock);
        AccountOperations.AddTo(_table, _session);
    }

    public IReadOnlyCollection<string> Operations => _table.Names;

    /// <summary>Answers <c>{"ok": …}</c> or <c>{"error": {kind, code, message, party}}</c> as JSON and throws nothing.</summary>
    public async Task<string> InvokeAsync(string operation, string arguments, Call call)
    {
        try
        {
            var run = _table.Find(operation) ?? throw new ArgumentException($"There is no operation {operation}.", nameof(operation));
            return $$"""{"ok":{{await run(arguments, call)}}}""";
        }
        catch (Exception error)
        {
            return $$"""{"error":{{JsonSerializer.Serialize(Failures.Describe(error), CoreJson.Default.CoreError)}}}""";
        }
    }

    public void Dispose() => _session.Dispose();
}
