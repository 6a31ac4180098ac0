using System.Diagnostics;
using System.Text.Json;
using Salus.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // each installation is nine processes

namespace Salus.Cli.Tests;

/// <summary>What a call of the command line left behind.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    /// <summary>The one JSON document on stdout.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"exit code {ExitCode}\nstdout:\n{Output}\nstderr:\n{Errors}";
}

/// <summary>
/// The command line as a process: the published one in a release build, as people run it, else the one built beside this test.
/// SALUS_CLI names another.
/// </summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Lazy<string> Found = new(Find);

    public static string Program => Found.Value;

    public static Outcome Run(params string[] arguments) => RunAsync(arguments).GetAwaiter().GetResult();

    public static async Task<Outcome> RunAsync(string[] arguments, Dictionary<string, string>? environment = null)
    {
        using var process = Start(arguments, environment);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(late.Token);
            return new Outcome(process.ExitCode, await output.WaitAsync(late.Token), await errors.WaitAsync(late.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"salus {string.Join(' ', arguments)} did not end");
        }
    }

    public static Process Start(string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SALUS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("SALUS_CLI") is { Length: > 0 } given)
            return given;
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        if (configuration != "release")
            return Path.Combine(Places.Root, "artifacts", "bin", "Salus.Cli", configuration, "Salus.Cli");
        using var build = Process.Start(new ProcessStartInfo(Path.Combine(Places.Root, "salus"), ["build"]))!;
        build.WaitForExit();
        Assert.Equal(0, build.ExitCode);
        return Path.Combine(Places.Root, "artifacts", "publish", "Cli", "Salus.Cli");
    }
}
