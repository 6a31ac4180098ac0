using Salus.Cloud.Accounts;

namespace Salus.Cloud.Mail;

/// <summary>A letter that waits to be written and sent, until it expires.</summary>
internal abstract record PendingLetter(MailAddress To, DateTimeOffset Expires)
{
    /// <summary>Never address or code: this may end up in a log.</summary>
    public sealed override string ToString() => "[redacted]";

    /// <summary>The letter for an address with or without an account.</summary>
    public abstract Letter Write(bool accountExists);
}

/// <summary>Tells an owner that somebody asks for access. Who and why is sealed, and not in a mail.</summary>
internal sealed record RequestLetter(MailAddress To, DateTimeOffset Expires) : PendingLetter(To, Expires)
{
    public override Letter Write(bool accountExists) => new(To, "Somebody asks for access to your records", """
        Hello,

        somebody who knows your telephone number asks for access to some of your
        records in Salus. Nobody has got access by that.

        To see who asks, for what and why, and to approve or deny it, open Salus
        and look at "Requests" (with the command line: salus requests). You have
        fourteen days. If you do nothing, the request expires.

        This mail contains no link on purpose: open Salus yourself.

        Salus
        """);
}

/// <summary>Brings an asker the code that releases a grant. The cloud keeps it nowhere.</summary>
internal sealed record ReleaseLetter(MailAddress To, string Code, DateTimeOffset Expires) : PendingLetter(To, Expires)
{
    public override Letter Write(bool accountExists) => new(To, "Your request for access was approved", $"""
        Hello,

        your request for access to records in Salus was approved.
        Type this code where Salus asks for it ("Claim", or with the command line:
        salus claim):

            {Code[..5]}-{Code[5..]}

        It works within 24 hours, and five wrong tries end the access for good.
        Without your account the code opens nothing. Give it to no one.

        If you asked for nothing, do nothing.

        Salus
        """);
}
