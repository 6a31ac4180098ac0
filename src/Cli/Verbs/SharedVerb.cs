using System.Globalization;
using Salus.Client.Deposits;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Cli.Verbs;

/// <summary>`shared`: the records that others have granted to this account, and whose records it may add to.</summary>
internal sealed class SharedVerb() : Verb("shared", "records that others share with you")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var (records, complaints) = await new RecordStore(account).SharedAsync(call.Cancel);
        var deposits = await new ReceivedDeposits(account).ListAsync(call.Cancel);
        if (records.Count == 0)
            call.Terminal.Print("Nobody shares records with you at the moment.");
        RecordTable.Print(call, records, withOwner: true);
        foreach (var deposit in deposits)
            call.Terminal.Print(Line(deposit));
        foreach (var complaint in complaints)
            Terminal.Say(complaint);
        call.Terminal.Answer(new SharedDocument([.. records.Select(RecordDocument.Of)], [.. complaints], [.. deposits.Select(d =>
            new ReceivedDepositDocument(d.Grant.Terms.Id.ToString(), d.OwnerName, d.Owner.Account.ToString(), d.CallsThemselves, [.. d.Partitions.Values],
                d.Grant.Terms.From, d.Grant.Terms.Until == Limits.NoEnd ? null : d.Grant.Terms.Until, d.State))]), CliJson.Default.SharedDocument);
        return ExitCode.Done;
    }

    private static string Said(string? name) => name is null ? "" : $" (calls themselves {name}, which nobody has checked)";

    private static string Line(ReceivedDeposit deposit) => string.Create(CultureInfo.InvariantCulture,
        $"{deposit.Grant.Terms.Id}  {deposit.State,-8}  you may add to {deposit.OwnerName}{Said(deposit.CallsThemselves)}: {string.Join(", ", deposit.Partitions.Values)}; "
        + $"{(deposit.Grant.Terms.Until == Limits.NoEnd ? "without end" : $"until {deposit.Grant.Terms.Until:yyyy-MM-dd HH:mm}Z")}");
}
