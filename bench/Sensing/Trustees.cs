using System.Net.Http.Json;
using System.Text.Json;
using Salus.Bench.Harness;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.Bench.Sensing;

/// <summary>One of the trustees, as a device knows it.</summary>
internal sealed record BenchTrustee(Uri Url, VerifyingKey Key, BoxKey Box);

/// <summary>Three trustees as processes of their own, on one PostgreSQL.</summary>
internal sealed class Trustees : IAsyncDisposable
{
    private readonly List<ServerProcess> _servers = [];

    private Trustees()
    {
    }

    public IReadOnlyList<BenchTrustee> All { get; private set; } = [];

    /// <summary>The cloud whose tickets they take.</summary>
    public SigningKey Cloud { get; } = SigningKey.Generate();

    public static async Task<Trustees> StartAsync(Workbench bench, PostgresCluster cluster)
    {
        var program = Path.Combine(bench.Published, "Trustee", "Salus.Trustee");
        if (!File.Exists(program))
            throw new InvalidOperationException($"{program} is missing: `./salus build` makes it.");
        var three = new Trustees();
        string[] names = ["trustee1", "trustee2", "trustee3"];
        var database = await cluster.CreateDatabaseAsync(names);
        var folder = bench.Folder("trustees");
        // Which three hold the hardening key together matters to no reading.
        var strangers = "123".Select(digit => new
        {
            name = $"stranger-{digit}", url = "http://localhost:1", key = new string(digit, 64), box = new string(digit, 64), witness = Vkey(NoteSigner.Witness),
        }).ToArray();
        var log = Vkey(NoteSigner.Log);
        var all = new List<BenchTrustee>();
        foreach (var name in names)
        {
            var url = new Uri($"http://localhost:{FreePort.Next()}");
            var config = Path.Combine(folder, name + ".json");
            await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new
            {
                url, data = Path.Combine(folder, name), name, database = cluster.ConnectionString(database, name), cloudKey = three.Cloud.PublicKey.ToString(), log, trustees = strangers,
                requestsPerSecond = 10_000, requestsPerSecondAndKey = 10_000, requestsAtOncePerKey = 10_000,
            }));
            three._servers.Add(await ServerProcess.StartAsync(program, config));
            using var http = new HttpClient { BaseAddress = url };
            var identity = await http.GetFromJsonAsync<JsonElement>(new Uri(Paths.Identity, UriKind.Relative));
            all.Add(VerifyingKey.TryParse(Bytes(identity, "key"), out var key) && BoxKey.TryParse(Bytes(identity, "box"), out var box)
                ? new BenchTrustee(url, key, box) : throw new InvalidOperationException("A trustee shows no keys."));
        }
        three.All = all;
        return three;
    }

    private static string Vkey(Func<Secret, NoteSigner> of)
    {
        using var signer = of(Secret.Random(32));
        return signer.Key.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        Cloud.Dispose();
    }

    private static byte[] Bytes(JsonElement identity, string name) => Convert.FromHexString(identity.GetProperty(name).GetString()!);
}
