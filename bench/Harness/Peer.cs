using System.Diagnostics;

namespace Salus.Bench.Harness;

/// <summary>Thrown when a bench cannot be run here; the message says what has to be done.</summary>
internal sealed class NotRunException(string message) : Exception(message);

/// <summary>A Debian package that a bench compares with, and how one sees that it is here.</summary>
internal sealed record Peer(string Package, Func<bool> IsHere)
{
    public static readonly Peer Age = new("age", () => OnPath("age") && OnPath("age-keygen"));
    public static readonly Peer Compiler = new("gcc", () => OnPath("cc"));
    public static readonly Peer CHeaders = new("libc6-dev", () => File.Exists("/usr/include/stdio.h"));
    public static readonly Peer Isal = new("libisal-dev", () => File.Exists("/usr/include/isa-l.h"));
    public static readonly Peer Node = new("nodejs", () => OnPath("node"));
    public static readonly Peer Npm = new("npm", () => OnPath("npm"));

    /// <summary>Installs what is missing when root; otherwise throws with the command that would.</summary>
    public static void Need(params Peer[] peers)
    {
        var missing = peers.Where(peer => !peer.IsHere()).Select(peer => peer.Package).ToArray();
        if (missing.Length == 0)
            return;
        var names = string.Join(' ', missing);
        if (!OnPath("apt-get"))
            throw new NotRunException($"missing {names} (names of the Debian packages)");
        if (Environment.UserName != "root")
            throw new NotRunException($"missing {names}: sudo apt-get install --no-install-recommends {names}");
        Console.Error.WriteLine($"bench: installing {names}");
        Run("/", "apt-get", "update", "-q");
        Run("/", "apt-get", ["install", "-q", "-y", "--no-install-recommends", .. missing]);
        if (peers.FirstOrDefault(peer => !peer.IsHere()) is { } still)
            throw new NotRunException($"{still.Package} was installed and is still not here");
    }

    /// <summary>Runs a program of the preparations. Throws with what it said when it fails.</summary>
    public static void Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" },
        }) ?? throw new NotRunException($"{program} does not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new NotRunException($"{program} {string.Join(' ', arguments)} failed: {Last(error.GetAwaiter().GetResult())} {Last(output)}".Trim());
    }

    private static string Last(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(" | ", lines.TakeLast(3));
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
