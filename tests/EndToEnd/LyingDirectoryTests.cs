using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Client.Log;
using Salus.Client.Profiles;
using Salus.Crypto.Oprf;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Log;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>A cloud that writes into its log whatever it likes and answers whom it likes, and a trustee that lies.</summary>
public class LyingDirectoryTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact, Attack("K03")]
    public async Task ManyEntriesOfOneCardDoNotHideAnother()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var eve = await Person.RegisterAsync(salus, "eve");
        var tag = await TagAsync(patient);
        // Of a later version, so that it comes first wherever versions are compared.
        await EnterAsync(patient, tag, Enumerable.Repeat(LogEntry.Card(tag, Version(eve, 1000)), Limits.MaxTagged + 6), 2);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = OnLookup(found => found with { Signed = eve.Account.Card.Signed });
        await doctor.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        await AlarmAsync(AlarmKind.KeyChanged, () => doctor.ShareAsync(patient, ["medical"]));
        cloud.Change = _ => Task.CompletedTask;
        await AlarmAsync(AlarmKind.KeyChanged, () => doctor.ShareAsync(patient, ["medical"]));
        // The owner sees the other card, too, however many of the own are put in front of it.
        await EnterAsync(patient, tag, Enumerable.Repeat(LogEntry.Card(tag, Version(patient, 2000)), Limits.MaxTagged + 6), 3);
        await AlarmAsync(AlarmKind.KeyChanged, () => patient.Account.CheckCardAsync(None));
    }

    [Fact, Attack("K03")]
    public async Task MoreEntriesThanTrusteesTellAreAnAlarm()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var tag = await TagAsync(patient);
        await EnterAsync(patient, tag, Enumerable.Range(2, Limits.MaxTagged).Select(version => LogEntry.Card(tag, Version(patient, (uint)version))), Limits.MaxTagged + 1);
        await AlarmAsync(AlarmKind.KeyChanged, () => patient.Account.CheckCardAsync(None));
    }

    [Fact]
    public async Task ANewerVersionOfTheSameKeysIsNotAnotherKeyAndTheOldOneIsNotShownAnyMore()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var tag = await TagAsync(patient);
        var newer = Version(patient, patient.Account.Card.Version + 1);
        await EnterAsync(patient, tag, [LogEntry.Card(tag, newer)], 2);
        await AlarmAsync(AlarmKind.Rollback, () => doctor.ShareAsync(patient, ["medical"]));
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = OnLookup(found => found with { Signed = newer.Signed });
        await doctor.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        await doctor.ShareAsync(patient, ["medical"]);
    }

    [Fact, Attack("K03")]
    public async Task ARefusedLookUpOfTheOwnAddressIsAnAlarm()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        var parties = salus.Parties.With("cloud", cloud.Url);
        cloud.Instead = Refusing(exchange => exchange.Status = 404);
        await AlarmAsync(AlarmKind.Withheld, () => Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties));
        await patient.ThroughAsync(parties);
        // Before the place in the log was ever proven, and after it.
        foreach (var isKnown in new[] { false, true })
        {
            foreach (var status in new[] { 404, 403, 400 })
            {
                cloud.Instead = Refusing(exchange => exchange.Status = status);
                await AlarmAsync(AlarmKind.Withheld, () => patient.Account.CheckCardAsync(None));
            }
            // One that has too much to do accuses nobody.
            foreach (var status in new[] { 429, 503 })
            {
                await patient.ThroughAsync(parties);
                cloud.Instead = Refusing(exchange => exchange.Status = status);
                await patient.Account.CheckCardAsync(None);
                Assert.Equal(isKnown ? 0 : 1, patient.Account.Warnings.Count);
            }
            cloud.Instead = _ => Task.FromResult(false);
            Assert.Equal(isKnown, patient.Account.State.Content.OwnCard?.Tag is not null);
            await patient.Account.CheckCardAsync(None);
        }
    }

    [Fact, Attack("K03")]
    public async Task WhatCannotBeCheckedIsSaidAndIsAnAlarmAfterAWeek()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Instead = Refusing(exchange => exchange.IsLost = true);
        var parties = salus.Parties.With("cloud", cloud.Url);
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties);
        Assert.Equal(Warning.CardNotChecked, Assert.Single(device.Account.Warnings).Code);
        var first = device.Account.State.Content.OwnCard!;
        Assert.Null(first.Tag);
        device.Account.State.Content.OwnCard = first with { Checked = first.Checked.AddDays(-8) };
        await AlarmAsync(AlarmKind.Withheld, () => device.Account.CheckCardAsync(None));
        // Once the place in the log is known, the trustees tell without the cloud.
        cloud.Instead = _ => Task.FromResult(false);
        await device.Account.CheckCardAsync(None);
        var own = device.Account.State.Content.OwnCard!;
        Assert.True(own.Tag is { Length: CardTag.Size } && own.Checked > first.Checked.AddMinutes(-1));
        cloud.Instead = Refusing(exchange => exchange.IsLost = true);
        device.Account.State.Content.OwnCard = own with { Checked = own.Checked.AddDays(-8) };
        await device.Account.CheckCardAsync(None);
        using var eve = await Person.RegisterAsync(salus, "eve");
        await EnterAsync(patient, own.Tag!, [LogEntry.Card(own.Tag!, eve.Account.Card)], 2);
        await AlarmAsync(AlarmKind.KeyChanged, () => device.Account.CheckCardAsync(None));
    }

    [Fact, Attack("K03")]
    public async Task AnotherDirectoryKeyThanTheTrusteesKnowIsAFork()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var eve = await Person.RegisterAsync(salus, "eve");
        using var second = OprfKey.Derive(RandomNumberGenerator.GetBytes(OprfKey.SeedSize), "another"u8);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = exchange =>
        {
            if (exchange is { Status: 200, Path: Paths.CardLookup } && OprfElement.TryParse(JsonOf<CardRequest>(exchange.Request).Blinded!, out var blinded))
                exchange.Set(exchange.Json<FoundCard>() with { Evaluation = second.Evaluate(blinded).Bytes.ToArray() });
            return Task.CompletedTask;
        };
        // Under the second key the address has a place of its own, with another card and no more.
        var parties = salus.Parties.With("cloud", cloud.Url);
        await doctor.ThroughAsync(parties with { Cloud = parties.Cloud with { Directory = Convert.ToHexStringLower(second.PublicKey.Bytes) } });
        var tag = await TagAsync(doctor, patient.Mail);
        await EnterAsync(patient, tag, [LogEntry.Card(tag, eve.Account.Card)], 1);
        await AlarmAsync(AlarmKind.Fork, () => doctor.ShareAsync(patient, ["medical"]));
        await AlarmAsync(AlarmKind.Fork, () => doctor.Account.CheckCardAsync(None));
    }

    [Fact]
    public async Task AProfileWithoutADirectoryKeyTakesOverTheOneThatTwoTrusteesName()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var before = salus.Parties with { Cloud = salus.Parties.Cloud with { Directory = null } };
        await using var silent = await Middleman.BeforeAsync(salus.Parties.Trustees[1].Url);
        silent.Instead = exchange =>
        {
            exchange.IsLost = true;
            return Task.FromResult(true);
        };
        await patient.ThroughAsync(before.With("trustee-2", silent.Url).With("trustee-3", silent.Url));
        Assert.Equal(Reasons.TooFewTrustees, (await Assert.ThrowsAsync<CannotException>(() => new Contacts(patient.Account).ResolveAsync(doctor.Mail, None))).Code);
        await patient.Account.CheckCardAsync(None);
        Assert.Contains("key directory", Assert.Single(patient.Account.Warnings).Message, StringComparison.Ordinal);
        await patient.ThroughAsync(before.With("trustee-3", silent.Url));
        await new Contacts(patient.Account).ResolveAsync(doctor.Mail, None);
        Assert.Equal(salus.Parties.Cloud.Directory, patient.Profile.Load().Parties.Cloud.Directory);
    }

    [Fact]
    public async Task ATrusteeThatInventsEntriesStopsNobody()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var identity = new SigningKey(await File.ReadAllBytesAsync(salus.In("trustee-1", "identity.key")));
        await using var liar = await Middleman.BeforeAsync(salus.Parties.Trustees[0].Url);
        await patient.ThroughAsync(salus.Parties.With("trustee-1", liar.Url));
        var tag = await TagAsync(patient);
        // In the log as everybody sees it, and behind its end.
        foreach (var isBehind in new[] { false, true })
        {
            liar.Change = exchange =>
            {
                if (!exchange.Path.StartsWith($"{Paths.WitnessNewest}?kind={(int)LogKind.Card}&", StringComparison.Ordinal))
                    return Task.CompletedTask;
                Assert.True(WitnessedTag.TryVerify(exchange.Body, identity.PublicKey, out var word));
                var size = isBehind ? 1L << 50 : word.Size;
                TaggedDigest[] entries = [new(ulong.MaxValue, isBehind ? size - 1 : 0, RandomNumberGenerator.GetBytes(32)), .. word.Entries];
                exchange.Body = WitnessedTag.Create(identity, word.Kind, word.Tag, word.Nonce, word.At, size, word.Root, (uint)entries.Length, entries, RandomNumberGenerator.GetBytes(32)).Signed;
                return Task.CompletedTask;
            };
            var logged = await new Witnesses(patient.Account).EntriesAsync(LogKind.Card, tag, None);
            Assert.Equal(patient.Account.Card.LoggedDigest, Assert.Single(logged.Entries).Digest);
            await patient.Account.CheckCardAsync(None);
            await new Contacts(patient.Account).ResolveAsync(doctor.Mail, None);
        }
        Assert.Contains(patient.Account.Warnings, warning => warning.Message.Contains("trustee-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OfSeveralAlarmsOfALoginEachIsKeptAndTheGravestIsThrown()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var tag = await TagAsync(patient);
        await EnterAsync(patient, tag, [LogEntry.Card(tag, Version(patient, patient.Account.Card.Version + 1))], 2);
        patient.Account.State.Content.MadeStates.Add(new MadeState(1000, new byte[32], patient.Account.Now.AddHours(-1)));
        await AlarmAsync(AlarmKind.Rollback, () => new AccountCheck(patient.Account).RunAsync(None));
        var alarms = new AlarmLog(patient.Account);
        Assert.Equal([AlarmKind.Rollback, AlarmKind.Unlogged], alarms.List().Select(kept => kept.Kind));
        Assert.Equal(Reasons.OpenAlarm, Assert.Throws<CannotException>(alarms.RequireNoOtherHistory).Code);
        Assert.Equal(2, patient.Account.Raised.Count);
    }

    [Fact]
    public async Task ANewKeyIsVerifiedByTheDigitsThatWereComparedAndNotByWhatTheCloudShowsThen()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var anew = await Person.RegisterAsync(salus, "anew");
        using var eve = await Person.RegisterAsync(salus, "eve");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        await new Contacts(patient.Account).ResolveAsync(doctor.Mail, None);
        var shown = anew.Account.Card;
        cloud.Change = OnLookup(found => found with { Signed = shown.Signed });
        var looked = await VerifyAsync("--accept-new-key");
        Assert.Equal((0, anew.Account.Card.Fingerprint), (looked.ExitCode, looked.Output.Trim()));
        // On the telephone it was right; by the second call the cloud shows another.
        shown = eve.Account.Card;
        var second = await VerifyAsync("--accept-new-key", "--compared", anew.Account.Card.Fingerprint);
        Assert.True(second.ExitCode == 1, second.ToString());
        Assert.Contains("These are not the digits", second.Errors, StringComparison.Ordinal);
        Assert.Equal((doctor.Account.Id, false), await PinnedAsync());
        Assert.Equal(2, (await VerifyAsync("--accept-new-key", "--compared")).ExitCode);
        shown = anew.Account.Card;
        Assert.Equal(0, (await VerifyAsync("--accept-new-key", "--compared", anew.Account.Card.Fingerprint.Replace(" ", "", StringComparison.Ordinal))).ExitCode);
        Assert.Equal((anew.Account.Id, true), await PinnedAsync());

        Task<Outcome> VerifyAsync(params string[] options) =>
            CommandLine.RunAsync(["verify-contact", doctor.Mail, .. options, "--data", salus.Data, "--profile", patient.Name], ("SALUS_PASSPHRASE", patient.Passphrase));

        async Task<(AccountId, bool)> PinnedAsync()
        {
            await patient.Account.State.RefreshAsync(patient.Account.Id);
            var pinned = Assert.Single(new Contacts(patient.Account).List());
            return (pinned.Card.Account, pinned.Verified);
        }
    }

    [Fact, Attack("K03")]
    public async Task TheAddressIsTheOneThatWasTyped()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        cloud.Change = exchange =>
        {
            if (exchange is { Status: 200, Method: "POST" } && exchange.Path.StartsWith(Paths.Logins + "/", StringComparison.Ordinal))
            {
                var session = exchange.Json<SessionStarted>();
                exchange.Set(session with { Account = session.Account with { Mail = session.Account.Mail.Replace('e', 'c') } });
            }
            return Task.CompletedTask;
        };
        var parties = salus.Parties.With("cloud", cloud.Url);
        await AlarmAsync(AlarmKind.KeyChanged, () => Person.LogInAsync(salus, patient.Mail, patient.Passphrase, parties));
        await AlarmAsync(AlarmKind.KeyChanged, () => Person.RestoreAsync(salus, patient.Mail, patient.Kit, parties));
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        Assert.Empty(device.Account.Warnings);
    }

    private static T JsonOf<T>(byte[] body) => JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;

    private static AccountCard Version(Person person, uint version) =>
        AccountCard.Create(person.Account.Keys.Identity, person.Account.Card.Receiving, person.Account.Card.Box, version);

    /// <summary>The own tag, when the own card is there.</summary>
    private static async Task<byte[]> TagAsync(Person person)
    {
        await person.Account.CheckCardAsync(None);
        return person.Account.State.Content.OwnCard!.Tag!;
    }

    private static async Task<byte[]> TagAsync(Person person, string mail) => (await new CardDirectory(person.Account).LookUpAsync(mail, None)).Tag!;

    /// <summary>The cloud logs, until all trustees know of as many.</summary>
    private async Task EnterAsync(Person person, byte[] tag, IEnumerable<LogEntry> entries, int total)
    {
        await salus.EnterAsync(entries);
        await SalusInstallation.UntilAsync(async () =>
        {
            var words = await new Witnesses(person.Account).NewestAsync(LogKind.Card, tag, None);
            return words.Count == 3 && words.All(word => word.Total == total);
        }, $"{total} entries under the tag");
    }

    private static async Task AlarmAsync(AlarmKind kind, Func<Task> act) => Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(act)).Kind);

    private static Func<Exchange, Task<bool>> Refusing(Action<Exchange> answer) => exchange =>
    {
        if (exchange.Path != Paths.CardLookup)
            return Task.FromResult(false);
        answer(exchange);
        return Task.FromResult(true);
    };

    private static Func<Exchange, Task> OnLookup(Func<FoundCard, FoundCard> change) => exchange =>
    {
        if (exchange is { Status: 200, Path: Paths.CardLookup })
            exchange.Set(change(exchange.Json<FoundCard>()));
        return Task.CompletedTask;
    };
}
