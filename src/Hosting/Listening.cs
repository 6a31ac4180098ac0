using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Salus.Hosting;

/// <summary>How Kestrel listens: loopback or TLS, and how much of a client it puts up with.</summary>
internal static class Listening
{
    public static void Apply(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowResponseHeaderCompression = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.Connections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = BodyLimit.DefaultBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));

        var (host, port) = (options.Url.IdnHost.Trim('[', ']'), options.Url.Port);
        if (IPAddress.TryParse(host, out var address))
            kestrel.Listen(address, port, listen => Secure(listen, options));
        else if (!options.IsLoopback)
            kestrel.ListenAnyIP(port, listen => Secure(listen, options));
        else if (port == 0)
            kestrel.Listen(IPAddress.Loopback, 0, listen => Secure(listen, options)); // any free port: the two families would get different ones
        else
            kestrel.ListenLocalhost(port, listen => Secure(listen, options));
    }

    private static void Secure(ListenOptions listen, ServerOptions options)
    {
        if (options.Tls is not { } tls)
        {
            listen.Protocols = HttpProtocols.Http1;
            return;
        }
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = tls.Load(),
            ServerCertificateChain = tls.LoadChain(),
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            HandshakeTimeout = TimeSpan.FromSeconds(10),
        });
    }
}
