using System.CommandLine;
using Salus.Client.Requests;

namespace Salus.Cli.Verbs;

/// <summary>`deny ID`: refuses a request; the asker sees that, and nothing else.</summary>
internal sealed class DenyVerb : Verb
{
    private readonly Argument<string> _request = new("ID") { Description = "the request, as `salus requests` shows it" };

    public DenyVerb() : base("deny", "refuse a request for access") => Add(_request);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        await new AccessRequests(account).DenyAsync(call.Value(_request)!, call.Cancel);
        call.Terminal.Print("Denied. Nothing was shared.");
        call.Terminal.Answer(new DoneDocument(true), CliJson.Default.DoneDocument);
        return ExitCode.Done;
    }
}
