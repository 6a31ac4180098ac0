using System.Diagnostics;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>What a process left behind.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\nstdout:\n{Output}\nstderr:\n{Errors}";
}

/// <summary>The published command line, as people run it. `./salus test` builds it first; SALUS_CLI names another.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static string Program { get; } = Environment.GetEnvironmentVariable("SALUS_CLI") is { Length: > 0 } given
        ? given
        : Path.Combine(Places.Root, "artifacts", "publish", "Cli", "Salus.Cli");

    public static Process Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment) => Start(program, arguments, environment, null);

    private static Process Start(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment, string? line)
    {
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is missing: run ./salus build first, or ./salus test, which does.");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SALUS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        if (line is not null)
            process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>With a line on the standard input.</summary>
    public static Task<Outcome> TypeAsync(string line, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        EndAsync(Start(Program, arguments, environment, line));

    public static Task<Outcome> RunAsync(IEnumerable<string> arguments, params (string Name, string Value)[] environment) => EndAsync(Start(Program, arguments, environment));

    public static async Task<Outcome> EndAsync(Process started)
    {
        using var process = started;
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
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end");
        }
    }
}
