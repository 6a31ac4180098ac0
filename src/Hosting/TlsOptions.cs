using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Salus.Hosting;

/// <summary>A certificate (with its intermediates behind it) and its private key, both PEM files.</summary>
public sealed class TlsOptions
{
    public required string Certificate { get; init; }

    public required string Key { get; init; }

    internal IEnumerable<string> Faults()
    {
        foreach (var (member, path) in new[] { ("tls.certificate", Certificate), ("tls.key", Key) })
            if (!File.Exists(path))
                yield return $"{member}: there is no file {path}";
        if (!File.Exists(Certificate) || !File.Exists(Key))
            yield break;
        if (!TryLoad(out var reason))
            yield return $"tls: {reason}";
    }

    internal X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(Certificate, Key);

    internal X509Certificate2Collection LoadChain()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Certificate);
        return chain;
    }

    private bool TryLoad(out string reason)
    {
        try
        {
            using var certificate = Load();
            reason = "";
            return true;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            reason = $"{Certificate} and {Key} are not a certificate and its key in PEM ({error.Message})";
            return false;
        }
    }
}
