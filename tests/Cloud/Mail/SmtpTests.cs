using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salus.Cloud.Accounts;
using Salus.Cloud.Mail;
using Salus.Testing;

namespace Salus.Cloud.Tests.Mail;

/// <summary>Against a real SMTP server (aiosmtpd) that demands STARTTLS and a password.</summary>
public sealed class SmtpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salus-smtp-").FullName;
    private readonly List<Process> _servers = [];

    [Fact]
    public async Task LetterArrivesOverStartTls()
    {
        var (port, mails) = await StartServerAsync("localhost");
        await SendAsync(port, "authority.pem");
        var message = await File.ReadAllTextAsync(Assert.Single(Mails(mails)));
        Assert.Contains("To: anna@example.org", message, StringComparison.Ordinal);
        Assert.Contains("From: salus@salus.test", message, StringComparison.Ordinal);
        Assert.Contains("Subject: Your code for Salus", message, StringComparison.Ordinal);
        Assert.Contains("charset=utf-8", message, StringComparison.Ordinal);
        Assert.Contains("    1234 5678", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerOfAnUnknownAuthorityGetsNothing()
    {
        var (port, mails) = await StartServerAsync("localhost");
        CreateAuthority("other").Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(port, "other.pem"));
        Assert.Empty(Mails(mails));
    }

    [Fact]
    public async Task ServerWithACertificateForAnotherNameGetsNothing()
    {
        var (port, mails) = await StartServerAsync("mail.example.org");
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(port, "authority.pem"));
        Assert.Empty(Mails(mails));
    }

    [Fact]
    public async Task WrongPasswordIsAnErrorAndSendsNothing()
    {
        var (port, mails) = await StartServerAsync("localhost");
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(port, "authority.pem", password: "wrong"));
        Assert.Empty(Mails(mails));
    }

    [Fact]
    public async Task ServerWithoutStartTlsGetsNeitherPasswordNorLetter()
    {
        CreateAuthority("authority").Dispose();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var heard = ListenInClearAsync(listener);
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(((IPEndPoint)listener.LocalEndpoint).Port, "authority.pem"));
        var commands = await heard;
        Assert.DoesNotContain(commands, command => command.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase) || command.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void ConfigurationWithoutStartTlsIsRefused()
    {
        var options = new MailOptions { From = "salus@salus.test", Smtp = new SmtpOptions { Host = "localhost", User = "u", Password = "p", StartTls = false } };
        Assert.Contains(options.Faults(), fault => fault.StartsWith("mail.smtp.startTls", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private Task SendAsync(int port, string authority, string password = "salus")
    {
        var smtp = new SmtpOptions { Host = "localhost", Port = port, User = "salus", Password = password, Authority = Path.Combine(_folder, authority) };
        var mailer = new SmtpMailer(new MailOptions { From = "salus@salus.test", Smtp = smtp }, smtp);
        Assert.True(MailAddress.TryParse("anna@example.org", out var anna));
        return mailer.SendAsync(new CodeLetter(CodePurpose.Registration, anna, "12345678", DateTimeOffset.UnixEpoch).Write(accountExists: false), CancellationToken.None);
    }

    /// <summary>Starts the server with a certificate for <paramref name="name"/>; its port and the folder of new mails.</summary>
    private async Task<(int Port, string Mails)> StartServerAsync(string name)
    {
        using var authority = CreateAuthority("authority");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        var (certificateFile, keyFile) = (Path.Combine(_folder, "server.pem"), Path.Combine(_folder, "server.key"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());

        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        var mails = Path.Combine(_folder, "mails");
        var program = Path.GetFullPath(Path.Combine(Places.Data, "..", "tools", "smtp-sink.py"));
        Assert.True(File.Exists(program), $"The SMTP server for tests is not at {program}; it needs python3-aiosmtpd.");
        var start = new ProcessStartInfo("/usr/bin/python3", [program, port.ToString(), mails, certificateFile, keyFile]) { RedirectStandardOutput = true };
        var server = Process.Start(start)!;
        _servers.Add(server);
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync());
        return (port, Path.Combine(mails, "new"));
    }

    private X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Salus test {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        var authority = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + TimeSpan.FromDays(1));
        File.WriteAllText(Path.Combine(_folder, name + ".pem"), authority.ExportCertificatePem());
        return authority;
    }

    private static string[] Mails(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    /// <summary>A server that offers everything but STARTTLS; what it was told.</summary>
    private static async Task<List<string>> ListenInClearAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        var commands = new List<string>();
        await writer.WriteLineAsync("220 clear.test");
        while (await reader.ReadLineAsync() is { } command)
        {
            commands.Add(command);
            await writer.WriteLineAsync(command.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase) ? "250-clear.test\r\n250 AUTH LOGIN PLAIN" : "250 ok");
        }
        return commands;
    }
}
