using System.Globalization;
using Salus.Client.Sharing;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`grants`: whom the owner has given access, to what and until when.</summary>
internal sealed class GrantsVerb() : Verb("grants", "whom you have given access")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var grants = await new Granting(account).ListAsync(call.Cancel);
        if (grants.Count == 0)
            call.Terminal.Print("You share nothing with anybody.");
        foreach (var grant in grants)
            call.Terminal.Print(string.Create(CultureInfo.InvariantCulture,
                $"{grant.Id}  {grant.State,-8}  {grant.To} ({grant.Role}): {string.Join(", ", grant.Partitions)}; "
                + $"{(grant.Until == Limits.NoEnd ? "without end" : $"until {grant.Until:yyyy-MM-dd HH:mm}Z")}"));
        call.Terminal.Answer(new GrantsDocument([.. grants.Select(g => new GrantDocument(g.Id.ToString(), g.To, g.Role, g.Purpose, g.Partitions, g.From,
            g.Until == Limits.NoEnd ? null : g.Until, g.State, g.Receipts))]), CliJson.Default.GrantsDocument);
        return ExitCode.Done;
    }
}
