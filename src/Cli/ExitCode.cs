namespace Salus.Cli;

/// <summary>What a verb answers to the shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Refused or failed; the message says why, what is safe, and what to do.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not one that Salus knows.</summary>
    public const int Usage = 2;

    /// <summary>Something that a server handed out is not what its author made. Nothing of it was shown or written.</summary>
    public const int Alarm = 3;
}
