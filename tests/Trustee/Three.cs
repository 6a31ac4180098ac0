using Salus.Protocol;
using Salus.Testing;

namespace Salus.Trustee.Tests;

/// <summary>Three trustees that know each other, on one database.</summary>
internal sealed class Three : IAsyncDisposable
{
    public required TrusteeHost[] Hosts { get; init; }

    /// <summary>Their keys in the order in which they count themselves.</summary>
    public VerifyingKey[] Keys => [.. Hosts.Select(host => host.Key).OrderBy(key => key.ToString(), StringComparer.Ordinal)];

    /// <summary>The three in that order.</summary>
    public TrusteeHost[] InOrder => [.. Keys.Select(key => Hosts.Single(host => host.Key.Equals(key)))];

    public static Task<Three> StartAsync() => StartAsync((_, to) => to.Url);

    /// <param name="way">Where the first finds the second: something in between, perhaps.</param>
    /// <param name="change">What else is different about each.</param>
    public static async Task<Three> StartAsync(Func<TrusteeHost, TrusteeHost, Uri?> way, Action<TrusteeHost>? change = null)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync("trustee1", "trustee2", "trustee3");
        var hosts = new TrusteeHost[3];
        for (var i = 0; i < 3; i++)
            hosts[i] = await TrusteeHost.StartAsync(cluster, database, $"trustee{i + 1}");
        foreach (var host in hosts)
        {
            host.Others = [.. hosts.Where(other => other != host).Select(other =>
                new TrusteeMember(other.Key.ToString(), other.Box.ToString(), way(host, other), other.Role, other.WitnessKey.ToString()))];
            change?.Invoke(host);
            await host.RestartAsync();
        }
        return new Three { Hosts = hosts };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Hosts)
            await host.DisposeAsync();
    }
}
