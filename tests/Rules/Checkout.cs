using System.Diagnostics;
using System.Xml.Linq;
using Salus.Testing;

namespace Salus.Rules.Tests;

/// <summary>The checkout as files.</summary>
internal static class Checkout
{
    /// <summary>The projects under src/, by name without "Salus.".</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects { get; } = Directory
        .EnumerateFiles(Path.Combine(Places.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path)["Salus.".Length..], XDocument.Load);

    /// <summary>Every tracked file, from the root; of a checkout without git every file that is no output.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. TrackedFiles().Where(path => File.Exists(Path.Combine(Places.Root, path)))];

    public static IEnumerable<string> Sources(string folder) =>
        Files.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Places.Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Places.Root, path));

    /// <summary>The lines of a source without comments that stand alone or at the end: good enough to look for names, as no name here is in a string with "//".</summary>
    public static IEnumerable<string> Code(string path) => Lines(path).Select(line => line.Split("//")[0]);

    private static IEnumerable<string> TrackedFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Places.Root, RedirectStandardOutput = true,
        };
        if (!Path.Exists(Path.Combine(Places.Root, ".git")))
            return Directory.EnumerateFiles(Places.Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Places.Root, path))
                .Where(path => !path.Split('/').Any(part => part is "artifacts" or "node_modules" or ".salus"));
        using var git = Process.Start(start)!;
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? names.Split('\0', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException("git ls-files failed");
    }
}
