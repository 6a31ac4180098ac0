using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client;

namespace Salus.Browser.Operations;

/// <summary>How an operation ends when it does not succeed: CoreError of web/src/core/api.ts.</summary>
internal sealed record CoreError(string Kind, string Code, string Message, string? Party);

/// <summary>The one place where an exception becomes an error of the page.</summary>
internal static class Failures
{
    public static CoreError Describe(Exception error) => error switch
    {
        LockedException => new CoreError("locked", "locked", error.Message, null),
        CannotException cannot => new CoreError("cannot", cannot.Code, cannot.Message, null),
        AlarmException alarm => new CoreError("alarm", alarm.Kind.ToString(), alarm.Message, null),
        RefusedException refused => new CoreError("refused", refused.Code, refused.Message, refused.Party),
        UnreachableException unreachable => new CoreError("unreachable", "", unreachable.Message, unreachable.Party),
        OperationCanceledException => new CoreError("cancelled", "", "Stopped before it was done.", null),
        IOException { HResult: NoSpaceLeft or NoSpaceLeftInBrowser } =>
            new CoreError("cannot", "no-space", "There is no room left here. What was stored before is untouched.", null),
        // Of what was given nothing is repeated: it may be a secret.
        JsonException => new CoreError("fault", "arguments", "The arguments are not those of the operation.", null),
        UnknownOperationException => new CoreError("fault", "operation", error.Message, null),
        // A mistake of Salus itself: the trace helps whoever mends it, and holds no data, as a message might.
        _ => new CoreError("fault", error.GetType().Name, $"This is a fault of Salus: {error.GetType().Name}{Environment.NewLine}{error.StackTrace}", null),
    };

    // ENOSPC as .NET reports it on Unix, and as WebAssembly numbers it.
    private const int NoSpaceLeft = 28;
    private const int NoSpaceLeftInBrowser = 51;
}

/// <summary>There is no operation of this name.</summary>
internal sealed class UnknownOperationException() : Exception("There is no such operation.");

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CoreError))]
internal sealed partial class CoreJson : JsonSerializerContext;
