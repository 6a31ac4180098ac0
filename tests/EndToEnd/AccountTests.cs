using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Crypto.Dispersal;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Devices, sessions, the recovery kit, and keys that the owner keeps.</summary>
public class AccountTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task TheKitRestoresTheAccountOnACleanProfile()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(1000);
        var stored = await patient.PutAsync(bytes);
        const string passphrase = "a new passphrase";
        var profile = new Profile(salus.In("profiles", salus.NewName("restored")));
        using (var enrolment = new Enrolment(profile, salus.Parties))
        {
            var pending = await enrolment.StartLoginAsync(patient.Mail, None);
            using var kit = RecoveryKit.Parse(patient.Kit.ToLowerInvariant().Replace('-', ' '));
            using var secret = Person.Secret(passphrase);
            (await enrolment.RestoreAsync(pending, await salus.TakeCodeAsync(patient.Mail), kit, secret, TimeProvider.System, None)).Dispose();
        }
        using (var restored = await UnlockAsync(profile, passphrase))
        {
            Assert.Equal(patient.Account.Card.Fingerprint, restored.Card.Fingerprint);
            var path = patient.Out("restored");
            await new RecordStore(restored).GetAsync(stored.Record, path, Person.NoKey, null, None);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
        }
        // For every later login the new passphrase counts, and the old one no more.
        await LogInAsync(patient, passphrase);
        Assert.Contains("passphrase is wrong", (await Assert.ThrowsAsync<CannotException>(() => LogInAsync(patient, patient.Passphrase))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongKitAndAMistypedOneAreToldApart()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var other = await Person.RegisterAsync(salus, "other");
        var profile = new Profile(salus.In("profiles", salus.NewName("clean")));
        using var enrolment = new Enrolment(profile, salus.Parties);
        var pending = await enrolment.StartLoginAsync(patient.Mail, None);
        using var wrong = RecoveryKit.Parse(other.Kit);
        using var secret = Person.Secret("a new passphrase");
        var code = await salus.TakeCodeAsync(patient.Mail);
        var refused = await Assert.ThrowsAsync<CannotException>(() => enrolment.RestoreAsync(pending, code, wrong, secret, TimeProvider.System, None));
        Assert.Contains("does not open this account", refused.Message, StringComparison.Ordinal);
        Assert.False(profile.Exists);

        var mistyped = (patient.Kit[0] == '7' ? "8" : "7") + patient.Kit[1..];
        Assert.Contains("mistyped", Assert.Throws<CannotException>(() => RecoveryKit.Parse(mistyped)).Message, StringComparison.Ordinal);
        Assert.Contains("has 63", Assert.Throws<CannotException>(() => RecoveryKit.Parse(patient.Kit[1..])).Message, StringComparison.Ordinal);
        Assert.Contains("'U'", Assert.Throws<CannotException>(() => RecoveryKit.Parse("U" + patient.Kit[1..])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARenewedKitReplacesTheOneBefore()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var before = RecoveryKit.Parse(patient.Kit);
        await patient.Account.ProveKitAsync(before, None);
        using var renewal = await KitRenewal.BeginAsync(patient.Account);
        await patient.Account.ProveKitAsync(before, None);
        await renewal.AdoptAsync(None);
        await patient.Account.ProveKitAsync(renewal.Kit, None);
        await Assert.ThrowsAsync<CannotException>(() => patient.Account.ProveKitAsync(before, None));
    }

    [Fact]
    public async Task AKitWhoseRenewalGoesUnansweredIsThatOnPaper()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var before = RecoveryKit.Parse(patient.Kit);
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await patient.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        using var renewal = await KitRenewal.BeginAsync(patient.Account);

        cloud.Instead = Lost;
        await Assert.ThrowsAnyAsync<Exception>(() => renewal.AdoptAsync(None));
        await patient.Account.ProveKitAsync(before, None);

        (cloud.Instead, cloud.Change) = (_ => Task.FromResult(false), async exchange => _ = await Lost(exchange));
        await Assert.ThrowsAnyAsync<Exception>(() => renewal.AdoptAsync(None));
        await patient.Account.ProveKitAsync(renewal.Kit, None);

        cloud.Change = _ => Task.CompletedTask;
        await renewal.AdoptAsync(None);
        await patient.Account.ProveKitAsync(renewal.Kit, None);
        await Assert.ThrowsAsync<CannotException>(() => patient.Account.ProveKitAsync(before, None));

        static Task<bool> Lost(Exchange exchange)
        {
            var isReplacement = exchange.Method == "PUT" && exchange.Path == Paths.AccountKeys;
            if (isReplacement)
                (exchange.Status, exchange.Body) = (502, []);
            return Task.FromResult(isReplacement);
        }
    }

    [Fact]
    public async Task ASecondDeviceSeesTheSameRecordsAndLogoutEverywhereEndsBothSessions()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(1000);
        var stored = await patient.PutAsync(bytes);
        var profile = await LogInAsync(patient, patient.Passphrase);
        using var second = await UnlockAsync(profile, patient.Passphrase);
        Assert.Equal(stored.Record, Assert.Single(await new RecordStore(second).ListAsync(None)).Record);

        await Account.LogoutAsync(profile, everywhere: true, None);
        foreach (var account in new[] { patient.Account, second })
            Assert.Equal(Problems.NoSession, (await Assert.ThrowsAsync<RefusedException>(() => new RecordStore(account).ListAsync(None))).Code);
    }

    [Fact]
    public async Task LogoutEndsItsOwnSessionOnly()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var profile = await LogInAsync(patient, patient.Passphrase);
        using var second = await UnlockAsync(profile, patient.Passphrase);
        await Account.LogoutAsync(profile, everywhere: false, None);
        Assert.Equal(Problems.NoSession, (await Assert.ThrowsAsync<RefusedException>(() => new RecordStore(second).ListAsync(None))).Code);
        Assert.Empty(await patient.Records.ListAsync(None));
    }

    [Fact]
    public async Task ACodeIsGoodOnceAndForItsOwnMailOnly()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var enrolment = new Enrolment(new Profile(salus.In("profiles", salus.NewName("clean"))), salus.Parties);
        var pending = await enrolment.StartLoginAsync(patient.Mail, None);
        var code = await salus.TakeCodeAsync(patient.Mail);
        using var secret = Person.Secret(patient.Passphrase);
        var wrong = new string([.. code.Select(c => char.IsAsciiDigit(c) ? (char)('0' + (9 - (c - '0'))) : c)]);
        Assert.Equal(Problems.CodeRefused, (await Assert.ThrowsAsync<RefusedException>(() => enrolment.LogInAsync(pending, wrong, secret, TimeProvider.System, None))).Code);
        (await enrolment.LogInAsync(pending, code, secret, TimeProvider.System, None)).Dispose();
        Assert.Equal(Problems.CodeRefused, (await Assert.ThrowsAsync<RefusedException>(() => enrolment.LogInAsync(pending, code, secret, TimeProvider.System, None))).Code);
    }

    [Fact]
    public async Task AnOwnerHeldSequenceKeyOpensAndAnotherIsSaidToBeWrong()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var bytes = Extensions.RandomBytes(5000);
        var stored = await patient.PutAsync(bytes, dispersal: new DispersalChoice(Key("aB3$xY7&qQ")));
        Assert.Equal(10, stored.Fragments);
        Assert.True((await patient.Records.ShowAsync(stored.Record, None)).NeedsSequenceKey);
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record, () => Key("aB3$xY7&qQ"))).Bytes);
        // Another order of the same characters, another length, another character: one answer.
        foreach (var wrong in new[] { "Ba3$xY7&qQ", "aB3$xY7&qQ!", "aB3$xY7&qR" })
            Assert.Contains("Wrong sequence key", (await patient.FailsToGetAsync<CannotException>(stored.Record, () => Key(wrong))).Message, StringComparison.Ordinal);
        // A grant alone does not open it; with the key, which its owner tells in person, it does.
        await patient.ShareAsync(doctor, ["medical"]);
        await doctor.FailsToGetAsync<CannotException>(stored.Record, () => Key("another-ky"));
        Assert.Equal(bytes, (await doctor.GetAsync(stored.Record, () => Key("aB3$xY7&qQ"))).Bytes);
    }

    [Fact]
    public async Task RestoringFromAllFragmentsNeedsEveryOne()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(5000);
        var stored = await patient.PutAsync(bytes, dispersal: new DispersalChoice(RestoreFrom: 8));
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
        var (store, file) = (await patient.FragmentsAsync(stored.Record))[5];
        var fragment = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, [.. fragment.Select(octet => (byte)(octet ^ 1))]);
        var alarm = await patient.FailsToGetAsync<AlarmException>(stored.Record);
        Assert.Equal(AlarmKind.Integrity, alarm.Kind);
        Assert.Contains(store, alarm.Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, fragment);
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
        await Assert.ThrowsAsync<CannotException>(() => patient.PutAsync(bytes, dispersal: new DispersalChoice(RestoreFrom: 9)));
    }

    private static SequenceKey Key(string text) => SequenceKey.TryParse(text, out var key) == SequenceKeyFault.None ? key! : throw new ArgumentException("no sequence key", nameof(text));

    private static async Task<Account> UnlockAsync(Profile profile, string passphrase)
    {
        using var secret = Person.Secret(passphrase);
        return await Account.UnlockAsync(profile, secret, TimeProvider.System);
    }

    /// <summary>Logs in on a device that has no profile yet.</summary>
    private async Task<Profile> LogInAsync(Person person, string passphrase)
    {
        var profile = new Profile(salus.In("profiles", salus.NewName("device")));
        using var enrolment = new Enrolment(profile, salus.Parties);
        var pending = await enrolment.StartLoginAsync(person.Mail, None);
        using var secret = Person.Secret(passphrase);
        (await enrolment.LogInAsync(pending, await salus.TakeCodeAsync(person.Mail), secret, TimeProvider.System, None)).Dispose();
        return profile;
    }
}
