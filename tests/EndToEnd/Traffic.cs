using System.Text.Json;
using System.Text.RegularExpressions;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>One request as a server sees it, without what differs from one request to the next: identifiers, numbers and values.</summary>
/// <param name="Server">"cloud", "trustee" or "store".</param>
/// <param name="Request">Method and path, identifiers as {id}; the names of the query's parameters.</param>
/// <param name="Carries">The names of a JSON body's members, or "octets", or "".</param>
internal sealed record Observed(string Server, string Request, string Carries);

/// <summary>Stands before all eight servers at once and writes down what each of them observes of somebody.</summary>
internal sealed partial class Traffic : IAsyncDisposable
{
    private readonly List<(string Server, Middleman Between)> _servers = [];

    private Traffic()
    {
    }

    /// <summary>From here on the person goes through recording middlemen.</summary>
    public static async Task<Traffic> OfAsync(SalusInstallation salus, params Person[] people)
    {
        var traffic = new Traffic();
        var parties = salus.Parties;
        foreach (var name in (string[])["cloud", .. SalusInstallation.TrusteeNames, .. SalusInstallation.StoreNames])
        {
            var between = await Middleman.BeforeAsync(salus.Parties.UrlOf(name));
            traffic._servers.Add((name.Split('-')[0], between));
            parties = parties.With(name, between.Url);
        }
        foreach (var person in people)
            await person.ThroughAsync(parties);
        return traffic;
    }

    /// <summary>What passed since the last time, and forgets it.</summary>
    public IReadOnlyList<(string Server, Exchange Exchange)> Take()
    {
        var taken = new List<(string, Exchange)>();
        foreach (var (server, between) in _servers)
            lock (between.Passed)
            {
                taken.AddRange(between.Passed.Select(exchange => (server, exchange)));
                between.Passed.Clear();
            }
        return taken;
    }

    public static Observed Observe(string server, Exchange exchange)
    {
        var parts = exchange.Path.Split('?');
        var names = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=')[0]).Order(StringComparer.Ordinal).ToArray();
        var query = names.Length == 0 ? "" : "?" + string.Join('&', names);
        return new Observed(server, $"{exchange.Method} {Tile().Replace(Identifier().Replace(parts[0], "/{id}"), "/log/tile/$1{tile}")}{query}", Members(exchange.Request));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, between) in _servers)
            await between.DisposeAsync();
    }

    private static string Members(byte[] body)
    {
        if (body.Length == 0)
            return "";
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? string.Join(' ', Names(json.RootElement)) : "octets";
        }
        catch (JsonException)
        {
            return "octets";
        }
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Value switch
    {
        { ValueKind: JsonValueKind.Object } value => $"{member.Name}({string.Join(' ', Names(value))})",
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first =>
            $"{member.Name}[{string.Join(' ', Names(first))}]",
        { ValueKind: JsonValueKind.Array } => $"{member.Name}[]",
        _ => member.Name,
    });

    // Hexadecimal, or a passkey's of 32 bytes in base64url.
    [GeneratedRegex("/(?:[0-9a-f]{32,64}|[0-9A-Za-z_-]{43})(?=/|$)")]
    private static partial Regex Identifier();

    [GeneratedRegex("^/log/tile/(entries/)?.*$")]
    private static partial Regex Tile();
}
