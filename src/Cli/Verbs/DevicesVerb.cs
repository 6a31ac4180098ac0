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
        var (sessions, unshown) = await devices.CompareAsync(call.Cancel);
        foreach (var session in sessions)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{session.Id}  {session.Name ?? "(no name)"}{(session.IsCurrent ? ", this one" : "")}; since {session.CreatedAt:yyyy-MM-dd HH:mm}Z, seen {session.LastSeenAt:yyyy-MM-dd HH:mm}Z")
                + (session.HasKeys ? "" : "; has not opened your account yet"));
        foreach (var since in unshown)
            Terminal.Say(string.Create(CultureInfo.InvariantCulture,
                $"A device that opened your account on {since:yyyy-MM-dd} at about {since:HH:mm}Z is not shown by the cloud: ")
                + "it was logged out or has idled. If you know of none, renew your passphrase.");
        call.Terminal.Answer(new DevicesDocument([.. sessions.Select(DeviceDocument.Of)]), CliJson.Default.DevicesDocument);
        return ExitCode.Done;
    }
}
