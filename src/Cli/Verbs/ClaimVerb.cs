using System.CommandLine;
using System.Globalization;
using Salus.Client.Requests;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`claim`: opens an approved grant with the code from the mail.</summary>
internal sealed class ClaimVerb : Verb
{
    private readonly Argument<string?> _grant = new("GRANT") { Description = "which, when several of your requests were approved", Arity = ArgumentArity.ZeroOrOne };

    public ClaimVerb() : base("claim", "open what was approved, with the code from your mail") => Add(_grant);

    protected override async Task<int> RunAsync(Call call)
    {
        GrantId? named = call.Value(_grant) is { } text ? Unlocked.Id<GrantId>(text, "grant") : null;
        using var account = await Unlocked.OpenAsync(call);
        var release = new Release(account);
        var grant = await release.ChooseAsync(named, call.Cancel);
        var outcome = await release.ClaimAsync(grant, Prompt.Line($"Code for the grant of {grant.OwnerName}: "), call.Cancel);
        var terms = outcome.Grant.Grant.Terms;
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
            $"Open: you see {string.Join(", ", grant.Partitions.Values)} of {grant.OwnerName}{(terms.Until == Limits.NoEnd ? "" : $" until {terms.Until:yyyy-MM-dd HH:mm}Z")}, "
            + $"{RoleDefaults.Words(terms.Purpose)}. `salus shared` lists the records."));
        foreach (var complaint in release.Complaints)
            Terminal.Say(complaint);
        if (outcome.Pending.Count > 0)
            Terminal.Say($"{string.Join(", ", outcome.Pending)} did not answer; two are enough. The same command with the same code tells it too, within 24 hours of the approval.");
        call.Terminal.Answer(new ClaimDocument(terms.Id.ToString(), grant.OwnerName, grant.Owner.Account.ToString(),
            [.. grant.Partitions.Values], outcome.Released, outcome.Pending), CliJson.Default.ClaimDocument);
        return ExitCode.Done;
    }
}
