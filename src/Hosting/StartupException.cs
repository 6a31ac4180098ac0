namespace Salus.Hosting;

/// <summary>
/// Why a server cannot start, in words for whoever starts it: printed on stderr as it is, without a stack trace. Throw it from
/// <see cref="SalusServer{TOptions}.Configure"/>, <see cref="SalusServer{TOptions}.Map"/> or <see cref="SalusServer{TOptions}.Prepare"/>.
/// </summary>
public sealed class StartupException : Exception
{
    public StartupException(string message, Exception? inner = null) : base(message, inner) => ExitCode = 1;

    private StartupException(int exitCode, string message) : base(message) => ExitCode = exitCode;

    /// <summary>2 for a fault of the configuration, else 1.</summary>
    public int ExitCode { get; }

    internal static StartupException Configuration(IReadOnlyCollection<string> faults) => new(2, string.Join(Environment.NewLine, faults));
}
