using System.Globalization;
using Salus.Client.Inventory;

namespace Salus.Cli.Verbs;

/// <summary>`check`: whether the cloud shows the whole account, as its owner's devices have signed it.</summary>
internal sealed class CheckVerb() : Verb("check", "check that nothing of your account is missing, old, slipped in or back")
{
    protected override async Task<int> RunAsync(Call call)
    {
        using var account = await Unlocked.OpenAsync(call);
        var found = await new AccountCheck(account).RunAsync(call.Cancel);
        Unlocked.Warn(account);
        call.Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"""
            {(found.IsProvenNewest ? "Your account is whole" : "Nothing is missing of what the cloud shows")}: version {found.Version}, of {found.At:yyyy-MM-dd HH:mm}Z.
            {found.Records} records in {found.Partitions} partitions, {found.Grants} grants, {found.Permissions} permissions to add, {found.WaysIn} ways in.
            """));
        call.Terminal.Answer(new CheckedDocument(found.Version, found.At, found.Records, found.Grants, found.Permissions, found.Partitions, found.WaysIn, found.IsProvenNewest),
            CliJson.Default.CheckedDocument);
        return found.IsProvenNewest ? ExitCode.Done : ExitCode.Failed;
    }
}
