using System.Globalization;
using Salus.Cloud.Accounts;

namespace Salus.Cloud.Mail;

/// <summary>A mail as a person reads it: plain text, lines of at most 78 characters.</summary>
internal sealed record Letter(MailAddress To, string Subject, string Text)
{
    /// <summary>Never address or text: this may end up in a log.</summary>
    public override string ToString() => "[redacted]";
}

/// <summary>A request for a code that waits for its letter.</summary>
internal sealed record CodeLetter(CodePurpose Purpose, MailAddress To, string Code, DateTimeOffset Expires) : PendingLetter(To, Expires)
{
    public override Letter Write(bool accountExists) => (Purpose, accountExists) switch
    {
        (CodePurpose.Registration, false) => new Letter(To, "Your code for Salus", $"""
            Hello,

            someone, probably you, is opening a Salus account for this mail address.
            Type this code where Salus asks for it:

                {Shown}

            It works once, within ten minutes (until {Until} UTC), and only where
            you asked for it. Nobody from Salus will ever ask you for it: give it
            to no one, by phone, mail or chat.

            If it was not you, do nothing. Without the code no account is opened.

            Salus
            """),
        (CodePurpose.Registration, true) => new Letter(To, "You already have a Salus account", $"""
            Hello,

            someone, probably you, tried to open a Salus account for this mail
            address. You already have one, so there is nothing to open.

            To use it, choose "Log in" instead of "Register" (with the command line:
            salus login) and give this mail address. You will get a code by mail and
            then need your passphrase, or your recovery kit if you have lost it.

            If it was not you, do nothing. Your account is as it was.

            Salus
            """),
        (CodePurpose.Login, true) => new Letter(To, "Your code for Salus", $"""
            Hello,

            someone, probably you, is logging in to your Salus account.
            Type this code where Salus asks for it:

                {Shown}

            It works once, within ten minutes (until {Until} UTC), and only where
            you asked for it. Nobody from Salus will ever ask you for it: give it
            to no one, by phone, mail or chat.

            If it was not you, do nothing. Without the code nobody gets in, and
            without your passphrase nobody can read your records.

            Salus
            """),
        _ => new Letter(To, "There is no Salus account for this address", $"""
            Hello,

            someone, probably you, tried to log in to Salus with this mail address.
            It has no account.

            If you have an account, log in with the mail address you opened it with.
            If you want one, choose "Register" (with the command line: salus register).

            If it was not you, do nothing.

            Salus
            """),
    };

    private string Shown => $"{Code[..4]} {Code[4..]}";

    private string Until => Expires.ToString("HH:mm", CultureInfo.InvariantCulture);
}
