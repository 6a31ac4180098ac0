using System.CommandLine;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`register MAIL`: a new account, with a one-time code by mail, a passphrase and a recovery kit.</summary>
internal sealed class RegisterVerb : Verb
{
    private readonly MailArgument _mail = new();
    private readonly Option<string> _cloud = new("--cloud") { Description = "the cloud's address, when it is not in the data folder", HelpName = "URL" };
    private readonly Option<string> _kit = new("--kit") { Description = "also write the recovery kit to a file", HelpName = "FILE" };

    private readonly Option<string> _organisation = new("--organisation") { Description = "for a hospital or laboratory: the name that its card carries", HelpName = "NAME" };

    public RegisterVerb() : base("register", "make an account: a code comes by mail, a recovery kit is printed")
    {
        _mail.AddTo(this);
        Add(_cloud);
        Add(_organisation);
        Add(_kit);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var mail = _mail.Of(call);
        var organisation = call.Value(_organisation);
        Enrolment.CheckOrganisation(organisation);
        using var enrolment = new Enrolment(Unlocked.ProfileOf(call), await Unlocked.PartiesAsync(call, call.Value(_cloud))) { Device = Unlocked.Device };
        using var passphrase = Prompt.NewPassphrase();
        var pending = await enrolment.StartRegistrationAsync(mail, call.Cancel);
        Terminal.Say($"A code is on its way to {mail}. It holds until {pending.Expires:HH:mm}Z.");
        var (account, kit) = await enrolment.RegisterAsync(pending, Prompt.Line("Code from the mail: "), passphrase, organisation, TimeProvider.System, call.Cancel);
        using var unlocked = call.Holding(account);
        using var printed = kit;
        await new Client.Partitions.PartitionKeys(account).EnsureStandardAsync(call.Cancel);
        KitSheet.Show(call, account, kit, call.Value(_kit));
        call.Terminal.Print($"Registered {account.Mail}{(organisation is null ? "" : $" as {organisation}")}. Your fingerprint, for people to compare: {account.Card.Fingerprint}");
        await account.CheckCardAsync(call.Cancel);
        Unlocked.Warn(account);
        call.Terminal.Answer(IdentityDocument.Of(account), CliJson.Default.IdentityDocument);
        return ExitCode.Done;
    }
}
