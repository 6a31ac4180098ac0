using System.Globalization;
using Salus.Client.Deposits;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`grants`: whom the owner has given access, to what and until when; and who may add records.</summary>
internal sealed class GrantsVerb() : Verb("grants", "whom you have given access")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var grants = await new Granting(account).ListAsync(call.Cancel);
        var deposits = await new Depositing(account).ListAsync(call.Cancel);
        if (grants.Count + deposits.Count == 0)
            call.Terminal.Print("You share nothing with anybody.");
        foreach (var grant in grants)
            call.Terminal.Print(Line(grant.Id, grant.State, $"{grant.To} ({grant.Role.ToString().ToLowerInvariant()}): {string.Join(", ", grant.Partitions)}", grant.Until));
        foreach (var deposit in deposits)
            call.Terminal.Print(Line(deposit.Id, deposit.State, $"{deposit.To} may add to {string.Join(", ", deposit.Partitions)}", deposit.Until));
        call.Terminal.Answer(new GrantsDocument(
            [.. grants.Select(g => new GrantDocument(g.Id.ToString(), g.To, g.Role.ToString().ToLowerInvariant(), g.Purpose.ToString().ToLowerInvariant(), g.Partitions, g.From,
                g.Until == Limits.NoEnd ? null : g.Until, g.State, g.Receipts))],
            [.. deposits.Select(d => new DepositDocument(d.Id.ToString(), d.To, d.Partitions, d.From, d.Until == Limits.NoEnd ? null : d.Until, d.State))]),
            CliJson.Default.GrantsDocument);
        return ExitCode.Done;
    }

    private static string Line(GrantId id, string state, string what, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture,
        $"{id}  {state,-8}  {what}; {(until == Limits.NoEnd ? "without end" : $"until {until:yyyy-MM-dd HH:mm}Z")}");
}
