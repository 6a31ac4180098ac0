using System.Runtime.Versioning;
using System.Runtime.InteropServices.JavaScript;
using Salus.Browser.Operations;
using Salus.Crypto;

namespace Salus.Browser;

/// <summary>What the worker calls, and the little that it is called for: web/src/core/worker/worker.ts is the other side.</summary>
[SupportedOSPlatform("browser")]
internal static partial class Exports
{
    private const string Module = "worker";

    private static readonly Core Core = new("/salus/profiles/default", TimeProvider.System);
    private static readonly Dictionary<int, CancellationTokenSource> Running = [];

    /// <summary>Answers <c>{"ok": …}</c> or <c>{"error": …}</c>, whatever happens.</summary>
    [JSExport]
    internal static async Task<string> InvokeAsync(int call, string operation, string arguments)
    {
        using var cancel = new CancellationTokenSource();
        Running[call] = cancel;
        try
        {
            return await Core.InvokeAsync(operation, arguments, new Call
            {
                Outgoing = $"/out/{call}",
                Cancel = cancel.Token,
                Report = json => Report(call, json),
                TakeSecret = index => TakeSecret(call, index),
            });
        }
        finally
        {
            Running.Remove(call);
        }
    }

    [JSExport]
    internal static void Cancel(int call)
    {
        if (Running.TryGetValue(call, out var cancel))
            cancel.Cancel();
    }

    [JSImport("report", Module)]
    private static partial void Report(int call, string json);

    [JSImport("secretLength", Module)]
    private static partial int SecretLength(int call, int index);

    /// <summary>Copies, and overwrites what the worker had.</summary>
    [JSImport("takeSecret", Module)]
    private static partial void TakeSecret(int call, int index, [JSMarshalAs<JSType.MemoryView>] Span<byte> target);

    private static Secret? TakeSecret(int call, int index)
    {
        var length = SecretLength(call, index);
        if (length == 0)
            return null;
        var secret = new Secret(length);
        TakeSecret(call, index, secret.Writable);
        return secret;
    }
}
