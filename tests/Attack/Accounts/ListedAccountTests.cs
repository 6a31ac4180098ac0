using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Testing;

namespace Salus.Attack.Tests.Accounts;

/// <summary>An account as its owner has signed it, and a cloud that shows another one: to others, to its owner's devices, and to one that has never seen it.</summary>
public class ListedAccountTests(HostileServers servers) : AttackTest(servers)
{
    [Fact, Attack("K03")]
    public async Task OtherKeysForAnAddressAreAnAlarmForWhoSharesAndForItsOwner()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var friend = await Cast.RegisterAsync("friend");
        var mark = Servers.Now;
        Mutate<FoundCard>(Paths.CardLookup, found => found with { Signed = Eve.Account.Card.Signed });
        await CaughtAsync(AlarmKind.KeyChanged, patient, "share", "--to", friend.Mail, "--yes");
        Assert.DoesNotContain(Servers.Since(mark), seen => seen.Exchange is { Method: "POST", Path: Paths.KFrags or Paths.Grants });
        await CaughtAsync(AlarmKind.KeyChanged, friend, "check");
        await FreshLogInIsCaughtAsync(AlarmKind.KeyChanged, friend);
    }

    [Fact, Attack("K07")]
    public async Task DevicesAndWaysInThatTheOwnerHasEndedOrNeverMadeAreAlarmsAndSoAreHiddenOnes()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var other = await Person.LogInAsync(Salus, patient.Mail, patient.Passphrase, Servers.Parties);
        var sessions = await patient.Account.Cloud.SessionsAsync(None);
        await new Devices(patient.Account).EndAsync(sessions.Sessions.Single(session => !session.IsCurrent).Id, None);
        Mutate<SessionList>(Paths.Sessions, _ => sessions);
        await CaughtAsync(AlarmKind.Revived, patient, "devices");
        Servers.BeHonest();
        var passkey = new WrappedSecret(SecretKinds.Passkey("AAAA"), [], 0, 0, Extensions.RandomBytes(104));
        Mutate<AccountView>(Paths.Account, view => view with { Secrets = [.. view.Secrets, passkey] }, "GET");
        await CaughtAsync(AlarmKind.Injected, patient, "check");
        Servers.BeHonest();
        Mutate<AccountView>(Paths.Account, view => view with { Secrets = [.. view.Secrets.Where(secret => secret.Kind != SecretKinds.Recovery)] }, "GET");
        await CaughtAsync(AlarmKind.Withheld, patient, "check");
    }

    [Fact, Attack("S09")]
    public async Task TheWholeAccountAsItWasIsARollbackAlsoOnADeviceThatHasNeverSeenIt()
    {
        using var patient = await Cast.RegisterAsync("patient");
        await Cast.PutAsync(patient, size: 1000);
        var old = (await patient.Account.Cloud.InventoryAsync(null, None))!;
        Assert.True(InventoryHead.TryVerify(old, out var head));
        var pages = await patient.Account.Cloud.InventoryPagesAsync([.. Enumerable.Range(0, head.Pages.Count)], None);
        await Cast.PutAsync(patient, size: 1000);
        var newest = (await patient.Account.Inventory.ReadAsync(None))!.Head.Counter;
        await SalusInstallation.UntilAsync(async () => await new LoggedStates(patient.Account).AtAsync(newest, None) is { Entries.Count: > 0 }, "the newest state is in the log");
        Servers.Instead("cloud", exchange =>
        {
            if (exchange.Method == "PUT" || !exchange.Path.StartsWith(Paths.Inventory, StringComparison.Ordinal))
                return false;
            if (exchange.Path == Paths.InventoryPages)
                exchange.Set(pages);
            else
                exchange.Set(new SignedBytes(old));
            return true;
        });
        await CaughtAsync(AlarmKind.Rollback, patient, "list");
        await FreshLogInIsCaughtAsync(AlarmKind.Rollback, patient);
        Servers.BeHonest();
        Assert.Equal(2, (await patient.Records.ListAsync(None)).Count);
    }

    [Fact, Attack("S22")]
    public async Task ADeletedRecordThatComesBackIsAnAlarmOnEveryDevice()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var gone = await Cast.PutAsync(patient, size: 1000);
        var row = await patient.Account.Cloud.RecordAsync(gone.Id, None);
        await patient.Records.DeleteAsync(gone.Id, Person.NoKey, None);
        using var other = await Person.LogInAsync(Salus, patient.Mail, patient.Passphrase, Servers.Parties);
        Mutate<CataloguePage>(Paths.Records, page => page with { Records = [.. page.Records, row] });
        Serve($"{Paths.Records}/{gone.Id}", exchange => exchange.Set(row));
        foreach (var device in new[] { patient, other })
        {
            await CaughtAsync(AlarmKind.Revived, device, "list");
            await GetIsCaughtAsync(AlarmKind.Revived, device, gone);
        }
    }

    /// <summary>O3 of a login on a device that has never seen the account, by a session that is the account's.</summary>
    private async Task FreshLogInIsCaughtAsync(AlarmKind kind, Person person)
    {
        var (view, device) = (await person.Account.Cloud.AccountAsync(None), Salus.NewName("fresh"));
        Serve(Paths.Parties, exchange => exchange.Set(Servers.Parties));
        ServeLogins(() => view, person.Account.Cloud.Token);
        string[] where = ["--data", Salus.Data, "--profile", device];
        var outcome = await CommandLine.TypeAsync("12345678", ["login", person.Mail, "--cloud", $"{Servers.Parties.Cloud.Url}", .. where], ("SALUS_PASSPHRASE", person.Passphrase));
        Assert.True(outcome.ExitCode == 3, outcome.ToString());
        Assert.Contains($"ALARM ({kind})", outcome.Errors, StringComparison.Ordinal);
        var kept = await CommandLine.RunAsync(["alarms", .. where], ("SALUS_PASSPHRASE", person.Passphrase));
        Assert.Contains($"NEW   {kind} at login: ", kept.Output, StringComparison.Ordinal);
    }
}
