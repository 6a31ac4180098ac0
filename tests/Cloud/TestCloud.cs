using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Cloud.Tests.Log;
using Salus.Hosting.Pages;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests;

/// <summary>A cloud on Kestrel with a database of its own, its letters in a folder, three trustees and four stores that are keys only.</summary>
internal sealed class TestCloud : IAsyncDisposable
{
    private static readonly Uri Nowhere = new("http://localhost:1");

    private readonly WebApplication _app;
    private bool _isReplica;

    private TestCloud(
        WebApplication app, PostgresCluster cluster, string database, CloudOptions options, ManualTime time, SigningKey[] trustees, SigningKey[] stores)
    {
        (_app, Cluster, Database, Options, Time, Trustees, Stores) = (app, cluster, database, options, time, trustees, stores);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.First()) };
        Letters = new LetterBox(options.Mail.Pickup!);
    }

    public HttpClient Http { get; }

    public PostgresCluster Cluster { get; }

    public string Database { get; }

    public CloudOptions Options { get; }

    public ManualTime Time { get; }

    public SigningKey[] Trustees { get; }

    public SigningKey[] Stores { get; }

    /// <summary>The key with which the cloud signs.</summary>
    public async Task<VerifyingKey> KeyAsync() => CloudOptions.ParseKey((await Http.GetFromJsonAsync<PartyDirectory>(Paths.Parties))!.Cloud.Key);

    public LetterBox Letters { get; }

    /// <summary>Starts a cloud on a fresh database, or a replica of <paramref name="of"/> on the same one.</summary>
    public static async Task<TestCloud> StartAsync(TestCloud? of = null, int codesPerHour = 1000, QuotaOptions? quota = null, MailOptions? mail = null, PageOptions? page = null,
        IReadOnlyList<TestWitness>? witnesses = null)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = of?.Database ?? await cluster.CreateDatabaseAsync("cloud");
        var trustees = of?.Trustees ?? [.. Enumerable.Range(0, 3).Select(_ => SigningKey.Generate())];
        var stores = of?.Stores ?? [.. Enumerable.Range(0, 4).Select(_ => SigningKey.Generate())];
        var data = of?.Options.Data ?? Path.Combine(Path.GetTempPath(), "salus-cloud-" + RandomNumberGenerator.GetHexString(8, lowercase: true));
        var options = new CloudOptions
        {
            Url = new Uri("http://localhost:0"),
            Data = data,
            Database = cluster.ConnectionString(database, "cloud"),
            Mail = mail ?? new MailOptions { From = "salus@salus.test", Pickup = Path.Combine(data, "mail") },
            Trustees = of?.Options.Trustees ?? [.. trustees.Select((key, i) =>
                new TrusteeParty($"trustee-{i + 1}", witnesses?[i].Url ?? Nowhere, key.PublicKey.ToString(), key.PublicKey.ToString(), witnesses?[i].Key.ToString()))],
            Stores = [.. stores.Select((key, i) => new Party($"store-{i + 1}", Nowhere, key.PublicKey.ToString()))],
            CodesPerHour = codesPerHour,
            Quota = quota ?? new QuotaOptions(),
            Page = page,
            CodesPerMinute = 10_000,
            RequestsPerSecond = 1_000_000,
        };
        var time = of?.Time ?? new ManualTime();
        var app = await CloudServer.Create().StartAsync(options, time);
        return new TestCloud(app, cluster, database, options, time, trustees, stores) { _isReplica = of is not null };
    }

    /// <summary>The database itself, as the cloud's role sees it.</summary>
    public CloudDatabase OpenDatabase()
    {
        var builder = new DbContextOptionsBuilder<CloudDatabase>();
        CloudDatabase.Configure(builder, Cluster.ConnectionString(Database, "cloud"));
        return new CloudDatabase(builder.Options);
    }

    /// <summary>Asks for a code and answers where to bring it.</summary>
    public async Task<string> RequestCodeAsync(string path, string mail)
    {
        var response = await Http.PostAsJsonAsync(path, new MailRequest(mail));
        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<CodeSent>())!.Id;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (!_isReplica)
            Directory.Delete(Options.Data, recursive: true);
    }
}

/// <summary>One cloud for all tests of a class. Who moves the clock or fills a quota starts a cloud of their own.</summary>
public sealed class SharedCloud : IAsyncLifetime
{
    internal TestCloud Cloud { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cloud = await TestCloud.StartAsync();

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();
}
