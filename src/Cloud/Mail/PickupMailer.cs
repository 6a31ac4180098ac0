using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salus.Hosting;

namespace Salus.Cloud.Mail;

/// <summary>
/// Writes each letter as an `.eml` file (RFC 5322) into a folder: for one machine, where a person or a mail transfer agent picks it up. A name that
/// ends in `.eml` is a whole letter.
/// </summary>
internal sealed class PickupMailer(MailOptions options, string folder, TimeProvider time) : IMailer
{
    public Task SendAsync(Letter letter, CancellationToken cancellation)
    {
        DurableFiles.CreatePrivateFolder(folder);
        var now = time.GetUtcNow();
        var moment = now.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        var name = $"{moment}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.eml";
        return DurableFiles.TryCreate(Path.Combine(folder, name), Encoding.UTF8.GetBytes(Format(letter, now)))
            ? Task.CompletedTask
            : throw new IOException("The letter's name is taken.");
    }

    /// <summary>
    /// Lines end in CR LF; no header holds anything but ASCII that was checked: see <see cref="Accounts.MailAddress"/> and <see
    /// cref="MailOptions"/>.
    /// </summary>
    private string Format(Letter letter, DateTimeOffset now) => string.Join("\r\n", [
        $"From: {options.From}",
        $"To: {letter.To.Value}",
        $"Subject: {letter.Subject}",
        $"Date: {now.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)}",
        $"Message-ID: <{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{options.FromDomain}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        .. letter.Text.ReplaceLineEndings("\n").Split('\n'),
        "",
    ]);
}
