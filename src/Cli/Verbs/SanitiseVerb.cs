using System.CommandLine;
using System.Globalization;
using Salus.Client.Sanitised;

namespace Salus.Cli.Verbs;

/// <summary>`sanitise COPIES --out FILE`: leaves out of signed copies what names the patient; what stays still verifies. Needs no account and no server.</summary>
internal sealed class SanitiseVerb : Verb
{
    private readonly Argument<string> _file = new("COPIES") { Description = "a file of signed copies, from `salus sign`" };
    private readonly Option<string> _out = new("--out") { Description = "the file to write", HelpName = "FILE", Required = true };
    private readonly Option<string?> _rules = new("--rules") { Description = "a configuration of Microsoft's FHIR anonymizer; else Safe Harbor (45 CFR 164.514(b)(2))", HelpName = "CONFIG" };

    public SanitiseVerb() : base("sanitise", "make a copy without what names the patient, which still verifies")
    {
        Add(_file);
        Add(_out);
        Add(_rules);
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var (file, into) = (call.Value(_file)!, call.Value(_out)!);
        var summary = await SignedCopies.SanitiseAsync(file, call.Value(_rules), into, call.Cancel);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"{into} shows {summary.Disclosures} values of {summary.Resources} resources, signed by {summary.Signer.Name}."));
        call.Terminal.Answer(new SignedCopiesDocument(summary, into), CliJson.Default.SignedCopiesDocument);
        return ExitCode.Done;
    }
}
