using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Salus.Cli.Parties;

/// <summary>
/// The private certificate authority of `up --tls`: ca/authority.pem, which clients pin, and its key beside it. Each server has a certificate for localhost
/// in its own folder; one that ends soon is replaced at the next start.
/// </summary>
internal sealed class Authority(DataFolder data, TimeProvider clock)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(397);
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(30);

    public string CertificatePath => Path.Combine(data.Authority, "authority.pem");

    private string KeyPath => Path.Combine(data.Authority, "authority.key");

    public string CertificateOf(PartyPlan party) => Path.Combine(data.Of(party), "tls.pem");

    public string KeyOf(PartyPlan party) => Path.Combine(data.Of(party), "tls.key");

    /// <summary>Makes what is missing or ends soon. Answers the authority's certificate in PEM.</summary>
    public string Prepare()
    {
        DataFolder.MakePrivate(data.Authority);
        if (!File.Exists(CertificatePath) && !File.Exists(KeyPath))
            MakeAuthority();
        using var authority = Read(CertificatePath, KeyPath);
        foreach (var party in PartyPlan.All)
            if (!IsGood(party, authority))
                MakeServer(party, authority);
        return File.ReadAllText(CertificatePath);
    }

    /// <summary>What a client of an installation trusts: with `up --tls` the private authority, and no other.</summary>
    public static SslClientAuthenticationOptions Trust(DataFolder data)
    {
        var path = new Authority(data, TimeProvider.System).CertificatePath;
        var options = new SslClientAuthenticationOptions();
        if (!File.Exists(path))
            return options;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        options.CertificateChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(path));
        return options;
    }

    private void MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Salus private authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now + AuthorityLife);
        DataFolder.WritePrivate(KeyPath, key.ExportPkcs8PrivateKeyPem());
        DataFolder.WritePrivate(CertificatePath, certificate.ExportCertificatePem() + "\n");
    }

    private void MakeServer(PartyPlan party, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + party.Name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // server authentication
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = clock.GetUtcNow();
        var end = now + ServerLife < authority.NotAfter ? now + ServerLife : authority.NotAfter;
        using var certificate = request.Create(authority, now.AddHours(-1), end, RandomNumberGenerator.GetBytes(16));
        DataFolder.WritePrivate(KeyOf(party), key.ExportPkcs8PrivateKeyPem());
        DataFolder.WritePrivate(CertificateOf(party), certificate.ExportCertificatePem() + "\n");
    }

    private bool IsGood(PartyPlan party, X509Certificate2 authority)
    {
        if (!File.Exists(CertificateOf(party)) || !File.Exists(KeyOf(party)))
            return false;
        using var certificate = Read(CertificateOf(party), KeyOf(party));
        return certificate.NotAfter.ToUniversalTime() > clock.GetUtcNow().UtcDateTime + Renewal
            && certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData);
    }

    private X509Certificate2 Read(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException)
        {
            throw Installation.Damaged(data, $"{certificate} with {key} cannot be read ({error.Message})");
        }
    }
}
