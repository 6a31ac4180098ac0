using System.Security.Cryptography.X509Certificates;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>The one HTTP client of a process: plain HTTP to this machine only, TLS to any other, trusting the installation's private CA where it has one.</summary>
internal static class Web
{
    /// <summary>Of an exchange with a server, unless its <see cref="Channel"/> has another. The client itself has none: it would cut those off that may take longer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static HttpClient Open(PartyDirectory parties) => Open(parties, Handler(parties.Authority));

    /// <summary>For what is not to be known as the same client's: it does not present the TLS sessions of other connections, which .NET keeps for the whole process.</summary>
    public static HttpClient OpenAnonymous(PartyDirectory parties) => Open(parties, AnonymousHandler(parties.Authority));

    internal static HttpMessageHandler AnonymousHandler(string? authority)
    {
        var handler = Handler(authority);
        if (!OperatingSystem.IsBrowser() && handler is SocketsHttpHandler native)
            native.SslOptions.AllowTlsResume = false;
        return handler;
    }

    private static HttpClient Open(PartyDirectory parties, HttpMessageHandler handler)
    {
        foreach (var url in parties.Trustees.Select(t => t.Url).Concat(parties.Stores.Select(s => s.Url)).Append(parties.Cloud.Url))
            if (!IsAllowed(url))
                throw new CannotException($"{url} is neither https nor on this machine. Salus speaks plain HTTP to localhost only.", Reasons.BadAddress);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestVersion = new Version(1, 1) };
    }

    public static bool IsAllowed(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private static HttpMessageHandler Handler(string? authority)
    {
        if (OperatingSystem.IsBrowser())
            return new HttpClientHandler { AllowAutoRedirect = false };
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        };
        if (authority is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authority);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        return handler;
    }
}
