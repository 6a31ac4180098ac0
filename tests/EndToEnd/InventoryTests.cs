using System.Security.Cryptography;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>The signed inventory of an account, with a cloud that hides, rolls back, slips in and revives: on devices that know the account and on those that never saw it.</summary>
public class InventoryTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task WhateverAnAccountDoesIsListedOnEveryDeviceOfIts()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        using var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var kept = await patient.PutAsync(Extensions.RandomBytes(100));
        var gone = await other.PutAsync(Extensions.RandomBytes(100));
        await other.Records.DeleteAsync(gone.Record, Person.NoKey, None);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        var over = await other.ShareAsync(doctor, ["personal"]);
        await patient.Granting.RevokeAsync(over.Terms.Id, None);
        await patient.LetAddAsync(hospital, "medical");
        var letter = await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        foreach (var device in new[] { patient, other })
        {
            var found = await new AccountCheck(device.Account).RunAsync(None);
            Assert.Equal((2, 1, 1, 4, 2), (found.Records, found.Grants, found.Permissions, found.Partitions, found.WaysIn));
        }
        var listed = (await patient.Account.Inventory.ReadAsync(None))!;
        Assert.True(listed.IsLive(ItemKind.Record, ItemId.Of(kept.Record)) && listed.IsLive(ItemKind.Record, ItemId.Of(letter.Record)));
        Assert.True(listed.IsEnded(ItemKind.Record, ItemId.Of(gone.Record)) && listed.IsEnded(ItemKind.Grant, ItemId.Of(over.Terms.Id)));
        Assert.True(listed.IsLive(ItemKind.Grant, ItemId.Of(grant.Terms.Id)));
        Assert.All((await new Devices(patient.Account).ListAsync(None)), device => Assert.True(device.HasKeys));
    }

    [Fact]
    public async Task APutOrAnImportIsOneUpdateAndAReadBringsNothingNew()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await BetweenAsync(patient);
        await patient.PutAsync(Extensions.RandomBytes(100));
        Assert.Equal(["GET", "PUT"], Take(cloud, Paths.Inventory));
        await patient.Imports.ImportAsync(Path.Combine(Testing.Places.Root, "samples", "patient-bundle.json"), new ImportOptions(null, new DispersalChoice()), null, None);
        Assert.Equal(["GET", "PUT"], Take(cloud, Paths.Inventory));
        await patient.Records.ListAsync(None);
        lock (cloud.Passed)
            Assert.Equal(204, Assert.Single(cloud.Passed, exchange => exchange.Path.StartsWith(Paths.Inventory, StringComparison.Ordinal)).Status);
    }

    [Fact, Attack("S11")]
    public async Task ARecordThatIsKeptBackIsNamedWhereItsNameIsKnown()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var hidden = await patient.PutAsync(Extensions.RandomBytes(100), name: "scan of the knee.bin");
        await patient.PutAsync(Extensions.RandomBytes(100));
        Assert.Equal(2, (await patient.Records.ListAsync(None)).Count);
        using var fresh = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        foreach (var device in new[] { patient, fresh })
        {
            await using var cloud = await BetweenAsync(device);
            cloud.Change = Without(hidden.Record);
            Assert.Contains(device == patient ? "scan of the knee.bin" : hidden.Record.ToString(), await AlarmAsync(AlarmKind.Withheld, () => device.Records.ListAsync(None)));
            await AlarmAsync(AlarmKind.Withheld, () => device.Records.ShowAsync(hidden.Record, None));
            await AlarmAsync(AlarmKind.Withheld, () => new AccountCheck(device.Account).RunAsync(None));
            cloud.Change = On(Paths.Records, exchange => exchange.Set(new CataloguePage([], null)), On(Paths.RecordLookup, exchange => exchange.Set(new FoundRecords([], []))));
            Assert.Contains("2 of your records", await AlarmAsync(AlarmKind.Withheld, () => device.Records.ListAsync(None)));
            cloud.Change = _ => Task.CompletedTask;
            Assert.Equal(2, (await device.Records.ListAsync(None)).Count);
        }
    }

    [Fact, Attack("S08")]
    public async Task AnOldVersionIsARollbackOnADeviceThatNeverSawTheNewOne()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(100));
        var old = await patient.Account.Cloud.RecordAsync(stored.Record, None);
        await ReplaceAsync(patient, stored.Record);
        await patient.Records.ListAsync(None);
        using var fresh = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        await using var cloud = await BetweenAsync(fresh);
        cloud.Change = On(Paths.Records, exchange => exchange.Set(new CataloguePage([old], null)), On($"{Paths.Records}/{stored.Record}", exchange => exchange.Set(old)));
        await AlarmAsync(AlarmKind.Rollback, () => fresh.Records.ListAsync(None));
        await AlarmAsync(AlarmKind.Rollback, () => fresh.Records.ShowAsync(stored.Record, None));
    }

    [Fact, Attack("S22")]
    public async Task WhatWasDeletedOrRevokedDoesNotComeBack()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(100));
        var row = await patient.Account.Cloud.RecordAsync(stored.Record, None);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await patient.Records.DeleteAsync(stored.Record, Person.NoKey, None);
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        using var fresh = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        foreach (var device in new[] { patient, fresh })
        {
            await using var cloud = await BetweenAsync(device);
            cloud.Change = On(Paths.Records, exchange => exchange.Set(new CataloguePage([row], null)));
            await AlarmAsync(AlarmKind.Revived, () => device.Records.ListAsync(None));
            cloud.Instead = exchange =>
            {
                if (exchange.Path != $"{Paths.Records}/{stored.Record}")
                    return Task.FromResult(false);
                exchange.Set(row);
                return Task.FromResult(true);
            };
            await AlarmAsync(AlarmKind.Revived, () => device.Records.ShowAsync(stored.Record, None));
        }
        await using var between = await BetweenAsync(fresh);
        between.Change = On(Paths.Grants, exchange => exchange.Set(new GrantList([.. exchange.Json<GrantList>().Grants.Select(view => view with { Revocation = null, Receipts = [] })])));
        await AlarmAsync(AlarmKind.Revived, () => fresh.Granting.ListAsync(None));
    }

    [Fact, Attack("S06")]
    public async Task WhoMayNotAddAnyMoreSlipsNothingInWithAnEarlierDate()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var permission = await patient.LetAddAsync(hospital, "medical");
        var letter = await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        await patient.Granting.RevokeAsync(permission.Terms.Id, None);
        var record = await patient.SealedAsync(letter.Record);
        var context = record.Header.Context with { Record = Identifier.Random<RecordId>() };
        var late = SealedRecord.Create(hospital.Account.Keys.Identity, record.Header with { Context = context, Author = hospital.Account.Keys.Identity.PublicKey }, record.SealedMetadata);
        using var fresh = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        foreach (var device in new[] { patient, fresh })
        {
            await using var cloud = await BetweenAsync(device);
            Assert.Single(await device.Records.ListAsync(None));
            cloud.Change = On(Paths.Records, exchange => exchange.Set(new CataloguePage([.. exchange.Json<CataloguePage>().Records, new CatalogueRecord(late.Signed, late.SealedMetadata)], null)));
            var (records, complaints) = await device.Records.OwnAsync(None);
            Assert.Equal(letter.Record, Assert.Single(records).Record);
            Assert.Contains(context.Record.ToString(), Assert.Single(complaints));
            Assert.Equal(AlarmKind.Injected, new AlarmLog(device.Account).List()[0].Kind);
            Assert.Contains(context.Record.ToString(), await AlarmAsync(AlarmKind.Injected, () => new AccountCheck(device.Account).RunAsync(None)));
        }
    }

    [Fact, Attack("S09")]
    public async Task TheWholeAccountDoesNotGoBackAndDoesNotFork()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(100));
        var old = await patient.Account.Cloud.InventoryAsync(null, None);
        await patient.PutAsync(Extensions.RandomBytes(100));
        await using var cloud = await BetweenAsync(patient);
        cloud.Instead = InsteadOfState(old!);
        await AlarmAsync(AlarmKind.Rollback, () => patient.Records.ListAsync(None));
        await AlarmAsync(AlarmKind.Rollback, () => patient.PutAsync(Extensions.RandomBytes(100)));
        Assert.True(InventoryHead.TryVerify(old, out var head));
        var forked = InventoryHead.Create(patient.Account.Keys.Identity, head, head.Opening, head.At, head.Bits, head.Pages);
        cloud.Instead = InsteadOfState(forked.Signed);
        await AlarmAsync(AlarmKind.Fork, () => patient.Records.ListAsync(None));
        cloud.Instead = exchange =>
        {
            exchange.Status = 404;
            return Task.FromResult(exchange.Path.StartsWith(Paths.Inventory, StringComparison.Ordinal));
        };
        await AlarmAsync(AlarmKind.Withheld, () => patient.Records.ListAsync(None));
        cloud.Instead = _ => Task.FromResult(false);
        Assert.Equal(3, (await patient.Records.ListAsync(None)).Count);
    }

    [Fact]
    public async Task NoPageIsReadThatTheSignedStateDoesNotName()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var item = new InventoryItem(ItemKind.Record, ItemId.Of(Identifier.Random<RecordId>()), RandomNumberGenerator.GetBytes(32), ItemState.Ended, 9);
        var slippedIn = InventoryPage.Create([item]).Bytes;
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        foreach (var number in new[] { -1, int.MinValue, int.MaxValue, 1, 0 })
        {
            File.Delete(patient.Profile.InventoryPath);
            await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
            cloud.Change = On(Paths.InventoryPages, exchange =>
            {
                var answer = exchange.Json<InventoryPages>();
                exchange.Set(answer with { Pages = [.. answer.Pages, new InventoryPart(number, slippedIn)] });
            });
            if (number == 0)
                await AlarmAsync(AlarmKind.Integrity, () => patient.Account.Inventory.ReadAsync(None));
            else
                Assert.Empty((await patient.Account.Inventory.ReadAsync(None))!.Find(ItemKind.Record, item.Id));
        }
    }

    [Fact, Attack("S09")]
    public async Task AKitKnowsHowOftenTheAccountHasChanged()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        Assert.Equal(16, patient.Kit.Split('-').Length);
        await patient.PutAsync(Extensions.RandomBytes(100));
        var old = await patient.Account.Cloud.InventoryAsync(null, None);
        await patient.PutAsync(Extensions.RandomBytes(100));
        using var renewal = await KitRenewal.BeginAsync(patient.Account);
        await renewal.AdoptAsync(None);
        var kit = renewal.Kit.Reveal();
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Instead = InsteadOfState(old!);
        var parties = salus.Parties.With("cloud", cloud.Url);
        await AlarmAsync(AlarmKind.Rollback, () => Person.RestoreAsync(salus, patient.Mail, kit, parties));
        cloud.Instead = _ => Task.FromResult(false);
        using var restored = await Person.RestoreAsync(salus, patient.Mail, kit, parties);
        Assert.Equal(2, (await restored.Records.ListAsync(None)).Count);
    }

    [Fact]
    public async Task AnAlarmOfALoginIsKeptAndNothingIsSharedWhileItIsOpen()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        await patient.PutAsync(Extensions.RandomBytes(100));
        var old = await patient.Account.Cloud.InventoryAsync(null, None);
        await patient.PutAsync(Extensions.RandomBytes(100));
        await using var cloud = await BetweenAsync(patient);
        // The code is in the mail before it is asked for.
        using var enrolment = new Enrolment(patient.Profile, salus.Parties);
        var pending = await enrolment.StartLoginAsync(patient.Mail, None);
        cloud.Instead = exchange =>
        {
            if (exchange is not { Method: "POST", Path: Paths.Logins })
                return InsteadOfState(old!)(exchange);
            exchange.Set(new CodeSent(pending.Id, pending.Expires));
            return Task.FromResult(true);
        };
        var login = await CommandLine.TypeAsync(await salus.TakeCodeAsync(patient.Mail), ["login", patient.Mail, "--data", salus.Data, "--profile", patient.Name],
            ("SALUS_PASSPHRASE", patient.Passphrase));
        Assert.True(login.ExitCode == 3, login.ToString());
        Assert.Contains("ALARM (Rollback)", login.Errors, StringComparison.Ordinal);
        cloud.Instead = _ => Task.FromResult(false);
        var alarms = await RunAsync("alarms");
        Assert.Contains("NEW   Rollback at login: The cloud shows your whole account as it was", Assert.Single(alarms.Output.Trim().Split('\n')), StringComparison.Ordinal);
        var share = await RunAsync("share", "--to", doctor.Mail, "--partition", "medical", "--yes");
        Assert.True(share.ExitCode == 1, share.ToString());
        Assert.Contains("Look at the alarm and acknowledge it", share.Errors, StringComparison.Ordinal);
        await RunAsync("alarms", "--acknowledge", alarms.Output.Split(' ')[0]);
        share = await RunAsync("share", "--to", doctor.Mail, "--partition", "medical", "--yes");
        Assert.True(share.ExitCode == 0, share.ToString());

        Task<Outcome> RunAsync(params string[] command) => CommandLine.RunAsync([.. command, "--data", salus.Data, "--profile", patient.Name], ("SALUS_PASSPHRASE", patient.Passphrase));
    }

    [Fact]
    public async Task AnAlarmOfALoginIsKeptAlthoughTheCloudRefusesWhatComesNext()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await BetweenAsync(patient);
        patient.Account.State.Content.MadeStates.Add(new MadeState(1000, new byte[32], patient.Account.Now.AddHours(-1)));
        cloud.Instead = exchange =>
        {
            exchange.Status = 500;
            return Task.FromResult(exchange is { Method: "GET", Path: Paths.Account });
        };
        await AlarmAsync(AlarmKind.Unlogged, () => new AccountCheck(patient.Account).RunAsync(None));
        await patient.Account.State.RefreshAsync(patient.Account.Id);
        var kept = Assert.Single(new AlarmLog(patient.Account).List());
        Assert.Equal((AlarmKind.Unlogged, "check"), (kept.Kind, kept.Operation));
        // It is told once, from then on the list has it.
        await Assert.ThrowsAsync<RefusedException>(() => new AccountCheck(patient.Account).RunAsync(None));
        cloud.Instead = _ => Task.FromResult(false);
        await new AccountCheck(patient.Account).RunAsync(None);
    }

    [Fact, Attack("K07")]
    public async Task OnlyWaysInThatTheOwnerMadeAreTakenOver()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var passphrase = patient.Account.Content.Secrets.Single(secret => secret.Kind == SecretKinds.Passphrase);
        var passkey = new WrappedSecret(SecretKinds.Passkey("AAAA"), [], 0, 0, RandomNumberGenerator.GetBytes(104));
        using (var another = Person.Secret("another passphrase altogether"))
            await patient.Account.ChangePassphraseAsync(another, None);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var parties = salus.Parties.With("cloud", cloud.Url);

        cloud.Change = OnAccount(secrets => [.. secrets, passkey]);
        Assert.Contains("a passkey", await AlarmAsync(AlarmKind.Injected, () => Person.LogInAsync(salus, patient.Mail, "another passphrase altogether", parties)));
        cloud.Change = OnAccount(secrets => [.. secrets.Where(secret => secret.Kind != SecretKinds.Passphrase), passphrase]);
        Assert.Contains("passphrase", await AlarmAsync(AlarmKind.Revived, () => Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties)));
        cloud.Change = OnAccount(secrets => [.. secrets.Where(secret => secret.Kind != SecretKinds.Recovery)]);
        Assert.Contains("recovery kit", await AlarmAsync(AlarmKind.Withheld, () => Person.LogInAsync(salus, patient.Mail, "another passphrase altogether", parties)));
        cloud.Change = _ => Task.CompletedTask;
        using var device = await Person.LogInAsync(salus, patient.Mail, "another passphrase altogether", parties);
        Assert.Equal(["passphrase", "recovery"], device.Account.Content.Secrets.Select(secret => secret.Kind).Order());
    }

    [Fact, Attack("K07")]
    public async Task ADeviceThatWasLoggedOutStaysSoAndOneWithoutKeysIsTold()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        await using var cloud = await BetweenAsync(patient);
        var devices = new Devices(patient.Account);
        var theirs = (await devices.ListAsync(None)).Single(device => !device.IsCurrent);
        var sessions = await patient.Account.Cloud.SessionsAsync(None);
        await devices.EndAsync(theirs.Id, None);
        cloud.Change = On(Paths.Sessions, exchange => exchange.Set(sessions));
        await AlarmAsync(AlarmKind.Revived, () => devices.ListAsync(None));
        var unknown = sessions.Sessions.Single(session => session.IsCurrent) with { Id = new string('a', 32), IsCurrent = false };
        cloud.Change = On(Paths.Sessions, exchange => exchange.Set(new SessionList([.. exchange.Json<SessionList>().Sessions, unknown])));
        Assert.False((await devices.ListAsync(None)).Single(device => device.Id == unknown.Id).HasKeys);
        cloud.Change = On(Paths.Sessions, exchange => exchange.Set(new SessionList([])));
        Assert.Single((await devices.CompareAsync(None)).Unshown);
    }

    private static async Task ReplaceAsync(Person patient, RecordId id)
    {
        using var opened = await new Catalogue(patient.Account).OneAsync(id, None);
        var header = opened.Sealed.Header;
        var metadata = await opened.Metadata.SealAsync(opened.ContentKey, header.Context, header.Version + 1);
        await patient.Account.Cloud.AddRecordAsync(SealedRecord.Create(patient.Account.Keys.Identity,
            header with { Version = header.Version + 1, MetadataHash = SHA256.HashData(metadata) }, metadata), None);
    }

    private async Task<Middleman> BetweenAsync(Person person)
    {
        var between = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", between.Url));
        return between;
    }

    internal static async Task<string> AlarmAsync(AlarmKind kind, Func<Task> work)
    {
        var alarm = await Assert.ThrowsAsync<AlarmException>(work);
        Assert.Equal((kind, alarm.Message), (alarm.Kind, alarm.Message));
        return alarm.Message;
    }

    private static string[] Take(Middleman cloud, string path)
    {
        lock (cloud.Passed)
        {
            string[] methods = [.. cloud.Passed.Where(exchange => exchange.Path.StartsWith(path, StringComparison.Ordinal)).Select(exchange => exchange.Method)];
            cloud.Passed.Clear();
            return methods;
        }
    }

    private static Func<Exchange, Task<bool>> InsteadOfState(byte[] signed) => exchange =>
    {
        if (exchange.Method != "GET" || !exchange.Path.StartsWith(Paths.Inventory, StringComparison.Ordinal))
            return Task.FromResult(false);
        exchange.Set(new SignedBytes(signed));
        return Task.FromResult(true);
    };

    internal static Func<Exchange, Task> Without(RecordId hidden) => exchange =>
    {
        var path = exchange.Path.Split('?')[0];
        if (path == Paths.Records && exchange.Status == 200)
        {
            var page = exchange.Json<CataloguePage>();
            exchange.Set(page with { Records = [.. page.Records.Where(row => Catalogue.Verify(row).Header.Context.Record != hidden)] });
        }
        else if (path == $"{Paths.Records}/{hidden}")
            exchange.Status = 404;
        else if (path == Paths.RecordLookup)
            exchange.Set(new FoundRecords([], []));
        return Task.CompletedTask;
    };

    private static Func<Exchange, Task> OnAccount(Func<IReadOnlyList<WrappedSecret>, IReadOnlyList<WrappedSecret>> change) => exchange =>
    {
        if (exchange.Status == 200 && exchange.Path.StartsWith(Paths.Logins, StringComparison.Ordinal) && exchange.Path.EndsWith("/complete", StringComparison.Ordinal))
        {
            var session = exchange.Json<SessionStarted>();
            exchange.Set(session with { Account = session.Account with { Secrets = change(session.Account.Secrets) } });
        }
        else if (exchange.Status == 200 && exchange is { Method: "GET", Path: Paths.Account })
        {
            var account = exchange.Json<AccountView>();
            exchange.Set(account with { Secrets = change(account.Secrets) });
        }
        return Task.CompletedTask;
    };

    internal static Func<Exchange, Task> On(string path, Action<Exchange> change, Func<Exchange, Task>? and = null) => async exchange =>
    {
        if (exchange.Status == 200 && exchange.Path.Split('?')[0] == path)
            change(exchange);
        if (and is not null)
            await and(exchange);
    };
}
