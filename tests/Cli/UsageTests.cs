namespace Salus.Cli.Tests;

/// <summary>What a wrong command line answers: exit code 2, one line that helps, and with --json one document.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("up", "--bogus")]
    [InlineData("up", "--port", "many")]
    [InlineData("up", "--port", "70000")]
    [InlineData("down", "extra")]
    [InlineData("status", "--profile", "../else")]
    [InlineData("status", "--profile", "")]
    [InlineData("status", "--data", "")]
    public void WrongUsageIsExitCodeTwo(params string[] arguments)
    {
        using var data = new TemporaryData();
        if (!arguments.Contains("--data"))
            arguments = [.. arguments, "--data", data.Folder];
        var outcome = CommandLine.Run(arguments);
        Assert.True(outcome.ExitCode == 2, outcome.ToString());
        Assert.Empty(outcome.Output);
        Assert.StartsWith("salus: ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongUsageWithJsonIsOneDocument()
    {
        var outcome = CommandLine.Run("frobnicate", "--json");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(2, outcome.Json.GetProperty("exitCode").GetInt32());
        Assert.Contains("frobnicate", outcome.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NoVerbShowsHelp()
    {
        var outcome = CommandLine.Run();
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("up", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("up", "--help")]
    [InlineData("--version")]
    public void HelpAndVersionAreExitCodeZero(params string[] arguments)
    {
        var outcome = CommandLine.Run(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.NotEmpty(outcome.Output);
        Assert.Empty(outcome.Errors);
    }

    [Fact]
    public void NoOptionTakesASecret()
    {
        foreach (var verb in CommandLine.Run("--help").Output.Split("Commands:")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var help = CommandLine.Run(verb.Trim().Split(' ')[0], "--help").Output;
            foreach (var word in new[] { "--passphrase", "--password", "--sequence-key", "--code", "--token", "--secret" })
                Assert.DoesNotContain(word + " <", help, StringComparison.Ordinal); // a flag that asks for one is fine
        }
    }
}
