using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Salus.Crypto;
using Salus.Crypto.Statistics.Noise;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;
using Salus.Trustee.Statistics;
using Salus.Trustee.Witness;

namespace Salus.Trustee.Tests;

/// <summary>A clock that the test sets. Timers run by the real one.</summary>
internal sealed class TestTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>Called before each look at the clock.</summary>
    public Action? Read { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        Read?.Invoke();
        return Now;
    }
}

/// <summary>
/// A trustee over HTTP on a free port and in a schema of its own on real PostgreSQL; it can be stopped and started again over the same data.
/// </summary>
internal sealed class TrusteeHost : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("salus-trustee-").FullName;
    private readonly string _connection;
    private readonly int _port = FreePort.Next();
    private readonly SemaphoreSlim _following = new(1, 1);
    private readonly long _before = TestLog.Shared.Size;
    private long _followed;
    private WebApplication? _app;

    private TrusteeHost(PostgresCluster cluster, string database, string role)
    {
        (Cluster, Database, Role) = (cluster, database, role);
        _connection = cluster.ConnectionString(database, role);
    }

    public PostgresCluster Cluster { get; }

    public string Database { get; }

    public string Role { get; }

    public TestTime Time { get; } = new();

    /// <summary>The same after every restart.</summary>
    public Uri Url => new($"http://127.0.0.1:{_port}");

    public VerifyingKey Key { get; private set; } = null!;

    public BoxKey Box { get; private set; } = null!;

    /// <summary>What this trustee cosigns the log with.</summary>
    public NoteSigner Witness { get; private set; } = null!;

    public NoteKey WitnessKey => Witness.Key;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>The cloud that this trustee believes.</summary>
    public SigningKey Cloud { get; } = new(Enumerable.Repeat((byte)7, 32).ToArray());

    /// <summary>The trustees that hold the hardening key with this one; strangers unless a test says otherwise. Taken at the next start.</summary>
    public IReadOnlyList<TrusteeMember> Others { get; set; } = [.. Enumerable.Range(1, 2).Select(i => Stranger((byte)i))];

    public int EvaluationsPerHourAndAccount { get; set; } = 1000;

    public int EvaluationsPerHour { get; set; } = 100_000;

    public int PeerSeconds { get; set; } = 10;

    /// <summary>What is added to sums. Taken at the next start.</summary>
    public NoiseAdder Noise { get; set; } = NoiseInput.AddAsync;

    /// <summary>Taken at the next start.</summary>
    public CohortThreshold Threshold { get; set; } = CohortThreshold.Usual;

    public long ReadingsPerAccount { get; set; } = 1_000_000;

    /// <summary>Whether the shared log is brought here before each request that may need it, as the cloud would have.</summary>
    public bool Follows { get; set; } = true;

    public IServiceProvider Services => _app!.Services;

    /// <summary>A trustee in a fresh database that has the roles and schemas of two.</summary>
    public static async Task<TrusteeHost> StartAsync(int requestsAtOncePerKey = 100_000)
    {
        var cluster = await PostgresCluster.SharedAsync();
        return await StartAsync(cluster, await cluster.CreateDatabaseAsync("trustee1", "trustee2"), "trustee1", requestsAtOncePerKey);
    }

    public static async Task<TrusteeHost> StartAsync(PostgresCluster cluster, string database, string role, int requestsAtOncePerKey = 100_000)
    {
        var host = new TrusteeHost(cluster, database, role);
        await host.StartServerAsync(requestsAtOncePerKey);
        return host;
    }

    public async Task RestartAsync()
    {
        if (_app is not null)
            await StopServerAsync();
        await StartServerAsync(100_000);
    }

    public async Task<Answer> PostAsync(string path, byte[] body)
    {
        if (Follows && path is Paths.Reencryptions or Paths.ReadingRequests)
            await FollowAsync();
        return await SendAsync(HttpMethod.Post, path, body);
    }

    /// <summary>Brings what this trustee lacks of the shared log. What was there before the trustee it takes as followed, for other tests have filled it.</summary>
    public async Task FollowAsync()
    {
        await _following.WaitAsync();
        try
        {
            for (var end = TestLog.Shared.Size; _followed < end;)
            {
                if (_followed == 0 && _before > 0)
                    await TakeOverAsync();
                var next = Math.Min(end, _followed + 1000);
                var answer = await SendAsync(HttpMethod.Post, Paths.WitnessEntries, TestLog.Shared.Push(_followed, next, Time.Now));
                if (answer.Status != 200)
                    return;
                _followed = next;
            }
        }
        finally
        {
            _following.Release();
        }
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : new ByteArrayContent(body) };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await Http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var type = response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonDocument.Parse(bytes).RootElement.GetProperty("type").GetString()! : "";
        return new Answer((int)response.StatusCode, type.Replace(Problems.Prefix, "", StringComparison.Ordinal), bytes);
    }

    /// <summary>Uses the trustee's own database context.</summary>
    public async Task<T> InDatabaseAsync<T>(Func<TrusteeDatabase, Task<T>> use)
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TrusteeDatabase>());
    }

    /// <summary>As the superuser, in the trustee's schema.</summary>
    public Task<string> SqlAsync(string sql) => Cluster.ExecuteAsync(Database, $"SET search_path = {Role}; {sql}");

    public Task<int> CountAsync<T>() where T : class => InDatabaseAsync(database => database.Set<T>().CountAsync());

    public async Task StopAsync()
    {
        await StopServerAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await StopServerAsync();
        _following.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task TakeOverAsync()
    {
        var (frontier, root) = TestLog.Shared.Followed(_before);
        await InDatabaseAsync(async database =>
        {
            database.Followed.Add(new FollowedRow { Size = _before, Frontier = frontier, Root = root, Note = TestLog.Shared.Note((int)_before, Time.Now) });
            return await database.SaveChangesAsync();
        });
        _followed = _before;
    }

    private static TrusteeMember Stranger(byte number)
    {
        using var signing = new SigningKey(Enumerable.Repeat(number, 32).ToArray());
        using var box = new UnboxingKey(Enumerable.Repeat(number, 32).ToArray());
        return new TrusteeMember(signing.PublicKey.ToString(), box.PublicKey.ToString(), Witness: TestLog.Shared.Witnesses[number].Key.ToString());
    }

    private async Task StartServerAsync(int requestsAtOncePerKey)
    {
        using var self = ServerIdentity.OpenOrCreate(_data);
        Witness = NoteSigner.Witness(self.Derive(Domains.WitnessKey, 32));
        _app = await TrusteeServer.Create(Time, Noise, Threshold).StartAsync(new TrusteeOptions
        {
            Url = Url, Data = _data, Name = Role, Database = _connection, RequestsPerSecond = 100_000,
            RequestsAtOncePerKey = requestsAtOncePerKey, RequestsPerSecondAndKey = 1,
            CloudKey = Cloud.PublicKey.ToString(), Log = TestLog.Shared.Signer.Key.ToString(), Directory = Convert.ToHexStringLower(TestLog.Directory),
            Trustees = [new TrusteeMember(self.Key.ToString(), self.Unboxing.PublicKey.ToString(), Witness: WitnessKey.ToString()), .. Others],
            EvaluationsPerHourAndAccount = EvaluationsPerHourAndAccount, EvaluationsPerHour = EvaluationsPerHour, ReadingsPerAccount = ReadingsPerAccount, PeerSeconds = PeerSeconds,
        });
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        var identity = await Http.GetFromJsonAsync<JsonElement>(new Uri(Paths.Identity, UriKind.Relative));
        Assert.Equal(Role, identity.GetProperty("name").GetString());
        Assert.True(VerifyingKey.TryParse(Convert.FromHexString(identity.GetProperty("key").GetString()!), out var key));
        Assert.True(BoxKey.TryParse(Convert.FromHexString(identity.GetProperty("box").GetString()!), out var box));
        (Key, Box) = (key, box);
    }

    private async Task StopServerAsync()
    {
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await using var pooled = new NpgsqlConnection(_connection);
        NpgsqlConnection.ClearPool(pooled); // the cluster is shared by all tests, and its connections are few
    }
}

/// <summary>What a trustee answered: `Problem` is the code of a refusal, or empty.</summary>
internal sealed record Answer(int Status, string Problem, byte[] Bytes)
{
    /// <summary>Asserts the status and the code of a refusal.</summary>
    public void Refuses(int status, string problem) => Assert.Equal((status, problem), (Status, Problem));
}
