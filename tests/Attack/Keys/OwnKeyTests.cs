using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Keys;

/// <summary>The account's own keys: what the cloud keeps of them wrapped, and the epochs that they have come to.</summary>
public class OwnKeyTests(HostileServers servers) : AttackTest(servers)
{
    /// <summary>Logins that an oracle would need to learn a key bit by bit.</summary>
    private const int ManyLogins = 512;

    [Fact, Attack("K04")]
    public async Task AnotherCardOrAnotherWrappedSecretIsNotThisAccounts()
    {
        var (view, theirs) = (await Patient.Account.Cloud.AccountAsync(None), await Eve.Account.Cloud.AccountAsync(None));
        var kept = Patient.Profile.Load();
        var othersCard = AccountCard.Create(Eve.Account.Keys.Identity, Patient.Account.Card.Receiving, Patient.Account.Card.Box, 9).Signed;
        using var passphrase = Person.Secret(Patient.Passphrase);
        foreach (var (shown, kind) in new (AccountView, AlarmKind)[]
        {
            (view with { Card = theirs.Card }, AlarmKind.KeyChanged),
            (view with { Card = othersCard }, AlarmKind.KeyChanged),
            (view with { Card = view.Card.Flipped(60) }, AlarmKind.Integrity),
            (view with { Card = [] }, AlarmKind.Integrity),
            (view with { Secrets = [] }, AlarmKind.Withheld),
            (view with { Mail = Eve.Mail }, AlarmKind.KeyChanged),
        })
        {
            Servers.BeHonest();
            ServeLogins(() => shown);
            var (enrolment, pending, profile) = await BeginLoginAsync(Patient.Mail);
            using (enrolment)
                Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => enrolment.LogInAsync(pending, "12345678", passphrase, TimeProvider.System, None))).Kind);
            Assert.False(profile.Exists);
        }
        // Eve's wrapping under the patient's name opens nothing; and on the device that knows the account nothing is changed by any of it.
        Servers.BeHonest();
        ServeLogins(() => view with { Secrets = theirs.Secrets });
        var (again, code, clean) = await BeginLoginAsync(Patient.Mail);
        using (again)
            await Assert.ThrowsAsync<CannotException>(() => again.LogInAsync(code, "12345678", passphrase, TimeProvider.System, None));
        Assert.False(clean.Exists);
        Servers.BeHonest();
        ServeLogins(() => view with { Card = theirs.Card });
        await LogInIsCaughtAsync(AlarmKind.KeyChanged, Patient);
        Servers.BeHonest();
        ServeLogins(() => theirs with { Mail = Patient.Mail });
        var outcome = await CommandLine.TypeAsync("12345678", ["login", Patient.Mail, "--data", Salus.Data, "--profile", Patient.Name], ("SALUS_PASSPHRASE", Eve.Passphrase));
        Assert.True(outcome.ExitCode == 3, outcome.ToString());
        Assert.Contains("ALARM (KeyChanged)", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal((kept.Account, kept.Token), (Patient.Profile.Load().Account, Patient.Profile.Load().Token));
    }

    [Fact, Attack("K05")]
    public async Task FiveHundredMauledSecretsTellACloudNothing()
    {
        var view = await Patient.Account.Cloud.AccountAsync(None);
        var wrapped = view.Secrets.Single(secret => secret.Kind == SecretKinds.Recovery);
        using var kit = RecoveryKit.Parse(Patient.Kit);
        using var passphrase = Person.Secret(Patient.Passphrase);
        var (messages, shapes) = (new HashSet<string>(), new HashSet<string>());
        for (var login = 0; login < ManyLogins; login++)
        {
            var mauled = wrapped.Ciphertext.ToArray();
            mauled[login % mauled.Length] ^= (byte)(1 << (login / mauled.Length));
            Servers.BeHonest();
            ServeLogins(() => view with { Secrets = [.. view.Secrets.Select(secret => secret.Kind == SecretKinds.Recovery ? secret with { Ciphertext = mauled } : secret)] });
            var mark = Servers.Now;
            var (enrolment, pending, profile) = await BeginLoginAsync(Patient.Mail);
            using (enrolment)
                messages.Add((await Assert.ThrowsAsync<CannotException>(() => enrolment.RestoreAsync(pending, "12345678", kit, passphrase, TimeProvider.System, None))).Message);
            Assert.False(profile.Exists);
            shapes.Add(string.Join('\n', Servers.Since(mark).Select(seen =>
                $"{seen.Party} {seen.Exchange.Method} {seen.Exchange.Path} {seen.Exchange.Request.Length} {string.Join(',', seen.Exchange.RequestHeaders.Keys.Order())}")));
        }
        // One answer to the user, and one behaviour on the wire, whatever was changed.
        Assert.Single(messages);
        Assert.Single(shapes);
    }

    [Fact, Attack("K06")]
    public async Task GarbageForAKeyMakesNobodyMakeANewOne()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var record = await Cast.PutAsync(patient);
        await patient.ShareAsync(Doctor, ["medical"]);
        var view = await patient.Account.Cloud.AccountAsync(None);
        using var passphrase = Person.Secret(patient.Passphrase);
        foreach (var garbage in new byte[][] { [], [0], Extensions.RandomBytes(60), Extensions.RandomBytes(view.Secrets[0].Ciphertext.Length), new byte[100_000] })
        {
            Servers.BeHonest();
            ServeLogins(() => view with { Secrets = [.. view.Secrets.Select(secret => secret with { Ciphertext = garbage })] });
            var mark = Servers.Now;
            var (enrolment, pending, profile) = await BeginLoginAsync(patient.Mail);
            using (enrolment)
            {
                var told = await Assert.ThrowsAsync<CannotException>(() => enrolment.LogInAsync(pending, "12345678", passphrase, TimeProvider.System, None));
                Assert.Contains("recovery kit", told.Message, StringComparison.Ordinal);
            }
            Assert.False(profile.Exists);
            Assert.All(Servers.Since(mark), seen => Assert.StartsWith(Paths.Logins, seen.Exchange.Path, StringComparison.Ordinal));
        }
        // The kit, as the cloud has honestly kept it, opens the account; what was shared before is open still.
        Servers.BeHonest();
        var (restored, code, _) = await BeginLoginAsync(patient.Mail);
        using (restored)
        using (var kit = RecoveryKit.Parse(patient.Kit))
        using (var account = await restored.RestoreAsync(code, await Salus.TakeCodeAsync(patient.Mail), kit, passphrase, TimeProvider.System, None))
            Assert.Equal(patient.Account.Card.Signed, account.Card.Signed);
        await OpensAsync(Doctor, record);
    }

    [Fact, Attack("K09")]
    public async Task AnEpochThatIsOverIsNotTakenForTheNewestAgain()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var record = await Cast.PutAsync(patient);
        var ended = await patient.ShareAsync(Eve, ["medical"]);
        var shared = await patient.ShareAsync(Doctor, ["medical"]);
        await patient.Granting.RevokeAsync(ended.Terms.Id, None);
        await OpensAsync(Doctor, record);
        var file = patient.Profile.Folder + ".txt";
        await File.WriteAllTextAsync(file, "never to be sealed under the old epoch");
        Mutate<SignedList>(Paths.Epochs, list => new SignedList([.. list.Signed.Where(signed => EpochHeader.TryVerify(signed, out var header) && header.Epoch == EpochNumber.First)]), "GET");
        var mark = Servers.Now;
        await CaughtAsync(AlarmKind.Rollback, patient, "put", file);
        await CaughtAsync(AlarmKind.Rollback, patient, "list");
        await CaughtAsync(AlarmKind.Rollback, Doctor, "get", record.Id.ToString(), "--out", Doctor.Out("never"));
        Assert.DoesNotContain(Servers.Since(mark), seen => seen.Exchange.Method is "PUT" or "POST" && seen.Party.StartsWith("store", StringComparison.Ordinal));
        // The grant that the doctor had before it was carried over.
        Servers.BeHonest();
        Mutate<GrantList>(Paths.ReceivedGrants, list => new GrantList([.. list.Grants.Select(view =>
            Grant.TryVerify(view.Signed, out var grant) && grant.Terms.Id == shared.Terms.Id ? view with { Signed = shared.Signed } : view)]));
        await CaughtAsync(AlarmKind.Rollback, Doctor, "shared");
    }
}
