using System.Diagnostics;

namespace Salus.Cli.Parties;

/// <summary>How `up` runs other programs: none of them sees the terminal's Ctrl-C, the user's secrets in the environment, or a file that `up` holds open.</summary>
internal static class Commands
{
    // What a server may need from the environment; SALUS_PASSPHRASE and its like stay here.
    private static readonly string[] Kept = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];
    private static readonly string[] KeptPrefixes = ["DOTNET_", "OTEL_", "LC_", "AWS_"];

    /// <summary>The user that PostgreSQL runs as when `up` runs as root, which it refuses.</summary>
    public const string PostgresUser = "postgres";

    /// <summary>In a session of its own, with both outputs appended to the log. The process that is started is the command itself: shell and setsid become it.</summary>
    public static Process Start(string log, IEnumerable<string> command)
    {
        var start = Info(["/bin/sh", "-c", "exec setsid \"$@\" </dev/null >>\"$0\" 2>&1", log, .. command]);
        return Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
    }

    /// <summary>With all three of its streams in the hands of this process.</summary>
    public static Process StartAttached(IEnumerable<string> command)
    {
        var info = Info(command);
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        return Start(info, info.FileName);
    }

    /// <summary>Runs to the end. Answers what it wrote to stdout; a failure throws with what it wrote to stderr.</summary>
    /// <param name="what">What failed, for the message: "initdb".</param>
    public static async Task<string> RunAsync(string what, IEnumerable<string> command, string input, CancellationToken cancel)
    {
        var info = Info(command);
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        using var process = Start(info, what);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it read; its exit code tells.
            }
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? await output
                : throw new StoppedException($"{what} failed (exit code {process.ExitCode}): {Tail(await errors + await output)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The command as the user postgres, without any privilege, when this is root; else as it is.</summary>
    public static IEnumerable<string> AsPostgres(IEnumerable<string> command) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=" + PostgresUser, "--regid=" + PostgresUser, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", .. command]
        : command;

    /// <summary>The last lines of a log, indented.</summary>
    public static string Tail(string text, int lines = 8) =>
        string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines).Select(line => $"{Environment.NewLine}    {line.TrimEnd()}"));

    private static ProcessStartInfo Info(IEnumerable<string> command)
    {
        var parts = command.ToList();
        var info = new ProcessStartInfo(parts[0], parts.Skip(1)) { UseShellExecute = false };
        foreach (var name in info.Environment.Keys.ToList())
            if (!Kept.Contains(name) && !KeptPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                info.Environment.Remove(name);
        // Eight servers share this machine, and start at once: small heaps, and code as it was compiled.
        info.Environment.TryAdd("DOTNET_gcServer", "0");
        info.Environment.TryAdd("DOTNET_TieredPGO", "0");
        return info;
    }

    private static Process Start(ProcessStartInfo info, string what)
    {
        try
        {
            return Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new StoppedException($"{what} cannot be run: {error.Message}");
        }
    }
}
