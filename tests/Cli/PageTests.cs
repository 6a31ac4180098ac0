using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Salus.Testing;

namespace Salus.Cli.Tests;

/// <summary>The page as `up` hosts it and as `open` serves it, and what `page` says of one.</summary>
public sealed class PageTests(RunningInstallation installation) : IClassFixture<RunningInstallation>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryData _data = installation.Data;

    private string Hosted => installation.Start.Json.GetProperty("page").GetString()!;

    [Fact]
    public async Task TheCloudHostsThePageAndSaysWhereItIs()
    {
        Assert.Equal($"http://localhost:{_data.Port}/", Hosted);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Hosted));
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var connect = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ").Single(directive => directive.StartsWith("connect-src ", StringComparison.Ordinal));
        Assert.Equal(["connect-src", "'self'", .. Enumerable.Range(_data.Port, 8).Select(port => $"http://localhost:{port}")], connect.Split(' '));
        using var cloud = JsonDocument.Parse(await http.GetStringAsync(new Uri(Hosted + "cloud.json")));
        Assert.Equal(Hosted.TrimEnd('/'), cloud.RootElement.GetProperty("cloud").GetString()!.TrimEnd('/'));
        Assert.Contains(Hosted, CommandLine.Run(_data.Arguments("status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryPartyMayBeAskedByTheHostedPage()
    {
        using var http = new HttpClient();
        for (var port = _data.Port; port < _data.Port + 8; port++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{port}/health/live") { Headers = { { "Origin", Hosted.TrimEnd('/') } } };
            using var answer = await http.SendAsync(request);
            Assert.Equal(Hosted.TrimEnd('/'), answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
    }

    [Fact]
    public void AHostedPageIsComparedWithTheOneOfThePackage()
    {
        var outcome = CommandLine.Run(_data.Arguments("page", Hosted, "--json"));
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(["page", "version", "build", "files"], outcome.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("development", outcome.Json.GetProperty("build").GetString());
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("viewer.html")]
    [InlineData("manifest.signed")]
    public async Task AChangedByteIsAnAlarmThatNamesTheFile(string file)
    {
        await using var host = await ForeignHost.StartAsync(new Uri(Hosted), file);
        var outcome = CommandLine.Run(_data.Arguments("page", host.Address));
        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("ALARM (Integrity)", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(file, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoPageIsSaid()
    {
        var outcome = CommandLine.Run(_data.Arguments("page", $"http://localhost:{_data.Port + 1}"));
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("There is no page", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(2, CommandLine.Run(_data.Arguments("page", "not-an-address")).ExitCode);
    }

    [Fact]
    public async Task OpenServesThePackagesPageToWhoHasTheAddressUntilItIsStopped()
    {
        var port = FreePort.Next();
        using var open = Start(port);
        var address = new Uri(await AddressAsync(open));
        using (var stranger = new HttpClient())
        using (var refused = await stranger.GetAsync(new Uri(address, "/")))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var invited = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }))
        using (var hosted = new HttpClient())
        {
            Assert.Equal(await hosted.GetByteArrayAsync(new Uri(Hosted)), await invited.GetByteArrayAsync(address));
            using var cloud = JsonDocument.Parse(await invited.GetStringAsync(new Uri(address, "/cloud.json")));
            Assert.Equal(Hosted.TrimEnd('/'), cloud.RootElement.GetProperty("cloud").GetString()!.TrimEnd('/'));
        }
        using (var stop = Process.Start("kill", ["-INT", $"{open.Id}"]))
            await stop.WaitForExitAsync();
        await open.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, open.ExitCode);
        await GoneAsync(address);
    }

    [Fact]
    public async Task NothingStaysBehindWhenOpenIsKilled()
    {
        using var open = Start(FreePort.Next());
        var address = new Uri(await AddressAsync(open));
        open.Kill();
        await GoneAsync(address);
    }

    [Fact]
    public async Task ATakenPortIsSaid()
    {
        using var first = Start(FreePort.Next());
        var port = new Uri(await AddressAsync(first)).Port;
        var outcome = CommandLine.Run(_data.Arguments("open", "--no-browser", "--port", $"{port}"));
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($"port {port} is taken", outcome.Errors, StringComparison.Ordinal);
        first.Kill();
    }

    private Process Start(int port) => Process.Start(new ProcessStartInfo(CommandLine.Program, [.. _data.Arguments("open", "--no-browser", "--port", $"{port}")]) { RedirectStandardOutput = true })!;

    private static async Task<string> AddressAsync(Process open)
    {
        var line = (await open.StandardOutput.ReadLineAsync().WaitAsync(Patience))!;
        return line[line.IndexOf("http", StringComparison.Ordinal)..];
    }

    private static Task GoneAsync(Uri address) => TemporaryData.UntilAsync(() =>
    {
        using var probe = new System.Net.Sockets.TcpClient();
        try
        {
            probe.Connect(IPAddress.Loopback, address.Port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }, "nobody listens any more");
}
