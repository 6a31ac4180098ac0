using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Trustee.Tests;

public class ExecutableTests
{
    [Fact]
    public async Task PrintsItsIdentityServesAndStopsAtSigterm()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync("trustee1");
        var folder = Directory.CreateTempSubdirectory("salus-trustee-").FullName;
        var config = Path.Combine(folder, "trustee.json");
        var url = $"http://localhost:{FreePort()}";
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(
            new { url, data = Path.Combine(folder, "data"), name = "trustee-1", database = cluster.ConnectionString(database, "trustee1"), tls = (object?)null,
                cloudKey = new string('1', 64), log = TestLog.Shared.Signer.Key.ToString(),
                trustees = TestLog.Shared.Witnesses.Select((witness, i) => new { key = new string((char)('1' + i), 64), box = new string((char)('1' + i), 64), witness = witness.Key.ToString() }) }));

        using var printing = Start("--config", config, "--print-identity");
        var printed = JsonDocument.Parse(await printing.StandardOutput.ReadToEndAsync()).RootElement;
        await printing.WaitForExitAsync();
        Assert.Equal(0, printing.ExitCode);

        using var serving = Start("--config", config);
        try
        {
            Assert.Equal("ready", await serving.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)));
            using var http = new HttpClient { BaseAddress = new Uri(url) };
            var identity = await http.GetFromJsonAsync<JsonElement>(new Uri(Paths.Identity, UriKind.Relative));
            Assert.Equal(("trustee-1", printed.GetProperty("key").GetString(), printed.GetProperty("box").GetString()),
                (identity.GetProperty("name").GetString(), identity.GetProperty("key").GetString(), identity.GetProperty("box").GetString()));
            using var ready = await http.GetAsync(new Uri(Paths.Ready, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            var routes = (await http.GetFromJsonAsync<JsonElement>(new Uri(Paths.OpenApi, UriKind.Relative))).GetProperty("paths");
            string[] paths =
            [
                Paths.Identity, Paths.KFrags, Paths.Reencryptions, Paths.Revocations, Paths.Claims, Paths.HardeningContribution, Paths.HardeningKey, Paths.HardeningEvaluations,
                Paths.Readings, Paths.ReadingRequests, Paths.WitnessEntries, Paths.WitnessNewest, Paths.WitnessJournal,
            ];
            Assert.All(paths, path => Assert.True(routes.TryGetProperty(path, out _), path));

            using var kill = Process.Start("kill", ["-TERM", serving.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await serving.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(0, serving.ExitCode);
        }
        finally
        {
            if (!serving.HasExited)
                serving.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Salus.Trustee.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
