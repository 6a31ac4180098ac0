using System.Text;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Downgrade;

/// <summary>Weaker, older or no cryptography, asked for by whoever runs the servers.</summary>
public class DowngradeTests(HostileServers servers) : AttackTest(servers)
{
    [Fact, Attack("D01")]
    public async Task ThePassphraseIsHashedAsTheClientSaysOrNotAtAll()
    {
        var view = await Patient.Account.Cloud.AccountAsync(None);
        using var passphrase = Person.Secret(Patient.Passphrase);
        foreach (var (change, kind) in new (Func<WrappedSecret, WrappedSecret>, AlarmKind)[]
        {
            (secret => secret with { MemoryKiB = 8 }, AlarmKind.Downgrade),
            (secret => secret with { MemoryKiB = 65_535 }, AlarmKind.Downgrade),
            (secret => secret with { Passes = 1 }, AlarmKind.Downgrade),
            (secret => secret with { MemoryKiB = 0, Passes = 0 }, AlarmKind.Downgrade),
            (secret => secret with { Passes = -1 }, AlarmKind.Downgrade),
            (secret => secret with { MemoryKiB = int.MaxValue }, AlarmKind.Downgrade),
            (secret => secret with { Passes = int.MaxValue }, AlarmKind.Downgrade),
            (secret => secret with { Salt = [] }, AlarmKind.Downgrade),
            (secret => secret with { Salt = secret.Salt[..8] }, AlarmKind.Downgrade),
            (secret => secret with { Kind = "passphrase-pbkdf2" }, AlarmKind.Withheld),
        })
        {
            Servers.BeHonest();
            ServeLogins(() => view with { Secrets = [.. view.Secrets.Select(secret => secret.Kind == SecretKinds.Passphrase ? change(secret) : secret)] });
            var (enrolment, pending, profile) = await BeginLoginAsync(Patient.Mail);
            using (enrolment)
                Assert.Equal(kind, (await Assert.ThrowsAsync<AlarmException>(() => enrolment.LogInAsync(pending, "12345678", passphrase, TimeProvider.System, None))).Kind);
            Assert.False(profile.Exists);
        }
        // On the command line, by the device that knows the account: its profile stays as it is.
        Servers.BeHonest();
        ServeLogins(() => view with { Secrets = [.. view.Secrets.Select(secret => secret with { MemoryKiB = 1024 })] });
        await LogInIsCaughtAsync(AlarmKind.Downgrade, Patient);

        // No salt of the cloud's choice is ever used: who sets a passphrase draws one.
        Servers.BeHonest();
        var (one, two) = (await Cast.RegisterAsync("salt"), await Cast.RegisterAsync("salt"));
        var given = SaltOf(one);
        Mutate<AccountView>(Paths.Account, shown => shown with { Secrets = [.. shown.Secrets.Select(secret => secret.Kind == SecretKinds.Passphrase ? secret with { Salt = given } : secret)] });
        using (var same = Person.Secret(one.Passphrase))
            await two.Account.ChangePassphraseAsync(same, None);
        Assert.NotEqual(given, SaltOf(two));

        static byte[] SaltOf(Person person) => person.Profile.Load().Secrets.Single(secret => secret.Kind == SecretKinds.Passphrase).Salt;
    }

    [Fact, Attack("D02")]
    public async Task AnEarlierVersionOfAnythingThatWasSeenIsAnAlarm()
    {
        using var patient = await Cast.RegisterAsync("patient");
        await patient.Account.State.SaveAsync();
        var contacts = new Contacts(patient.Account);
        await contacts.ResolveAsync(Doctor.Mail, None);
        // The doctor's second card, and then the first again: on this device and after it was opened anew.
        var second = AccountCard.Create(Doctor.Account.Keys.Identity, Doctor.Account.Card.Receiving, Doctor.Account.Card.Box, Doctor.Account.Card.Version + 1).Signed;
        patient.Account.State.Content.Contacts[Doctor.Mail] = patient.Account.State.Content.Contacts[Doctor.Mail] with { Card = second };
        await patient.Account.State.SaveAsync();
        await CaughtAsync(AlarmKind.Rollback, patient, "share", "--to", Doctor.Mail, "--yes");
        // Formats of before have no reader: an older account is none, and the profile that is known stays.
        var view = await Patient.Account.Cloud.AccountAsync(None);
        byte[] first = [.. view.Card];
        Assert.Equal((byte)'2', first[11]);
        first[11] = (byte)'1';
        ServeLogins(() => view with { Card = first });
        await LogInIsCaughtAsync(AlarmKind.Integrity, Patient);
    }

    [Theory, Attack("D03")]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public async Task AnUnknownSuiteIsRefusedThoughItsAuthorSignedIt(byte suite)
    {
        const int Suite = 15; // behind the magic
        var row = await Patient.Account.Cloud.RecordAsync(Cast.One.Id, None);
        var changed = row.Signed.ToArray();
        Assert.Contains(changed[Suite], (byte[])[SealedRecord.Suite, SealedRecord.SharedSuite]);
        changed[Suite] = suite;
        var signed = changed.ToArray();
        Patient.Account.Keys.Identity.Sign(Crypto.Domains.SignRecord, signed.AsSpan(..^64), signed.AsSpan(^64..));
        foreach (var bytes in new[] { changed, signed })
        {
            Servers.BeHonest();
            MutateRecord(_ => row with { Signed = bytes });
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Doctor, Cast.One);
        // The suite of fragments is in their first leaf, which the author signed too: at every store it is damage, at two of them it costs nothing.
        Servers.BeHonest();
        ChangeSuites("store");
        var (reader, complaints) = (Patient, await Patient.GetAsync(Cast.One.Id));
        Extensions.AssertSame(Cast.One.Bytes, complaints.Bytes, "the units themselves are as they were");
        Assert.NotEmpty(complaints.Complaints);
        Assert.Empty(reader.Written);

        void ChangeSuites(string stores) => Servers.Mutate(stores, "/v1/fragments/", exchange =>
        {
            if (exchange.RequestHeaders["Range"].StartsWith("bytes=0-", StringComparison.Ordinal))
                exchange.Body = exchange.Body.Select((octet, at) => at is >= 16 and < 20 ? (byte)(octet ^ suite ^ 1) : octet).ToArray();
        });
    }

    [Fact, Attack("D04")]
    public async Task NoServerIsGivenThePassphraseToOpenAnythingItself()
    {
        var said = 0;
        Servers.Instead("cloud", exchange =>
        {
            said++;
            exchange.Headers["WWW-Authenticate"] = "Basic realm=\"Please enter your passphrase to decrypt on the server\"";
            Refuse(exchange, 401 + said % 3, "password-required", "The server has to decrypt this record for the preview. Send the passphrase in X-Passphrase.");
            return true;
        });
        foreach (var command in new string[][]
        {
            ["get", Cast.One.Id.ToString(), "--out", Patient.Out("never")], ["find", "asthma"], ["list"], ["show", Cast.One.Id.ToString()], ["share", "--to", Doctor.Mail, "--yes"],
        })
        {
            var outcome = await CommandAsync(Patient, command);
            Assert.True(outcome.ExitCode == 1, outcome.ToString());
            Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        }
        Assert.True(said >= 5);
        Assert.Empty(Patient.Written);
        // That neither passphrase nor key was sent anywhere, the scan of all requests says at the end of every test; that it would find it, the next one.
    }

    [Fact]
    public async Task TheScanFindsASecretInEveryPlaceOfARequest()
    {
        using var http = new HttpClient { BaseAddress = Servers.Parties.Cloud.Url };
        var secret = Encoding.UTF8.GetBytes("a secret of the scan's own " + Guid.NewGuid());
        var text = Encoding.UTF8.GetString(secret);
        var scan = new Oracles.WireTaint([secret]);
        var json = $"{{\"a\":[{{\"b\":\"{Convert.ToBase64String(secret)}\"}}]}}";
        foreach (var send in new Func<HttpRequestMessage>[]
        {
            () => new(HttpMethod.Get, "/v1/records/" + Uri.EscapeDataString(text)),
            () => new(HttpMethod.Get, "/v1/records?after=" + Convert.ToHexStringLower(secret)),
            () => new(HttpMethod.Get, "/v1/records?after=" + Convert.ToBase64String(secret).TrimEnd('=').Replace('+', '-').Replace('/', '_')),
            () => new(HttpMethod.Get, "/v1/records") { Headers = { { "X-Anything", Convert.ToBase64String(secret) } } },
            () => new(HttpMethod.Post, "/v1/records") { Content = new ByteArrayContent([0, 1, .. secret, 2]) },
            () => new(HttpMethod.Post, "/v1/records") { Content = new StringContent(json) },
        })
        {
            var mark = Servers.Now;
            using var request = send();
            using var answer = await http.SendAsync(request);
            Assert.Single(scan.In(Servers.Since(mark)));
        }
    }

    [Fact, Attack("D05")]
    public async Task PlaintextInAnEncryptedPlaceIsRefused()
    {
        var row = await Patient.Account.Cloud.RecordAsync(Cast.One.Id, None);
        var metadata = Encoding.UTF8.GetBytes(
            $"{{\"name\":\"a.txt\",\"mediaType\":\"text/plain\",\"kind\":\"file\",\"partition\":\"medical\",\"encrypted\":false,\"contentLength\":{Cast.One.Bytes.Length}}}");
        foreach (var answer in new object[]
        {
            new { row.Signed, SealedMetadata = metadata, Encrypted = false },
            new { Signed = Array.Empty<byte>(), SealedMetadata = metadata, Encrypted = false, Content = "plain" },
            new { Plaintext = "Everything is fine.", Encrypted = false },
        })
        {
            Servers.BeHonest();
            Servers.Mutate("cloud", Paths.Records + "/", exchange => exchange.Set(answer), "GET");
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
        // All stores hand out the bytes that the fragments are of, in clear.
        Servers.BeHonest();
        Servers.Mutate("store", "/v1/fragments/", exchange => exchange.Body = [.. Cast.One.Bytes.Take(exchange.Body.Length)], "GET");
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
        // And the index of search: a dictionary in words is none.
        Servers.BeHonest();
        Servers.Mutate("cloud", "/v1/index/segments/", exchange =>
        {
            for (var i = 0; i < exchange.Body.Length; i++)
                exchange.Body[i] = (byte)"asthma "[i % 7];
        }, "GET");
        await CaughtAsync(AlarmKind.Integrity, Patient, "find", Path.GetFileNameWithoutExtension(Cast.One.Name));
    }
}
