using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Salus.Hosting;

/// <summary>
/// What every server is told. A server derives one sealed class from it and adds its own members: `required` where there is no default,
/// data annotations for simple rules, <see cref="Faults"/> for the rest.
/// </summary>
public abstract class ServerOptions
{
    /// <summary>
    /// Where the server listens. `http://localhost:PORT` binds 127.0.0.1 and ::1; a name or an address beyond loopback must be https and needs <see cref="Tls"/>.
    /// </summary>
    public required Uri Url { get; init; }

    /// <summary>The server's own folder: its identity and whatever it keeps on disk. Made when it is missing, readable by its user alone.</summary>
    public required string Data { get; init; }

    /// <summary>The certificate, or null for plain HTTP on loopback.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Requests that one remote address may make in a second, on average; four times as many in a burst.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 1000;

    /// <summary>Connections that may be open at once.</summary>
    [Range(1, 1_000_000)]
    public int Connections { get; init; } = 2000;

    /// <summary>Origins beyond this machine whose pages may read the answers in a browser: where a hosted page of this installation is. `https://salus.example.org`.</summary>
    public IReadOnlyList<Uri> PageOrigins { get; init; } = [];

    /// <summary>Every rule that the options break, as `member: what is wrong`. All of them, so that a person mends the file once.</summary>
    public virtual IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Data))
            yield return "data: is empty; give the server's folder";
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https") || Url.PathAndQuery != "/" || Url.UserInfo.Length > 0)
        {
            yield return "url: give http://localhost:PORT or https://NAME:PORT and nothing more";
            yield break;
        }
        if (Url.Scheme == "http" && !IsLoopback)
            yield return $"url: {Url.Host} is reachable from elsewhere, so it needs https and a certificate (tls)";
        if (Url.Scheme == "https" && Tls is null)
            yield return "tls: https needs a certificate and its key";
        if (Url.Scheme == "http" && Tls is not null)
            yield return "tls: a certificate is given but url says http";
        foreach (var origin in PageOrigins.Where(origin => !CrossOrigin.IsOrigin(origin)))
            yield return $"pageOrigins: {origin} is no origin; give https://NAME or https://NAME:PORT and nothing more";
        foreach (var fault in Tls?.Faults() ?? [])
            yield return fault;
    }

    /// <summary>Whether <see cref="Url"/> can be reached from this machine only.</summary>
    internal bool IsLoopback => Url.IdnHost == "localhost" || (IPAddress.TryParse(Url.IdnHost.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
