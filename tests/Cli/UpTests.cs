using System.Net.Http.Json;
using System.Text.Json;
using Salus.Protocol.Http;

namespace Salus.Cli.Tests;

/// <summary>An installation that is up.</summary>
public class UpTests(RunningInstallation installation) : IClassFixture<RunningInstallation>
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    private readonly TemporaryData _data = installation.Data;

    [Fact]
    public void StatusHasExactlyItsShape()
    {
        var status = _data.Status().Json;
        Assert.Equal(["cloud", "trustees", "stores", "postgres", "mail", "page", "audits"], Names(status));
        Assert.Equal(["url", "pid"], Names(status.GetProperty("cloud")));
        Assert.Equal(3, status.GetProperty("trustees").GetArrayLength());
        Assert.Equal(4, status.GetProperty("stores").GetArrayLength());
        Assert.All(status.GetProperty("trustees").EnumerateArray().Concat(status.GetProperty("stores").EnumerateArray()), party => Assert.Equal(["url", "pid", "data"], Names(party)));
        Assert.Equal(["port", "pid"], Names(status.GetProperty("postgres")));
        Assert.Equal(_data.In("mail"), status.GetProperty("mail").GetString());
        Assert.Equal($"http://localhost:{_data.Port}", status.GetProperty("cloud").GetProperty("url").GetString());
        Assert.Equal($"http://localhost:{_data.Port + 1}", status.GetProperty("trustees")[0].GetProperty("url").GetString());
        Assert.Equal($"http://localhost:{_data.Port + 7}", status.GetProperty("stores")[3].GetProperty("url").GetString());
        Assert.Equal(_data.In("store-4"), status.GetProperty("stores")[3].GetProperty("data").GetString());
        Assert.Equal(_data.Port + 8, status.GetProperty("postgres").GetProperty("port").GetInt32());

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
    }

    [Fact]
    public void UpAnswersTheSameDocumentAsStatus() =>
        Assert.Equal(["cloud", "trustees", "stores", "postgres", "mail", "page", "audits"], installation.Start.Json.EnumerateObject().Select(member => member.Name));

    [Fact]
    public void EveryPartyIsAProcessOfItsOwn()
    {
        var pids = _data.Pids();
        Assert.Equal(9, pids.Values.Distinct().Count());
        Assert.All(pids.Values, pid => Assert.True(TemporaryData.Lives(pid)));
    }

    [Fact]
    public async Task EveryServerIsReady()
    {
        using var http = new HttpClient();
        for (var port = _data.Port; port < _data.Port + 8; port++)
            using (var answer = await http.GetAsync(new Uri($"http://localhost:{port}{Paths.Ready}")))
                Assert.True(answer.IsSuccessStatusCode, $"{port}: {answer.StatusCode}");
    }

    [Fact]
    public async Task TheCloudNamesThePartiesOfTheDirectory()
    {
        using var http = new HttpClient();
        var told = await http.GetFromJsonAsync<PartyDirectory>(new Uri($"http://localhost:{_data.Port}{Paths.Parties}"));
        var kept = JsonSerializer.Deserialize<PartyDirectory>(File.ReadAllText(_data.In("parties.json")), JsonSerializerOptions.Web)!;
        Assert.Equal(kept.Cloud.Key, told!.Cloud.Key);
        Assert.Equal(kept.Trustees, told.Trustees);
        Assert.Equal(kept.Stores, told.Stores);
        Assert.Null(kept.Authority);
        Assert.Equal(8, kept.Trustees.Select(trustee => trustee.Key).Concat(kept.Stores.Select(store => store.Key)).Append(kept.Cloud.Key).Distinct().Count());
    }

    [Fact]
    public void WhatIsOnDiskIsForItsUserAlone()
    {
        // The group postgres may pass through, when root runs this, and see nothing.
        Assert.Equal(Environment.IsPrivilegedProcess ? OwnFolder | UnixFileMode.GroupExecute : OwnFolder, File.GetUnixFileMode(_data.Folder));
        foreach (var folder in Directory.GetDirectories(_data.Folder))
            Assert.True(File.GetUnixFileMode(folder) == OwnFolder, $"{folder}: {File.GetUnixFileMode(folder)}");
        var files = Directory.GetFiles(_data.Folder).Concat(new[] { "config", "logs" }.SelectMany(folder => Directory.GetFiles(_data.In(folder))))
            .Concat(Directory.GetFiles(_data.Folder, "identity.key", SearchOption.AllDirectories));
        foreach (var file in files)
            Assert.True(File.GetUnixFileMode(file) == OwnFile, $"{file}: {File.GetUnixFileMode(file)}");
    }

    [Fact]
    public void EachPartySeesItsOwnSchemaAndNoOther()
    {
        var passwords = JsonDocument.Parse(File.ReadAllText(_data.In("database.json"))).RootElement;
        foreach (var role in new[] { "cloud", "trustee1", "trustee2", "trustee3" })
        {
            var password = passwords.GetProperty(role).GetString()!;
            Assert.Equal("t", Psql(role, password, $"select has_schema_privilege('{role}', 'CREATE')").Trim());
            foreach (var other in new[] { "cloud", "trustee1", "trustee2", "trustee3", "public" }.Where(other => other != role))
                Assert.Equal("f", Psql(role, password, $"select has_schema_privilege('{other}', 'USAGE') or has_schema_privilege('{other}', 'CREATE')").Trim());
            Assert.Equal("f", Psql(role, password, "select has_database_privilege('salus', 'CREATE') or has_database_privilege('salus', 'TEMP')").Trim());
            Assert.Equal("f", Psql(role, password, "select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls from pg_roles where rolname = current_user").Trim());
            Assert.Contains("pg_hba.conf", Psql(role, password, "select 1", "postgres"), StringComparison.Ordinal);
            Assert.Contains("authentication failed", Psql(role, "wrong", "select 1"), StringComparison.Ordinal);
        }
        Assert.Contains("pg_hba.conf", Psql("postgres", "", "select 1"), StringComparison.Ordinal);
    }

    [Fact]
    public void ASecondUpIsRefused()
    {
        foreach (var arguments in new[] { _data.Arguments("up"), _data.Arguments("up", "--detach") })
        {
            var before = _data.Pids();
            var outcome = CommandLine.Run(arguments);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains("already", outcome.Errors, StringComparison.Ordinal);
            Assert.Contains("salus down", outcome.Errors, StringComparison.Ordinal);
            Assert.Equal(before, _data.Pids());
        }
    }

    [Fact]
    public void StatusIsReadable()
    {
        var outcome = CommandLine.Run(_data.Arguments("status"));
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(9, outcome.Output.Split('\n').Count(line => line.Contains(" healthy ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("store-2")]
    [InlineData("trustee-3")]
    [InlineData("cloud")]
    [InlineData("postgres")]
    public async Task APartyThatDiesIsStartedAgain(string name)
    {
        var before = _data.Pids();
        System.Diagnostics.Process.GetProcessById(before[name]!.Value).Kill();
        await TemporaryData.UntilAsync(() => _data.Pids()[name] is { } pid && pid != before[name], name + " has another pid");
        await TemporaryData.UntilAsync(() => File.ReadAllText(_data.In("logs/up.log")).Contains($"{name} is back", StringComparison.Ordinal), name + " is back");
        var after = _data.Pids();
        Assert.Equal(before.Where(pair => pair.Key != name), after.Where(pair => pair.Key != name));
        await TemporaryData.UntilAsync(() => CommandLine.Run(_data.Arguments("status")).Output.Split('\n').Count(line => line.Contains(" healthy ", StringComparison.Ordinal)) == 9, "all healthy");
    }

    private string Psql(string role, string password, string query, string database = "salus")
    {
        var start = new System.Diagnostics.ProcessStartInfo("psql", ["-h", "127.0.0.1", "-p", $"{_data.Port + 8}", "-U", role, "-d", database, "-XAtc", query])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PGPASSWORD"] = password, ["LC_ALL"] = "C" },
        };
        using var psql = System.Diagnostics.Process.Start(start)!;
        var answer = psql.StandardOutput.ReadToEnd() + psql.StandardError.ReadToEnd();
        psql.WaitForExit();
        return answer;
    }
}
