using System.CommandLine;
using System.Globalization;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Sanitised;

namespace Salus.Cli.Verbs;

/// <summary>`verify COPIES`: whether signed copies are as their signer made them, and who that is.</summary>
internal sealed class VerifyVerb : Verb
{
    private readonly Argument<string> _file = new("COPIES") { Description = "a file of signed copies, sanitised or whole" };
    private readonly Option<string?> _signer = new("--signer") { Description = "who must have signed them: a mail address whose key this account knows", HelpName = "MAIL" };
    private readonly Option<string?> _out = new("--out") { Description = "write what they show, as FHIR NDJSON", HelpName = "FILE" };

    public VerifyVerb() : base("verify", "check signed copies and show who signed them")
    {
        Add(_file);
        Add(_signer);
        Add(_out);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var file = call.Value(_file)!;
        var summary = await SignedCopies.VerifyAsync(file, call.Value(_out), found => CheckSignerAsync(call, found), call.Cancel);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"Whole: {summary.Disclosures} values of {summary.Resources} resources are as they were signed."));
        call.Terminal.Print($"Signed by {summary.Signer.Organisation ?? "a person's account"}, {summary.Signer.Account}");
        call.Terminal.Print($"  {summary.Signer.Fingerprint}");
        if (call.Value(_signer) is null)
            Terminal.Say("Compare these digits with those that the signer shows, or name the signer with --signer MAIL.");
        call.Terminal.Answer(new SignedCopiesDocument(summary, call.Value(_out)), CliJson.Default.SignedCopiesDocument);
        return ExitCode.Done;
    }

    private async Task CheckSignerAsync(Call call, CopiesSummary summary)
    {
        if (call.Value(_signer) is not { } mail)
            return;
        using var account = await Unlocked.OpenAsync(call);
        var contact = await new Contacts(account).ResolveAsync(mail, call.Cancel);
        if (contact.Card.Account != summary.Signer.Account)
            throw new AlarmException(AlarmKind.Integrity, $"{mail} did not sign these copies: the account {summary.Signer.Account} did. Nothing was written.");
    }
}
