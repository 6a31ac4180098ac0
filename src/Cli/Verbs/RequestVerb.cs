using System.CommandLine;
using System.Globalization;
using Salus.Client.Requests;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`request --phone +NUMBER --keyword W`: asks whoever has the number for access, and learns how many records there are.</summary>
internal sealed class RequestVerb : Verb
{
    private readonly Option<string> _phone = new("--phone") { Description = "whose records: \"+41 79 000 00 00\"", HelpName = "+NUMBER", Required = true };
    private readonly Option<string[]> _keyword = new("--keyword") { Description = "what they are about; all of them, up to 8; may be repeated", HelpName = "W", Required = true };
    private readonly Option<string> _reason = new("--reason") { Description = "why, in words that the owner reads", HelpName = "T", Required = true };
    private readonly Option<string> _role = new("--role") { Description = "as family, friend, doctor, pharmacist, insurer or researcher (doctor)", HelpName = "R" };

    public RequestVerb() : base("request", "ask for access by telephone number and keywords")
    {
        foreach (Option option in new Option[] { _phone, _keyword, _reason, _role })
            Add(option);
        _keyword.AllowMultipleArgumentsPerToken = true;
    }

    protected override async Task<int> RunAsync(Call call)
    {
        var number = PhoneNumber.Parse(call.Value(_phone)!);
        var role = Choice.Of(call.Value(_role) ?? "doctor", "--role", Enum.GetValues<GrantRole>());
        using var account = await Unlocked.OpenAsync(call);
        var outcome = await new AccessRequests(account).AskAsync(number, call.Value(_keyword)!, role, call.Value(_reason)!, call.Cancel);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"There {(outcome.Found == 1 ? "is 1 record" : $"are {outcome.Found} records")} with these keywords. The owner was asked by mail: request {outcome.Id}, "
            + $"open until {outcome.Expires:yyyy-MM-dd}."));
        foreach (var complaint in outcome.Complaints)
            Terminal.Say(complaint);
        Terminal.Say("If the owner approves, you get a code by mail: type it after `salus claim` within 24 hours.");
        call.Terminal.Answer(new AskedDocument(outcome.Id, outcome.Found, outcome.Expires), CliJson.Default.AskedDocument);
        return ExitCode.Done;
    }
}
