using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using System.Text.Json;
using Salus.InBrowser;

// Named like the exports of the page's core, so that the page's own worker runs them.
namespace Salus.Browser;

[SupportedOSPlatform("browser")]
internal static partial class Exports
{
    [JSExport]
    internal static async Task<string> InvokeAsync(int call, string operation, string arguments)
    {
        try
        {
            return $$"""{"ok":{{await RunAsync(call, operation, JsonSerializer.Deserialize(arguments, AnswerJson.Default.TestArguments)!)}}}""";
        }
        catch (Exception failure)
        {
            return JsonSerializer.Serialize(new Failed(new Failure("fault", failure.GetType().Name, failure.ToString(), null)), AnswerJson.Default.Failed);
        }
    }

    [JSExport]
    internal static void Cancel(int call)
    {
    }

    private static async Task<string> RunAsync(int call, string operation, TestArguments arguments) => operation switch
    {
        "classes" => JsonSerializer.Serialize(Runner.Classes, AnswerJson.Default.IReadOnlyListString),
        "run" => JsonSerializer.Serialize(await Runner.RunAsync(arguments.Name!), AnswerJson.Default.ClassOutcome),
        "measure" => JsonSerializer.Serialize(await Measures.RunAsync(), AnswerJson.Default.IReadOnlyListString),
        "copy" => JsonSerializer.Serialize(await FileWork.CopyAsync(arguments.Name!, $"/out/{call}"), AnswerJson.Default.FileAnswer),
        "heap" => JsonSerializer.Serialize(new FileAnswer(Size: Heap()), AnswerJson.Default.FileAnswer),
        _ => JsonSerializer.Serialize(FileWork.Run(operation, arguments), AnswerJson.Default.FileAnswer),
    };

    /// <summary>Bytes of WebAssembly memory, which never shrinks.</summary>
    private static long Heap()
    {
        using var runtime = DotnetRuntime(0);
        using var module = runtime.GetPropertyAsJSObject("Module");
        using var heap = module!.GetPropertyAsJSObject("HEAPU8");
        return (long)heap!.GetPropertyAsDouble("byteLength");
    }

    [JSImport("globalThis.getDotnetRuntime")]
    private static partial JSObject DotnetRuntime(int id);
}
