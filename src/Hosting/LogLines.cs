using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Salus.Hosting;

/// <summary>
/// One JSON object for each line. Of an exception it writes types and stack, not messages: those of libraries may quote what they were working on.
/// A <see cref="StartupException"/> was written to be read and keeps its message.
/// </summary>
internal sealed class LogLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "salus";

    /// <summary>The host's own report that a start failed: <see cref="SalusServer{TOptions}"/> says it in a line that a person can act on.</summary>
    private static readonly EventId StartFailed = new(11);

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (logEntry.EventId == StartFailed && logEntry.Category == "Microsoft.Extensions.Hosting.Internal.Host")
            return;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow());
            json.WriteString("level", LevelName(logEntry.LogLevel));
            json.WriteString("from", logEntry.Category);
            json.WriteString("message", logEntry.Formatter(logEntry.State, null));
            if (Activity.Current is { } span)
                json.WriteString("trace", span.TraceId.ToHexString());
            if (logEntry.Exception is { } error)
                json.WriteString("error", Describe(error));
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    internal static string Describe(Exception error)
    {
        var text = new StringBuilder();
        for (Exception? at = error; at is not null; at = at.InnerException)
            text.Append(at.GetType()).Append(at is StartupException ? ": " + at.Message : "").Append('\n').Append(at.StackTrace).Append('\n');
        return text.ToString();
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Critical => "fatal",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "debug",
    };
}
