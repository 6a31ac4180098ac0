using System.CommandLine;
using System.Globalization;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`revoke GRANT`: ends a grant at once, moves its partitions on, and re-keys those who stay.</summary>
internal sealed class RevokeVerb : Verb
{
    private readonly Argument<string> _grant = new("GRANT") { Description = "the grant, as `salus grants` shows it" };

    public RevokeVerb() : base("revoke", "end a grant, or a permission to add, at once") => Add(_grant);

    protected override async Task<int> RunAsync(Call call)
    {
        var id = Unlocked.Id<GrantId>(call.Value(_grant), "grant");
        using var account = await Unlocked.OpenAsync(call);
        var granting = new Granting(account);
        var outcome = await granting.RevokeAsync(id, call.Cancel);
        call.Terminal.Print(outcome.IsDeposit
            ? $"Revoked {id}: nothing more can be added under it."
            : string.Create(CultureInfo.InvariantCulture, $"Revoked {id}: {outcome.Receipts} of 3 trustees have signed that its keys are gone."));
        call.Terminal.Print($"New records of {string.Join(", ", outcome.Moved)} are under new keys; {outcome.Rekeyed} other grants were carried over.");
        foreach (var complaint in granting.Complaints)
            Terminal.Say(complaint);
        if (!outcome.IsDeposit)
            Terminal.Say("What was read before cannot be called back.");
        if (outcome.Pending.Count > 0)
            Terminal.Say($"{string.Join(", ", outcome.Pending)} did not answer"
                + (outcome.Receipts >= 2 ? "; one trustee alone cannot open anything. It is told at your next command." : ". TWO ARE NEEDED: run this again as soon as `salus status` shows them."));
        call.Terminal.Answer(new RevokeDocument(id.ToString(), outcome.Receipts, outcome.Pending, outcome.Moved, outcome.Rekeyed), CliJson.Default.RevokeDocument);
        await IndexUpkeep.AfterRevokingAsync(account, outcome.Moved, call.Cancel);
        return outcome.IsDeposit || outcome.Receipts >= 2 ? ExitCode.Done : ExitCode.Failed;
    }
}
