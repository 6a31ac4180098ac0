using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests;

/// <summary>The executable itself, with a configuration file.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Salus.Cloud");

    private readonly string _folder = Directory.CreateTempSubdirectory("salus-cloud-program-").FullName;

    [Fact]
    public async Task StartsServesAndStopsOnSigterm()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var port = FreePort();
        var file = Write(port, cluster.ConnectionString(await cluster.CreateDatabaseAsync("cloud"), "cloud"));
        var printed = JsonDocument.Parse((await RunAsync("--config", file, "--print-identity")).Output).RootElement;

        using var server = Start("--config", file);
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)));
        var errors = server.StandardError.ReadToEndAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://localhost:{port}") };
        var parties = await http.GetAsync(Paths.Parties).ReadAsync<PartyDirectory>();
        Assert.Equal(printed.GetProperty("key").GetString(), parties.Cloud.Key);
        Assert.Equal(3, parties.Trustees.Count);
        const string mail = "somebody.private@example.test";
        var sent = await http.PostAsJsonAsync(Paths.Registrations, new MailRequest(mail)).ReadAsync<CodeSent>();
        var letters = new LetterBox(Path.Combine(_folder, "data", "mail"));
        var code = await letters.CodeAsync(mail);
        await http.PostAsJsonAsync(Paths.CompleteLogin.Replace("{id}", sent.Id), new CompleteLogin(code)).ShouldBeAsync(Problems.CodeRefused);

        using (var signal = Process.Start("kill", ["-TERM", server.Id.ToString()]))
            await signal.WaitForExitAsync();
        await server.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, server.ExitCode);
        var log = await errors;
        Assert.Contains("POST /v1/registrations 202", log, StringComparison.Ordinal);
        foreach (var hidden in new[] { mail, code, code.Replace(" ", ""), sent.Id, "127.0.0.1", "Password" })
            Assert.DoesNotContain(hidden, log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task UnreachableDatabaseIsOneClearLine()
    {
        var file = Write(FreePort(), $"Host=127.0.0.1;Port={FreePort()};Database=salus;Username=cloud;Password=secret-password;Search Path=cloud");
        var (exit, _, errors) = await RunAsync("--config", file);
        Assert.Equal(1, exit);
        Assert.Contains("the database cannot be reached", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-password", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryFaultOfTheConfigurationIsNamed()
    {
        var file = Path.Combine(_folder, "bad.json");
        await File.WriteAllTextAsync(file, """
            { "url": "http://cloud.example.org:8000", "data": "d", "database": "nonsense", "mail": { "from": "Salus <salus@salus.test>" },
              "trustees": [{ "name": "t", "url": "http://localhost:1", "key": "xyz", "box": "xyz" }], "stores": [], "authority": "/nowhere.pem" }
            """);
        var (exit, _, errors) = await RunAsync("--config", file);
        Assert.Equal(2, exit);
        foreach (var member in new[] { "url:", "database:", "mail.from:", "mail:", "trustees: key of t:", "trustees: box of t:", "authority:" })
            Assert.Contains(member, errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(int port, string database)
    {
        var file = Path.Combine(_folder, "cloud.json");
        var hex = new string('a', 63);
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            url = $"http://localhost:{port}",
            data = Path.Combine(_folder, "data"),
            database,
            mail = new { from = "salus@localhost", pickup = Path.Combine(_folder, "data", "mail") },
            trustees = Enumerable.Range(1, 3).Select(i => new { name = $"trustee-{i}", url = $"http://localhost:{i}", key = hex + i, box = hex + i }),
            stores = Enumerable.Range(1, 4).Select(i => new { name = $"store-{i}", url = $"http://localhost:{i}", key = hex + i }),
            tls = (object?)null,
            authority = (string?)null,
        }));
        return file;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
