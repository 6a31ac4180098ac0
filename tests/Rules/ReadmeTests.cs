using System.Diagnostics;
using Salus.Testing;

namespace Salus.Rules.Tests;

/// <summary>
/// What README.md tells people to type, typed: each ```sh block that follows a line `&lt;!-- tested --&gt;`, in order, in one shell at the root of the checkout,
/// with data and ports of its own.
/// </summary>
public class ReadmeTests
{
    private const string Mark = "<!-- tested -->";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public void MarkedCommandsOfTheReadmeWork()
    {
        var readme = Path.Combine(Places.Root, "README.md");
        if (!File.Exists(readme))
            Assert.Skip("There is no README.md in this checkout.");
        var blocks = Blocks(File.ReadAllLines(readme)).ToList();
        Assert.NotEmpty(blocks);
        var folder = Directory.CreateTempSubdirectory("salus-readme-");
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["SALUS_DATA"] = Path.Combine(folder.FullName, "data"),
                ["SALUS_PORT"] = FreePort.Row(10).ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["SALUS_PASSPHRASE"] = "a passphrase for the readme's test",
                ["TMPDIR"] = folder.FullName,
            };
            try
            {
                var (exitCode, output) = Run(string.Join('\n', blocks.SelectMany(block => block)), environment);
                Assert.True(exitCode == 0, $"exit code {exitCode}:\n{output}");
            }
            finally
            {
                Run("./salus down", environment);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void BlocksAreFoundByTheirMark()
    {
        string[] text =
            ["# Salus", "```sh", "not this", "```", Mark, "```sh", "./salus up --detach", "./salus down", "```", Mark, "", "```sh", "true", "```", Mark, "text"];
        Assert.Equal([["./salus up --detach", "./salus down"], ["true"]], Blocks(text));
    }

    private static IEnumerable<IReadOnlyList<string>> Blocks(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() != Mark)
                continue;
            var fence = i + 1;
            while (fence < lines.Length && lines[fence].Trim().Length == 0)
                fence++;
            if (fence < lines.Length && lines[fence].Trim() == "```sh")
                yield return [.. lines.Skip(fence + 1).TakeWhile(line => line.Trim() != "```")];
        }
    }

    private static (int ExitCode, string Output) Run(string script, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", "exec 2>&1 </dev/null\n" + script])
        {
            WorkingDirectory = Places.Root, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync();
        if (!shell.WaitForExit(Patience))
            shell.Kill(entireProcessTree: true);
        shell.WaitForExit();
        return (shell.ExitCode, output.Wait(TimeSpan.FromSeconds(10)) ? output.Result : "(a process that was left behind holds the output)");
    }
}
