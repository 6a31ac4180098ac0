namespace Salus.Cloud.Mail;

/// <summary>Delivers one letter: into a folder or to a mail server. Throws when it could not.</summary>
internal interface IMailer
{
    Task SendAsync(Letter letter, CancellationToken cancellation);
}
