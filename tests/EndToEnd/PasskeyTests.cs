using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Crypto;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>Accounts that are opened by a passkey, and the list of devices.</summary>
public class PasskeyTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AnAccountWithoutAPassphraseIsOpenedByItsPasskeyHereAndElsewhere()
    {
        var profile = NewProfile();
        var mail = $"{salus.NewName("patient")}@example.org";
        using var key = Authenticator();
        using (var enrolment = new Enrolment(profile, salus.Parties))
        {
            var pending = await enrolment.StartRegistrationAsync(mail, None);
            var (account, kit) = await enrolment.RegisterAsync(pending, await salus.TakeCodeAsync(mail), null, null, TimeProvider.System, None);
            using (account)
            using (kit)
            {
                await account.ProveKitAsync(kit, None);
                using var secret = Person.Secret("some passphrase");
                Assert.Contains("no passphrase", (await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(profile, secret, TimeProvider.System))).Message, StringComparison.Ordinal);
                var added = await AddAsync(account, key, "Telephone");
                Assert.Equal((key.CredentialId, "Telephone"), (added.Id, added.Name));
                Assert.Equal(added, Assert.Single(await new Passkeys(account).ListAsync(None)));
            }
        }
        Assert.Equal([key.CredentialId], Passkeys.In(profile));
        using var prf = Prf(key);
        using (var unlocked = await Account.UnlockAsync(profile, key.CredentialId, prf, TimeProvider.System))
            Assert.Equal(mail, unlocked.Mail);

        var elsewhere = NewProfile();
        using var second = await LogInAsync(elsewhere, key);
        Assert.Empty(await new RecordStore(second).ListAsync(None));
        Assert.NotNull(Assert.Single(await new Passkeys(second).ListAsync(None)).LastUsedAt);
        // The first passphrase, and then a second.
        foreach (var passphrase in new[] { "the first passphrase", "the second passphrase" })
        {
            using var secret = Person.Secret(passphrase);
            await second.ChangePassphraseAsync(secret, None);
            (await Account.UnlockAsync(elsewhere, secret, TimeProvider.System)).Dispose();
        }
    }

    [Fact]
    public async Task TheKeyThatOpensTheAccountStaysOnTheDevice()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        using var key = Authenticator();
        await AddAsync(patient.Account, key, "Telephone");
        (await LogInAsync(NewProfile(), key, salus.Parties.With("cloud", cloud.Url))).Dispose();
        var sent = cloud.Passed.Select(exchange => Encoding.UTF8.GetString(exchange.Request)).ToList();
        Assert.Equal(2, sent.Count(body => body.Contains("clientDataJSON", StringComparison.Ordinal)));
        var output = key.Prf(Passkeys.PrfSalt);
        foreach (var form in new[] { Base64Url.EncodeToString(output), Convert.ToBase64String(output), Convert.ToHexStringLower(output), "prf", "results" })
            Assert.DoesNotContain(sent, body => body.Contains(form, StringComparison.Ordinal));
        var stored = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(patient.Profile.Folder, "profile.json")));
        Assert.DoesNotContain(Convert.ToBase64String(output), stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAuthenticatorsAreAskedForIsNotTheCloudsToSay()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        cloud.Change = exchange =>
        {
            if (exchange.Path == Paths.PasskeyOptions)
                exchange.Set(exchange.Json<PasskeyChallenge>() with
                {
                    Options = """{"challenge":"AAAA","user":{"id":"QQ","name":"eve"},"authenticatorSelection":{"userVerification":"discouraged"},"extensions":{"prf":{"eval":{"first":"QQ"}}}}""",
                });
            return Task.CompletedTask;
        };
        using var options = JsonDocument.Parse((await new Passkeys(patient.Account).CreationOptionsAsync(None)).Options);
        Assert.Equal(patient.Mail, options.RootElement.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal(patient.Account.Id.ToString(), Encoding.ASCII.GetString(Decoded(options.RootElement.GetProperty("user").GetProperty("id"))));
        Assert.Equal("required", options.RootElement.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString());
        Assert.Equal(Passkeys.PrfSalt, Decoded(options.RootElement.GetProperty("extensions").GetProperty("prf").GetProperty("eval").GetProperty("first")));

        foreach (var garbage in new[] { "", "null", "[]", "{}", """{"challenge":7}""", """{"challenge":"A","challenge":"B"}""", "\u0000" })
        {
            cloud.Change = exchange =>
            {
                if (exchange.Path == Paths.PasskeyOptions)
                    exchange.Set(exchange.Json<PasskeyChallenge>() with { Options = garbage });
                return Task.CompletedTask;
            };
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => new Passkeys(patient.Account).CreationOptionsAsync(None))).Kind);
        }
    }

    [Fact]
    public async Task ACloudThatLiesAtALoginByPasskeyIsCaught()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var eve = await Person.RegisterAsync(salus, "eve");
        using var key = Authenticator();
        await AddAsync(patient.Account, key, "Telephone");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var evesView = await eve.Account.Cloud.AccountAsync(None);
        (AlarmKind Kind, Func<AccountView, AccountView> Lie)[] lies =
        [
            (AlarmKind.Withheld, view => view with { Secrets = [.. view.Secrets.Where(secret => !secret.Kind.StartsWith("passkey:", StringComparison.Ordinal))] }),
            (AlarmKind.Integrity, view => view with { Secrets = null! }),
            (AlarmKind.KeyChanged, _ => evesView),
            (AlarmKind.KeyChanged, view => view with { Card = evesView.Card }),
            (AlarmKind.Integrity, view => view with { Card = view.Card.Flipped(40) }),
        ];
        foreach (var (kind, lie) in lies)
        {
            cloud.Change = exchange =>
            {
                if (exchange.Path.EndsWith("/complete", StringComparison.Ordinal))
                    exchange.Set(exchange.Json<SessionStarted>() is var session ? session with { Account = lie(session.Account) } : null!);
                return Task.CompletedTask;
            };
            var profile = NewProfile();
            Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => LogInAsync(profile, key, salus.Parties.With("cloud", cloud.Url)))).Kind);
            Assert.False(profile.Exists);
        }
    }

    [Fact]
    public async Task APasskeyOfSomebodyElseDoesNotTakeAProfileOver()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.RegisterAsync(salus, "other");
        using var key = Authenticator();
        await AddAsync(other.Account, key, "Telephone");
        var before = await File.ReadAllBytesAsync(Path.Combine(patient.Profile.Folder, "profile.json"));
        await Assert.ThrowsAsync<CannotException>(() => LogInAsync(patient.Profile, key));
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(patient.Profile.Folder, "profile.json")));
        using var prf = Prf(key);
        await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(patient.Profile, key.CredentialId, prf, TimeProvider.System));
    }

    [Fact]
    public async Task ARemovedPasskeyOpensNothingAndTheLastWayInStays()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var first = Authenticator();
        using var second = Authenticator();
        var passkeys = new Passkeys(patient.Account);
        await AddAsync(patient.Account, first, "Telephone");
        await AddAsync(patient.Account, second, "Token");
        await passkeys.RemoveAsync(first.CredentialId, None);
        Assert.Equal("Token", Assert.Single(await passkeys.ListAsync(None)).Name);
        Assert.Equal([second.CredentialId], Passkeys.In(patient.Profile));
        Assert.Equal(Problems.PasskeyRefused, (await Assert.ThrowsAsync<RefusedException>(() => LogInAsync(NewProfile(), first))).Code);
        using (var prf = Prf(first))
            await Assert.ThrowsAsync<CannotException>(() => Account.UnlockAsync(patient.Profile, first.CredentialId, prf, TimeProvider.System));
        await Assert.ThrowsAsync<CannotException>(() => passkeys.RemoveAsync(first.CredentialId, None));
        (await LogInAsync(NewProfile(), second)).Dispose();

        var profile = NewProfile();
        var mail = $"{salus.NewName("patient")}@example.org";
        using var enrolment = new Enrolment(profile, salus.Parties);
        var pending = await enrolment.StartRegistrationAsync(mail, None);
        var (account, kit) = await enrolment.RegisterAsync(pending, await salus.TakeCodeAsync(mail), null, null, TimeProvider.System, None);
        using (account)
        using (kit)
        using (var only = Authenticator())
        {
            await AddAsync(account, only, "Telephone");
            Assert.Contains("recovery kit", (await Assert.ThrowsAsync<CannotException>(() => new Passkeys(account).RemoveAsync(only.CredentialId, None))).Message, StringComparison.Ordinal);
            using var secret = Person.Secret("a passphrase after all");
            await account.ChangePassphraseAsync(secret, None);
            await new Passkeys(account).RemoveAsync(only.CredentialId, None);
        }
    }

    [Fact]
    public async Task ACloudCannotKeepAPasskeyByHidingWhatItOpens()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hidden = Authenticator();
        using var kept = Authenticator();
        await AddAsync(patient.Account, hidden, "Telephone");
        await AddAsync(patient.Account, kept, "Token");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        var passkeys = new Passkeys(patient.Account);
        cloud.Change = exchange =>
        {
            if (exchange.Path == Paths.Account)
                exchange.Set(exchange.Json<AccountView>() is var view
                    ? view with { Secrets = [.. view.Secrets.Where(secret => !secret.Kind.StartsWith("passkey:", StringComparison.Ordinal))] } : null!);
            return Task.CompletedTask;
        };
        await passkeys.RemoveAsync(hidden.CredentialId, None);
        Assert.Equal("Token", Assert.Single(await passkeys.ListAsync(None)).Name);
        Assert.Equal(Problems.PasskeyRefused, (await Assert.ThrowsAsync<RefusedException>(() => LogInAsync(NewProfile(), hidden))).Code);

        // One that only says that it did.
        cloud.Instead = exchange =>
        {
            if (!exchange.Path.EndsWith("/removal", StringComparison.Ordinal))
                return Task.FromResult(false);
            exchange.Status = 204;
            return Task.FromResult(true);
        };
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => passkeys.RemoveAsync(kept.CredentialId, None))).Kind);
        Assert.Empty(Passkeys.In(patient.Profile));
    }

    [Fact]
    public async Task AHiddenPassphraseIsNotTakenForNone()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        cloud.Change = exchange =>
        {
            if (exchange.Path == Paths.Account)
                exchange.Set(exchange.Json<AccountView>() is var view ? view with { Secrets = [.. view.Secrets.Where(secret => secret.Kind != "passphrase")] } : null!);
            return Task.CompletedTask;
        };
        using var secret = Person.Secret("another passphrase");
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => patient.Account.ChangePassphraseAsync(secret, None))).Kind);
    }

    [Fact]
    public async Task DevicesAreListedByNameAndEndedOneByOne()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var profile = NewProfile();
        using var secret = Person.Secret(patient.Passphrase);
        using var enrolment = new Enrolment(profile, salus.Parties) { Device = "Chromium on Linux" };
        var pending = await enrolment.StartLoginAsync(patient.Mail, None);
        using var second = await enrolment.LogInAsync(pending, await salus.TakeCodeAsync(patient.Mail), secret, TimeProvider.System, None);

        var devices = new Devices(patient.Account);
        var listed = await devices.ListAsync(None);
        Assert.Equal([("Chromium on Linux", false), (null, true)], listed.Select(device => (device.Name, device.IsCurrent)));
        await Assert.ThrowsAsync<CannotException>(() => devices.EndAsync(new string('0', 32), None));
        await devices.EndAsync(listed[0].Id, None);
        Assert.Equal(Problems.NoSession, (await Assert.ThrowsAsync<RefusedException>(() => new RecordStore(second).ListAsync(None))).Code);
        Assert.True(Assert.Single(await devices.ListAsync(None)).IsCurrent);

        // The same on the command line, which ends its own.
        string[] arguments = ["devices", "--json", "--data", salus.Data, "--profile", patient.Name];
        var shown = await CommandLine.RunAsync(arguments, ("SALUS_PASSPHRASE", patient.Passphrase));
        using (var json = JsonDocument.Parse(shown.Output))
            Assert.Equal(listed[1].Id, Assert.Single(json.RootElement.GetProperty("devices").EnumerateArray()).GetProperty("id").GetString());
        var ended = await CommandLine.RunAsync([.. arguments, "--end", listed[1].Id], ("SALUS_PASSPHRASE", patient.Passphrase));
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Null(patient.Profile.Load().Token);
        Assert.Equal(1, (await CommandLine.RunAsync(arguments, ("SALUS_PASSPHRASE", patient.Passphrase))).ExitCode);

        using var nameless = new Enrolment(NewProfile(), salus.Parties) { Device = "a\u202eb" };
        await Assert.ThrowsAsync<CannotException>(() => nameless.LogInAsync(pending, "00000000", secret, TimeProvider.System, None));
    }

    private static async Task<Passkey> AddAsync(Account account, SoftAuthenticator key, string name)
    {
        var passkeys = new Passkeys(account);
        var pending = await passkeys.CreationOptionsAsync(None);
        using var prf = Prf(key);
        return await passkeys.AddAsync(pending, key.Create(pending.Options), prf, name, None);
    }

    private async Task<Account> LogInAsync(Profile profile, SoftAuthenticator key, PartyDirectory? parties = null)
    {
        using var enrolment = new Enrolment(profile, parties ?? salus.Parties);
        var pending = await enrolment.StartPasskeyLoginAsync(None);
        using var prf = Prf(key);
        return await enrolment.CompletePasskeyLoginAsync(pending, key.Get(pending.Options), prf, TimeProvider.System, None);
    }

    private static byte[] Decoded(JsonElement text) => Base64Url.DecodeFromChars(text.GetString());

    private static Secret Prf(SoftAuthenticator key) => Secret.CopyOf(key.Prf(Passkeys.PrfSalt));

    private SoftAuthenticator Authenticator() => new() { Origin = salus.Parties.Cloud.Url.GetLeftPart(UriPartial.Authority) };

    private Profile NewProfile() => new(salus.In("profiles", salus.NewName("device")));
}
