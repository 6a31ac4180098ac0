using System.Net.Sockets;
using Salus.Client;
using Salus.Protocol.Http;

namespace Salus.Cli;

/// <summary>The one place where an exception becomes a message and an exit code.</summary>
internal static class Failures
{
    public static (int ExitCode, string Message) Describe(Exception error) => error switch
    {
        StoppedException stopped => (stopped.ExitCode, stopped.Message),
        CannotException => (ExitCode.Failed, error.Message),
        AlarmException alarm => (ExitCode.Alarm, $"ALARM ({alarm.Kind}): {alarm.Message}"),
        RefusedException { Code: Problems.NoSession } => (ExitCode.Failed, "You are not logged in, or the session has ended. Nothing was changed. Use `salus login`."),
        RefusedException { Code: Problems.CodeRefused } =>
            (ExitCode.Failed, "The code is wrong, used, too old or was tried too often. Nothing was changed. Run the command again for a new code."),
        RefusedException { Code: Problems.TooMany } refused => (ExitCode.Failed, $"{refused.Party}: {refused.Message} Nothing was changed."),
        RefusedException refused => (ExitCode.Failed, $"{refused.Party} refuses: {refused.Message}"),
        UnreachableException => (ExitCode.Failed, $"{error.Message}. Nothing was changed. `salus status` shows what runs; `salus up` starts it."),
        OperationCanceledException => (ExitCode.Failed,
            "Stopped before it was done. Nothing half-done was left as if it were whole; the same command again goes on."),
        UnauthorizedAccessException => (ExitCode.Failed,
            $"{error.Message} Nothing was changed there. Run this as the user that the file belongs to."),
        IOException { HResult: NoSpaceLeft } => (ExitCode.Failed,
            $"The disk is full ({error.Message}). What was stored before is untouched. Make room and repeat the command."),
        IOException => (ExitCode.Failed, $"{error.Message}. What was stored before is untouched."),
        SocketException => (ExitCode.Failed, $"No connection: {error.Message}. Nothing was changed. `salus status` shows what runs."),
        // A mistake of Salus itself: the trace helps whoever mends it, and holds no data.
        _ => (ExitCode.Failed, $"This is a fault of Salus: {error.GetType().Name}: {error.Message}{Environment.NewLine}{error.StackTrace}"),
    };

    // ENOSPC as .NET reports it on Unix.
    private const int NoSpaceLeft = 28;
}
