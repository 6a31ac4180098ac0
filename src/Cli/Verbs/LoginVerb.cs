using System.CommandLine;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`login MAIL`: a new session, on this device or a new one, with a code by mail and the passphrase.</summary>
internal sealed class LoginVerb : Verb
{
    private readonly MailArgument _mail = new();
    private readonly Option<string> _cloud = new("--cloud") { Description = "the cloud's address, when it is not in the data folder", HelpName = "URL" };

    public LoginVerb() : base("login", "begin a session on this device: a code comes by mail")
    {
        _mail.AddTo(this);
        Add(_cloud);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var profile = Unlocked.ProfileOf(call);
        var mail = _mail.Of(call);
        using var enrolment = new Enrolment(profile, profile.Exists ? profile.Load().Parties : await Unlocked.PartiesAsync(call, call.Value(_cloud)))
        {
            Device = Unlocked.Device, Operation = Name, Entered = account => call.Holding(account),
        };
        using var passphrase = Prompt.Passphrase();
        var pending = await enrolment.StartLoginAsync(mail, call.Cancel);
        Terminal.Say($"A code is on its way to {mail}. It holds until {pending.Expires:HH:mm}Z.");
        var code = Prompt.Line("Code from the mail: ");
        using var account = await Unlocked.ArriveAsync(call, passphrase, () => enrolment.LogInAsync(pending, code, passphrase, TimeProvider.System, call.Cancel));
        call.Terminal.Print($"Logged in as {account.Mail} until {account.SessionExpires:yyyy-MM-dd HH:mm}Z.");
        Unlocked.Warn(account);
        call.Terminal.Answer(IdentityDocument.Of(account), CliJson.Default.IdentityDocument);
        return ExitCode.Done;
    }
}
