using System.CommandLine;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`recovery restore|prove|renew|passphrase`: the kit that opens an account without its passphrase.</summary>
internal sealed class RecoveryVerb : Command
{
    public RecoveryVerb() : base("recovery", "the recovery kit and the passphrase")
    {
        Add(new Restore());
        Add(new Prove());
        Add(new Renew());
        Add(new Passphrase());
    }

    /// <summary>Opens an account on a clean profile with the kit, and sets a new passphrase.</summary>
    private sealed class Restore : Verb
    {
        private readonly MailArgument _mail = new();
        private readonly Option<string> _cloud = new("--cloud") { Description = "the cloud's address, when it is not in the data folder", HelpName = "URL" };

        public Restore() : base("restore", "open an account with its recovery kit and set a new passphrase")
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
            using var passphrase = Prompt.NewPassphrase();
            var pending = await enrolment.StartLoginAsync(mail, call.Cancel);
            Terminal.Say($"A code is on its way to {mail}.");
            var code = Prompt.Line("Code from the mail: ");
            using var kit = RecoveryKit.Parse(Prompt.Line("Recovery kit (groups of four): "));
            using var account = await Unlocked.ArriveAsync(call, passphrase, () => enrolment.RestoreAsync(pending, code, kit, passphrase, TimeProvider.System, call.Cancel));
            call.Terminal.Print($"{account.Mail} is open again, with the new passphrase.");
            Unlocked.Warn(account);
            call.Terminal.Answer(IdentityDocument.Of(account), CliJson.Default.IdentityDocument);
            return ExitCode.Done;
        }
    }

    /// <summary>Tries the kit on paper without using it.</summary>
    private sealed class Prove() : Verb("prove", "check that the kit on paper opens the account")
    {
        protected override async Task<int> RunAsync(Call call)
        {
            using var account = await Unlocked.OpenAsync(call);
            using var kit = RecoveryKit.Parse(Prompt.Line("Recovery kit (groups of four): "));
            await account.ProveKitAsync(kit, call.Cancel);
            call.Terminal.Print("The kit opens the account.");
            call.Terminal.Answer(new DoneDocument(true), CliJson.Default.DoneDocument);
            return ExitCode.Done;
        }
    }

    /// <summary>Prints a new kit, and only then has it take the place of the old one: at any moment one that is on paper opens the account.</summary>
    private sealed class Renew : Verb
    {
        private readonly Option<string> _kit = new("--kit") { Description = "also write it to a file", HelpName = "FILE" };

        public Renew() : base("renew", "print a new kit; the old one ends") => Add(_kit);

        protected override async Task<int> RunAsync(Call call)
        {
            using var account = await Unlocked.OpenAsync(call);
            using var renewal = await KitRenewal.BeginAsync(account);
            KitSheet.Show(call, account, renewal.Kit, call.Value(_kit));
            try
            {
                await renewal.AdoptAsync(call.Cancel);
            }
            catch
            {
                Terminal.Say("Keep both kits: it is not known which of them is in force. `salus recovery prove` tells; else begin again.");
                throw;
            }
            call.Terminal.Print("The new kit is in force. Destroy the old one.");
            call.Terminal.Answer(new DoneDocument(true), CliJson.Default.DoneDocument);
            return ExitCode.Done;
        }
    }

    /// <summary>Sets a new passphrase.</summary>
    private sealed class Passphrase() : Verb("passphrase", "change the passphrase")
    {
        protected override async Task<int> RunAsync(Call call)
        {
            using var account = await Unlocked.OpenAsync(call);
            using var passphrase = Prompt.ChangedPassphrase();
            await account.ChangePassphraseAsync(passphrase, call.Cancel);
            call.Terminal.Print("The passphrase is changed.");
            call.Terminal.Answer(new DoneDocument(true), CliJson.Default.DoneDocument);
            return ExitCode.Done;
        }
    }
}
