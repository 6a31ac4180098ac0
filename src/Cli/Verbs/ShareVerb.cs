using System.CommandLine;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`share --to MAIL`: grants somebody partitions, or with `--deposit` lets them add records, after showing that as a sentence with the fingerprint to compare.</summary>
internal sealed class ShareVerb : Verb
{
    private readonly Option<string> _to = new("--to") { Description = "with whom", HelpName = "MAIL", Required = true };
    private readonly Option<string[]> _partition = new("--partition") { Description = "what; may be repeated (by role)", HelpName = "P" };
    private readonly Option<string> _role = new("--role") { Description = "family, friend, doctor, pharmacist, insurer or researcher (doctor)", HelpName = "R" };
    private readonly Option<string> _from = new("--from") { Description = "from when: 2026-05-01, or with time 2026-05-01T09:00 (now)", HelpName = "D" };
    private readonly Option<string> _until = new("--until") { Description = "until when (without end)", HelpName = "D" };
    private readonly Option<string> _purpose = new("--purpose") { Description = "treatment, payment, family, research, emergency or coordination (by role)", HelpName = "T" };
    private readonly Option<bool> _fromNow = new("--only-new") { Description = "only what is added from now on, not what is there" };
    private readonly Option<bool> _deposit = new("--deposit") { Description = "let them add records, and read nothing (medical)" };
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };

    public ShareVerb() : base("share", "give somebody access to partitions")
    {
        foreach (Option option in new Option[] { _to, _partition, _role, _from, _until, _purpose, _fromNow, _deposit, _yes })
            Add(option);
        _partition.AllowMultipleArgumentsPerToken = true;
        Validators.Add(result =>
        {
            if (result.GetValue(_deposit) && (result.GetValue(_role) is not null || result.GetValue(_purpose) is not null || result.GetValue(_fromNow)))
                result.AddError("--deposit lets somebody add and read nothing: --role, --purpose and --only-new are for reading");
        });
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var role = Choice.Of(call.Value(_role) ?? "doctor", "--role", Enum.GetValues<GrantRole>());
        Purpose? purpose = call.Value(_purpose) is { } text ? PurposeOf(text) : null;
        var (from, until) = (Choice.Date(call.Value(_from), "--from"), Choice.Date(call.Value(_until), "--until"));
        using var account = await Unlocked.OpenAsync(call);
        if (call.Value(_deposit))
            return await DepositAsync(call, account, from, until);
        var granting = new Granting(account);
        var proposal = await granting.ProposeAsync(call.Value(_to)!, role, call.Value(_partition), from, until, purpose,
            call.Value(_fromNow) ? History.FromNow : History.Whole, call.Cancel);
        Confirm(call, proposal.Sentence, proposal.To);
        var grant = await granting.ConfirmAsync(proposal, call.Cancel);
        foreach (var complaint in granting.Complaints)
            Terminal.Say(complaint);
        call.Terminal.Print($"Granted: {grant.Terms.Id}. End it at any time with `salus revoke {grant.Terms.Id}`.");
        call.Terminal.Answer(new ShareDocument(grant.Terms.Id.ToString(), proposal.To.Card.Fingerprint, proposal.Sentence, proposal.To.Verified), CliJson.Default.ShareDocument);
        return ExitCode.Done;
    }

    private async Task<int> DepositAsync(Call call, Account account, DateTimeOffset? from, DateTimeOffset? until)
    {
        var depositing = new Depositing(account);
        var proposal = await depositing.ProposeAsync(call.Value(_to)!, call.Value(_partition), from, until, call.Cancel);
        Confirm(call, proposal.Sentence, proposal.To);
        var grant = await depositing.ConfirmAsync(proposal, call.Cancel);
        call.Terminal.Print($"Allowed: {grant.Terms.Id}. End it at any time with `salus revoke {grant.Terms.Id}`.");
        call.Terminal.Answer(new ShareDocument(grant.Terms.Id.ToString(), proposal.To.Card.Fingerprint, proposal.Sentence, proposal.To.Verified), CliJson.Default.ShareDocument);
        return Cli.ExitCode.Done;
    }

    private void Confirm(Call call, string sentence, Contact to)
    {
        Terminal.Say(sentence);
        Terminal.Say($"Fingerprint of {to.Title}: {to.Card.Fingerprint}"
            + (to.Verified ? " (you have compared it)" : $"\nCompare it with them before you rely on it: salus verify-contact {to.Mail}"));
        if (!call.Value(_yes) && !Console.IsInputRedirected && !Prompt.Confirm("Share?"))
            throw new StoppedException("Nothing was shared.");
    }

    private static Purpose PurposeOf(string text) =>
        text.Equals("coordination", StringComparison.OrdinalIgnoreCase) ? Purpose.CoordinationOfCare : Choice.Of(text, "--purpose", Enum.GetValues<Purpose>());
}
