namespace Salus.Cli.Verbs;

/// <summary>`whoami`: the account of this profile and the fingerprint that others compare.</summary>
internal sealed class WhoamiVerb() : Verb("whoami", "the account of this profile, and its fingerprint")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        call.Terminal.Print($"{(account.Card.Organisation is { } name ? name + ", " : "")}{account.Mail}, account {account.Id}");
        call.Terminal.Print($"Fingerprint: {account.Card.Fingerprint}");
        call.Terminal.Print(account.SessionExpires is { } until ? $"Session until {until:yyyy-MM-dd HH:mm}Z at the latest." : "Not logged in.");
        call.Terminal.Answer(IdentityDocument.Of(account), CliJson.Default.IdentityDocument);
        return ExitCode.Done;
    }
}
