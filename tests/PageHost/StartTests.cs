using System.Diagnostics;
using System.Text.Json;
using Salus.Testing;

namespace Salus.PageHost.Tests;

/// <summary>The executable as `salus open` starts it.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly string Program = ServerProcess.Program("Salus.PageHost");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly SignedPage _page = new();

    public void Dispose()
    {
        _page.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PrintsTheAddressThenThatItListensAndEndsWithItsStarter()
    {
        var port = FreePort.Next();
        using var server = Process.Start(new ProcessStartInfo(Program, ["--config", Configure($"http://localhost:{port}")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = server.StandardError.ReadToEndAsync();
        var address = new Uri((await server.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        Assert.Equal($"http://localhost:{port}/open", address.GetLeftPart(UriPartial.Path));
        using (var client = new HttpClient())
            Assert.Equal(SignedPage.Files["index.html"], await client.GetByteArrayAsync(address)); // with the cookie, through the redirection
        server.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, server.ExitCode);
        Assert.DoesNotContain(address.Query.Split('=')[1], await errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangedByteKeepsItFromStarting()
    {
        _page.Change(SignedPage.Script);
        var (exitCode, output, errors) = await ServerProcess.RunAsync(Program, "--config", Configure($"http://localhost:{FreePort.Next()}"));
        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains(SignedPage.Script, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://localhost:7180")]
    [InlineData("http://0.0.0.0:7180")]
    [InlineData("http://example.org:7180")]
    public async Task ItIsForItsOwnMachineOnly(string url)
    {
        var (exitCode, _, errors) = await ServerProcess.RunAsync(Program, "--config", Configure(url));
        Assert.Equal(2, exitCode);
        Assert.Contains("url: ", errors, StringComparison.Ordinal);
    }

    private string Configure(string url)
    {
        File.WriteAllText(_folder.File("config.json"), JsonSerializer.Serialize(new
        {
            url, data = _folder.File("data"), page = new { folder = _page.Folder, key = _page.Key },
            cloud = new { cloud = "http://localhost:7100", authority = (string?)null }, parties = new[] { "http://localhost:7100" }, endsWithInput = true,
        }));
        return _folder.File("config.json");
    }
}
