using System.Net.Http;
using System.Security.Cryptography.X509Certificates;

namespace Salus.Hosting;

/// <summary>How a server speaks to another of its installation.</summary>
public static class OutgoingHttp
{
    /// <param name="authority">A PEM file with the private authority that signed the others' certificates, or null for the system's.</param>
    public static SocketsHttpHandler Handler(string? authority)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10), MaxResponseHeadersLength = 16 };
        if (authority is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(authority);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        return handler;
    }
}
