namespace Salus.Cli;

/// <summary>Why a verb stops, in words for whoever typed it: what happened, what is safe, what to do. Printed as it is.</summary>
internal sealed class StoppedException(string message, int exitCode = Salus.Cli.ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
