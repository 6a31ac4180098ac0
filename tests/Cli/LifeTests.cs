using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Salus.Cli.Parties;
using Salus.Protocol.Http;

namespace Salus.Cli.Tests;

/// <summary>From the first start to the last stop, with what may go wrong between.</summary>
public class LifeTests
{
    [Fact]
    public async Task DownStopsAllAndUpFindsItAllAgain()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Up().ExitCode);
        var (keys, pids) = (File.ReadAllText(data.In("parties.json")), data.Pids());
        Assert.Equal(0, data.Down().ExitCode);
        Assert.All(pids.Values, pid => Assert.False(TemporaryData.Lives(pid)));
        Assert.False(File.Exists(data.In("up.json")));
        Assert.Equal(1, data.Status().ExitCode);

        // Without --port the ports of before; an operator's own settings stay.
        var configuration = JsonNode.Parse(File.ReadAllText(data.In("config/store-1.json")))!;
        configuration["quotaBytes"] = 12345678;
        File.WriteAllText(data.In("config/store-1.json"), "// mine\n" + configuration.ToJsonString());
        var again = await CommandLine.RunAsync(["up", "--detach", "--data", data.Folder]);
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(keys, File.ReadAllText(data.In("parties.json")));
        var kept = JsonNode.Parse(File.ReadAllText(data.In("config/store-1.json")), null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        Assert.Equal(12345678, kept!["quotaBytes"]!.GetValue<int>());
        Assert.True(File.Exists(data.In("logs/cloud.log.1")));
    }

    [Fact]
    public void AFolderFromBeforeThereWasALogLearnsItsKeys()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Up().ExitCode);
        var parties = File.ReadAllText(data.In("parties.json"));
        Assert.Equal(0, data.Down().ExitCode);
        var older = JsonNode.Parse(parties)!;
        Assert.True(older["cloud"]!.AsObject().Remove("log"));
        Assert.All(older["trustees"]!.AsArray(), trustee => Assert.True(trustee!.AsObject().Remove("witness")));
        File.WriteAllText(data.In("parties.json"), older.ToJsonString());

        var up = data.Up();
        Assert.True(up.ExitCode == 0, up.ToString());
        Assert.Equal(parties, File.ReadAllText(data.In("parties.json")));
    }

    [Theory]
    [InlineData(nameof(ProcessMark.Signal.Interrupt))]
    [InlineData(nameof(ProcessMark.Signal.Terminate))]
    public async Task SignalsStopAForegroundUpInOrder(string signal)
    {
        using var data = new TemporaryData();
        using var up = CommandLine.Start(data.Arguments("up"));
        var errors = up.StandardError.ReadToEndAsync();
        var shown = "";
        while (await up.StandardOutput.ReadLineAsync() is { } line)
        {
            shown += line + "\n";
            if (line.StartsWith("Stop:", StringComparison.Ordinal))
                break;
        }
        Assert.Contains($"http://localhost:{data.Port}", shown, StringComparison.Ordinal);
        var pids = data.Pids();
        ProcessMark.Of(up.Id)!.Send(Enum.Parse<ProcessMark.Signal>(signal));
        await up.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(up.ExitCode == 0, await errors);
        Assert.All(pids.Values, pid => Assert.False(TemporaryData.Lives(pid)));
        Assert.Contains("database system is shut down", File.ReadAllText(data.In("logs/postgres.log")), StringComparison.Ordinal);
        Assert.False(File.Exists(data.In("up.json")));
    }

    [Fact]
    public async Task WithoutRoomToWriteItDownAPartyIsStartedAgainAndAllIsStillStopped()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Up().ExitCode);
        var store = data.Pids()["store-1"]!.Value;
        using var supervisor = Process.GetProcessById(JsonNode.Parse(File.ReadAllText(data.In("up.json")))!["supervisor"]!["pid"]!.GetValue<int>());
        // A long log, of which nobody reads more than the end, and a place in which nothing can be written.
        using (var log = new FileStream(data.In("logs/store-1.log"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            log.SetLength(3L << 30);
        Directory.CreateDirectory(data.In("up.json.new"));
        ProcessMark.Of(store)!.Send(ProcessMark.Signal.Kill);
        await TemporaryData.UntilAsync(() => File.ReadAllText(data.In("logs/up.log")).Contains("store-1 is back", StringComparison.Ordinal), "the store is back");
        Assert.True(new FileInfo(data.In("logs/store-1.log")).Length < 1 << 20);
        Assert.Equal(8, Ours(data).Count(line => line.Contains("--config", StringComparison.Ordinal)));

        ProcessMark.Of(supervisor.Id)!.Send(ProcessMark.Signal.Terminate);
        await supervisor.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(Ours(data));
    }

    /// <summary>The command lines of all processes that name the folder.</summary>
    private static List<string> Ours(TemporaryData data)
    {
        var lines = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
            try
            {
                lines.Add(File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
            }
        return [.. lines.Where(line => line.Contains(data.Folder, StringComparison.Ordinal))];
    }

    [Fact]
    public async Task DownCleansUpAfterAKilledSupervisor()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Up().ExitCode);
        var pids = data.Pids();
        await KillSupervisorAsync(data);
        Assert.All(pids.Values, pid => Assert.True(TemporaryData.Lives(pid)));
        Assert.Contains("was killed", CommandLine.Run(data.Arguments("status")).Output, StringComparison.Ordinal);
        Assert.Equal(0, data.Down().ExitCode);
        Assert.All(pids.Values, pid => Assert.False(TemporaryData.Lives(pid)));
    }

    [Fact]
    public async Task UpTakesOverAfterAKilledSupervisor()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Up().ExitCode);
        var before = data.Pids();
        await KillSupervisorAsync(data);
        var outcome = data.Up();
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.All(before.Values, pid => Assert.False(TemporaryData.Lives(pid)));
        Assert.Equal(9, data.Pids().Values.Count(TemporaryData.Lives));
    }

    [Fact]
    public async Task AStartThatIsKilledHalfwayIsFinishedByTheNext()
    {
        using var data = new TemporaryData();
        using (var up = CommandLine.Start(data.Arguments("up")))
        {
            await TemporaryData.UntilAsync(() => Directory.Exists(data.Folder) && Directory.EnumerateDirectories(data.Folder, "postgres*").Any(), "the cluster is begun");
            up.Kill();
            await up.WaitForExitAsync();
        }
        Assert.False(File.ReadAllText(data.In("installation.json")).Contains("\"prepared\":true", StringComparison.Ordinal));
        var outcome = data.Up();
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
    }

    [Fact]
    public async Task APartyThatCannotBeKeptRunningStopsAll()
    {
        using var data = new TemporaryData();
        Assert.Equal(0, data.Up().ExitCode);
        var pids = data.Pids();
        File.WriteAllText(data.In("config/trustee-2.json"), "{}");
        Process.GetProcessById(pids["trustee-2"]!.Value).Kill();
        await TemporaryData.UntilAsync(() => pids.Values.All(pid => !TemporaryData.Lives(pid)) && !File.Exists(data.In("up.json")), "all stopped");
        Assert.Contains("trustee-2 cannot be kept running", File.ReadAllText(data.In("logs/up.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatPostgresCannotReachKeepsTheClusterElsewhere()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("Only root runs PostgreSQL as another user.");
        using var data = new TemporaryData();
        File.SetUnixFileMode(data.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        for (var start = 0; start < 2; start++)
        {
            Assert.Equal(0, data.Up().ExitCode);
            Assert.NotNull(new DirectoryInfo(data.In("postgres")).LinkTarget);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data.Folder));
            Assert.Equal(9, data.Pids().Values.Count(TemporaryData.Lives));
            Assert.Equal(0, data.Down().ExitCode);
        }
    }

    [Fact]
    public async Task TlsUsesAnAuthorityOfItsOwn()
    {
        using var data = new TemporaryData();
        var outcome = data.Up("--tls");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var directory = JsonSerializer.Deserialize<PartyDirectory>(File.ReadAllText(data.In("parties.json")), JsonSerializerOptions.Web)!;
        Assert.Equal("https", directory.Cloud.Url.Scheme);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.In("ca/authority.key")));
        using var handler = new SocketsHttpHandler { SslOptions = Trusting(directory.Authority!) };
        using var http = new HttpClient(handler);
        foreach (var url in directory.Trustees.Select(trustee => trustee.Url).Concat(directory.Stores.Select(store => store.Url)).Append(directory.Cloud.Url))
            using (var answer = await http.GetAsync(new Uri(url, Paths.Ready)))
                Assert.True(answer.IsSuccessStatusCode);
        using var stranger = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(new Uri(directory.Cloud.Url, Paths.Ready)));
        Assert.Equal(9, CommandLine.Run(data.Arguments("status")).Output.Split('\n').Count(line => line.Contains(" healthy ", StringComparison.Ordinal)));
    }

    private static SslClientAuthenticationOptions Trusting(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static async Task KillSupervisorAsync(TemporaryData data)
    {
        var supervisor = JsonNode.Parse(File.ReadAllText(data.In("up.json")))!["supervisor"]!["pid"]!.GetValue<int>();
        Process.GetProcessById(supervisor).Kill();
        await TemporaryData.UntilAsync(() => !TemporaryData.Lives(supervisor), "the supervisor is gone");
    }
}
