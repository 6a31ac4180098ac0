using System.CommandLine;
using System.Globalization;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`devices [--end ID]`: where the account is logged in, and the end of one of these sessions.</summary>
internal sealed class DevicesVerb : Verb
{
    private readonly Option<string> _end = new("--end") { Description = "end that session", HelpName = "ID" };

    public DevicesVerb() : base("devices", "where you are logged in") => Add(_end);

    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var devices = new Devices(account);
        if (call.Value(_end) is { } id)
        {
            await devices.EndAsync(id, call.Cancel);
            call.Terminal.Print("That session has ended.");
            call.Terminal.Answer(new DoneDocument(true), CliJson.Default.DoneDocument);
            return ExitCode.Done;
        }
        var sessions = await devices.ListAsync(call.Cancel);
        foreach (var session in sessions)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{session.Id}  {session.Name ?? "(no name)"}{(session.IsCurrent ? ", this one" : "")}; since {session.CreatedAt:yyyy-MM-dd HH:mm}Z, seen {session.LastSeenAt:yyyy-MM-dd HH:mm}Z"));
        call.Terminal.Answer(new DevicesDocument([.. sessions.Select(DeviceDocument.Of)]), CliJson.Default.DevicesDocument);
        return ExitCode.Done;
    }
}
