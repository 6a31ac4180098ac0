using System.CommandLine;
using System.Globalization;
using Salus.Client.Sanitised;

namespace Salus.Cli.Verbs;

/// <summary>`sign FILE --out COPIES`: signs every resource of a record, so that a part of it can be handed on later and still be verified.</summary>
internal sealed class SignVerb : Verb
{
    private readonly Argument<string> _file = new("FILE") { Description = "FHIR R4 JSON: a resource, a Bundle, NDJSON" };
    private readonly Option<string> _out = new("--out") { Description = "the file of signed copies to write", HelpName = "COPIES", Required = true };

    public SignVerb() : base("sign", "sign a record so that parts of it can be verified")
    {
        Add(_file);
        Add(_out);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (file, into) = (call.Value(_file)!, call.Value(_out)!);
        using var account = await Unlocked.OpenAsync(call);
        var summary = await SignedCopies.SignAsync(account, file, into, call.Cancel);
        if (summary.Signer.Organisation is null)
            Terminal.Say("This account is a person's: its signature names it, so nobody can make sanitised copies of these.");
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"Signed {summary.Resources} resources of {file} into {into}."));
        call.Terminal.Answer(new SignedCopiesDocument(summary, into), CliJson.Default.SignedCopiesDocument);
        return ExitCode.Done;
    }
}

/// <summary>`sign`, `sanitise` and `verify --json`.</summary>
internal sealed record SignedCopiesDocument(string? Out, string Signer, string? Organisation, string Fingerprint, int Resources, int Disclosures)
{
    public SignedCopiesDocument(CopiesSummary summary, string? into)
        : this(into, summary.Signer.Account.ToString(), summary.Signer.Organisation, summary.Signer.Fingerprint, summary.Resources, summary.Disclosures)
    {
    }
}
