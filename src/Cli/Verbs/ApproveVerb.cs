using System.CommandLine;
using System.Globalization;
using Salus.Client.Requests;

namespace Salus.Cli.Verbs;

/// <summary>`approve ID`: answers a request with a grant that opens nothing until the asker has shown the code from its mail.</summary>
internal sealed class ApproveVerb : Verb
{
    private readonly Argument<string> _request = new("ID") { Description = "the request, as `salus requests` shows it" };
    private readonly Option<string[]> _partition = new("--partition") { Description = "what they see; may be repeated (by role)", HelpName = "P" };
    private readonly Option<string> _until = new("--until") { Description = "until when (without end)", HelpName = "D" };
    private readonly Option<bool> _yes = new("--yes") { Description = "do not ask" };

    public ApproveVerb() : base("approve", "give access to who has asked for it")
    {
        Add(_request);
        foreach (Option option in new Option[] { _partition, _until, _yes })
            Add(option);
        _partition.AllowMultipleArgumentsPerToken = true;
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var until = Choice.Date(call.Value(_until), "--until");
        using var account = await Unlocked.OpenAsync(call);
        var requests = new AccessRequests(account);
        var (request, proposal) = await requests.ProposeAsync(call.Value(_request)!, call.Value(_partition), until, call.Cancel);
        Terminal.Say(proposal.Sentence);
        Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Asked on {request.Request!.At:yyyy-MM-dd HH:mm}Z, for: {string.Join(", ", request.Request.Keywords)}"));
        Terminal.Say($"Reason given: {request.Request.Reason.ReplaceLineEndings(" ")}");
        Terminal.Say($"Fingerprint of {proposal.To.Title}: {proposal.To.Card.Fingerprint}"
            + (proposal.To.Verified ? " (you have compared it)" : "\nWho asks is who has these keys: call them and compare the digits before you approve."));
        if (!call.Value(_yes) && !Console.IsInputRedirected && !Prompt.Confirm("Approve?"))
            throw new StoppedException("Nothing was shared.");
        var grant = await requests.ApproveAsync(request, proposal, call.Cancel);
        call.Terminal.Print($"Approved: grant {grant.Terms.Id}. It opens when they have shown the code that they get by mail, within 24 hours.");
        call.Terminal.Print($"End it at any time with `salus revoke {grant.Terms.Id}`.");
        call.Terminal.Answer(new ShareDocument(grant.Terms.Id.ToString(), proposal.To.Card.Fingerprint, proposal.Sentence, proposal.To.Verified), CliJson.Default.ShareDocument);
        return ExitCode.Done;
    }
}
