using Salus.Protocol.Http;

namespace Salus.Attack.Tests.Servers;

/// <summary>
/// All eight servers in the hands of one adversary who has no key of anybody's: every request and answer of whoever goes through passes here, is kept, and may be changed, held back,
/// sent elsewhere or answered with an earlier one. One for the whole project, on one real installation.
/// </summary>
public sealed class HostileServers(SalusInstallation salus) : IAsyncLifetime
{
    private readonly List<Middleman> _between = [];
    private readonly Lock _order = new();
    private readonly List<Seen> _history = [];
    private readonly List<(string Party, Func<Exchange, bool> Concerns, Func<Exchange, Task> Mutate)> _answers = [];
    private readonly List<(string Party, Func<Exchange, Task<bool>> Answer)> _instead = [];

    internal static IReadOnlyList<string> Names { get; } = ["cloud", .. SalusInstallation.TrusteeNames, .. SalusInstallation.StoreNames];

    internal SalusInstallation Salus => salus;

    internal Cast Cast { get; private set; } = null!;

    /// <summary>The servers by the addresses where they are reached through here.</summary>
    internal PartyDirectory Parties { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Parties = salus.Parties;
        foreach (var name in Names)
        {
            var between = await Middleman.BeforeAsync(salus.Parties.UrlOf(name));
            between.Instead = exchange => InsteadAsync(name, exchange);
            between.Change = exchange => ChangeAsync(name, exchange);
            _between.Add(between);
            Parties = Parties.With(name, between.Url);
        }
        Cast = await Cast.GatherAsync(this);
    }

    public async ValueTask DisposeAsync()
    {
        Cast?.Dispose();
        foreach (var between in _between)
            await between.DisposeAsync();
    }

    /// <summary>Changes the successful answers of a party ("cloud", "trustee-2", "store" for all stores) at a path; below it, when it ends in a slash.</summary>
    internal void Mutate(string party, string path, Action<Exchange> mutate, string? method = null) => MutateAsync(party, path, exchange =>
    {
        mutate(exchange);
        return Task.CompletedTask;
    }, method);

    internal void MutateAsync(string party, string path, Func<Exchange, Task> mutate, string? method = null)
    {
        lock (_order)
            _answers.Add((party, exchange => exchange.Status is >= 200 and < 300 && Meets(exchange, path) && (method is null || exchange.Method == method), mutate));
    }

    /// <summary>Answers in a party's place where the function says so; it may also only look at the request, or change where it goes.</summary>
    internal void Instead(string party, Func<Exchange, bool> answer) => InsteadAsync(party, exchange => Task.FromResult(answer(exchange)));

    internal void InsteadAsync(string party, Func<Exchange, Task<bool>> answer)
    {
        lock (_order)
            _instead.Add((party, answer));
    }

    /// <summary>From here on everything passes as it is.</summary>
    internal void BeHonest()
    {
        lock (_order)
        {
            _answers.Clear();
            _instead.Clear();
        }
    }

    /// <summary>How much has passed so far.</summary>
    internal int Now
    {
        get
        {
            lock (_order)
                return _history.Count;
        }
    }

    /// <summary>What has passed since, in its order.</summary>
    internal IReadOnlyList<Seen> Since(int mark)
    {
        lock (_order)
            return [.. _history.Skip(mark)];
    }

    internal static bool Meets(Exchange exchange, string path)
    {
        var asked = exchange.Path.Split('?')[0];
        return path.EndsWith('/') ? asked.StartsWith(path, StringComparison.Ordinal) : asked == path;
    }

    private static bool Is(string name, string party) => name == party || name.Split('-')[0] == party;

    private async Task<bool> InsteadAsync(string name, Exchange exchange)
    {
        (string Party, Func<Exchange, Task<bool>> Answer)[] all;
        lock (_order)
            all = [.. _instead.Where(one => Is(name, one.Party))];
        foreach (var (_, answer) in all)
            if (await answer(exchange))
                return true;
        return false;
    }

    private async Task ChangeAsync(string name, Exchange exchange)
    {
        (string Party, Func<Exchange, bool> Concerns, Func<Exchange, Task> Mutate)[] all;
        lock (_order)
        {
            _history.Add(new Seen(name, exchange, exchange.Status, exchange.Body));
            all = [.. _answers.Where(one => Is(name, one.Party) && one.Concerns(exchange))];
        }
        foreach (var (_, _, mutate) in all)
            await mutate(exchange);
    }
}

/// <summary>An exchange, and what the server itself had answered.</summary>
internal sealed record Seen(string Party, Exchange Exchange, int Status, byte[] Honest);

[CollectionDefinition(nameof(HostileServers))]
public sealed class HostileCollection : ICollectionFixture<HostileServers>;
