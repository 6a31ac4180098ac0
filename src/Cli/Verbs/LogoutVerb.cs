using System.CommandLine;
using Salus.Client.Accounts;

namespace Salus.Cli.Verbs;

/// <summary>`logout [--everywhere]`: ends the session at every server at once.</summary>
internal sealed class LogoutVerb : Verb
{
    private readonly Option<bool> _everywhere = new("--everywhere") { Description = "end the sessions on all other devices too" };

    public LogoutVerb() : base("logout", "end the session") => Add(_everywhere);

    protected override async Task<int> RunAsync(Call call)
    {
        await Account.LogoutAsync(Unlocked.ProfileOf(call), call.Value(_everywhere), call.Cancel);
        call.Terminal.Print("Logged out.");
        call.Terminal.Answer(new DoneDocument(true), CliJson.Default.DoneDocument);
        return ExitCode.Done;
    }
}
