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
        CannotException => new CoreError("cannot", "", error.Message, null),
        AlarmException alarm => new CoreError("alarm", alarm.Kind.ToString(), alarm.Message, null),
        RefusedException refused => new CoreError("refused", refused.Code, refused.Message, refused.Party),
        UnreachableException unreachable => new CoreError("unreachable", "", unreachable.Message, unreachable.Party),
        OperationCanceledException => new CoreError("cancelled", "", "Stopped before it was done.", null),
        IOException { HResult: NoSpaceLeft } => new CoreError("cannot", "no-space", "This browser lets the page keep no more. What was stored before is untouched.", null),
        // A mistake of Salus itself: the trace helps whoever mends it, and holds no data.
        _ => new CoreError("fault", error.GetType().Name, $"{error.Message}{Environment.NewLine}{error.StackTrace}", null),
    };

    // ENOSPC, as .NET reports it on Unix and in the browser.
    private const int NoSpaceLeft = 28;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CoreError))]
internal sealed partial class CoreJson : JsonSerializerContext;
