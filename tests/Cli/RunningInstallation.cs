namespace Salus.Cli.Tests;

/// <summary>One installation that is up, for the tests that look at it.</summary>
public sealed class RunningInstallation : IDisposable
{
    public RunningInstallation()
    {
        Start = Data.Up("--json");
        Assert.True(Start.ExitCode == 0, Start.ToString());
    }

    public TemporaryData Data { get; } = new();

    internal Outcome Start { get; }

    public void Dispose() => Data.Dispose();
}
