using System.CommandLine;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`verify-contact MAIL`: shows somebody's fingerprint, and remembers that it was compared with the person.</summary>
internal sealed class VerifyContactVerb : Verb
{
    private readonly Argument<string> _mail = new("MAIL") { Description = "whose" };
    private readonly Option<string> _compared = new("--compared") { Description = "the digits that you have compared with the person: remember it", HelpName = "DIGITS" };
    private readonly Option<bool> _accept = new("--accept-new-key") { Description = "take the new keys of someone whose account has changed" };

    public VerifyContactVerb() : base("verify-contact", "compare somebody's fingerprint with them")
    {
        Add(_mail);
        Add(_compared);
        Add(_accept);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var contacts = new Contacts(account);
        var contact = call.Value(_accept) ? await contacts.RepinAsync(call.Value(_mail)!, call.Cancel) : await contacts.ResolveAsync(call.Value(_mail)!, call.Cancel);
        Terminal.Say($"Ask {contact.Title} for the digits that `salus whoami` shows them, by voice or in person, and compare:");
        call.Terminal.Print(contact.Card.Fingerprint);
        // The cloud is asked anew each time: what was compared is what was given, and not whatever it shows now.
        if (call.Value(_compared) is { } digits)
            Contacts.CheckFingerprint(contact, digits);
        var compared = call.Value(_compared) is not null || (!contact.Verified && Prompt.Confirm("Are they the same, digit by digit?"));
        if (compared)
            await contacts.ConfirmAsync(contact);
        var verified = compared || contact.Verified;
        Terminal.Say(verified ? $"{contact.Mail} is verified." : $"{contact.Mail} is not verified yet.");
        call.Terminal.Answer(new ContactDocument(contact.Mail, contact.Card.Account.ToString(), contact.Card.Organisation, contact.Card.Fingerprint, verified),
            CliJson.Default.ContactDocument);
        return ExitCode.Done;
    }
}
