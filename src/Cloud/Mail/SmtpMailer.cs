using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Salus.Cloud.Mail;

/// <summary>
/// Hands letters to a mail server (RFC 5321) over STARTTLS (RFC 3207): a server that offers none, or whose certificate is not valid for its name,
/// gets neither password nor letter.
/// </summary>
internal sealed class SmtpMailer : IMailer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MailOptions _options;
    private readonly SmtpOptions _smtp;

    public SmtpMailer(MailOptions options, SmtpOptions smtp)
    {
        (_options, _smtp) = (options, smtp);
        if (smtp.Authority is { } authority)
            Trust(authority);
    }

    public async Task SendAsync(Letter letter, CancellationToken cancellation)
    {
        using var client = new SmtpClient(_smtp.Host, _smtp.Port)
        {
            EnableSsl = true, // STARTTLS, and an exception without it
            UseDefaultCredentials = false,
            Credentials = new NetworkCredential(_smtp.User, _smtp.Password),
        };
        using var message = new MailMessage(_options.From, letter.To.Value)
        {
            Subject = letter.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = letter.Text.ReplaceLineEndings("\r\n") + "\r\n",
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
            Headers = { { "Auto-Submitted", "auto-generated" } },
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience); // SmtpClient.Timeout holds for its synchronous methods only
        await client.SendMailAsync(message, patience.Token);
    }

    /// <summary>
    /// Trusts servers whose certificate a private authority has signed. SmtpClient asks this process-wide hook alone; nothing else in this process
    /// is a client of TLS through it (Npgsql and OTLP have their own).
    /// </summary>
    private static void Trust(string authorityFile)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authorityFile);
#pragma warning disable SYSLIB0014 // the replacement, HttpClient, does not send mail
        ServicePointManager.ServerCertificateValidationCallback = (_, certificate, presented, errors) =>
            errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && IsSignedBy(authorities, certificate, presented));
#pragma warning restore SYSLIB0014
    }

    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? presented)
    {
        if (certificate is null)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // a private authority publishes no list
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1")); // serverAuth
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore); // the intermediates that the server sent
        using var server = new X509Certificate2(certificate);
        return chain.Build(server);
    }
}
