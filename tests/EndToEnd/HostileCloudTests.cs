using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>A cloud that lies: about records, cards, epochs, grants, and at login. It is caught each time, and nothing is written.</summary>
public class HostileCloudTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ARecordWithOneBitChangedAnywhereIsNotOpened()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(2000);
        var stored = await patient.PutAsync(bytes);
        await using var cloud = await BetweenAsync(patient);
        var row = await patient.Account.Cloud.RecordAsync(stored.Record, None);
        // Magic, suite, owner, partition, epoch, record, version, author, time, capsule, wrapped key, k, n, length, prefix, commitments, metadata hash, signature.
        int[] places = [0, 15, 16, 40, 50, 55, 70, 80, 105, 115, 150, 190, 210, 250, 290, 291, 296, 320, 400, row.Signed.Length - 70, row.Signed.Length - 40, row.Signed.Length - 1];
        foreach (var at in places)
        {
            cloud.Change = OnRecord(_ => row with { Signed = row.Signed.Flipped(at) });
            Assert.Equal(AlarmKind.Integrity, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
        }
        foreach (var at in new[] { 0, row.SealedMetadata.Length / 2, row.SealedMetadata.Length - 1 })
        {
            cloud.Change = OnRecord(_ => row with { SealedMetadata = row.SealedMetadata.Flipped(at) });
            Assert.Equal(AlarmKind.Integrity, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
        }
        foreach (var length in new[] { 0, 1, 300, row.Signed.Length - 1 })
        {
            cloud.Change = OnRecord(_ => row with { Signed = row.Signed[..length] });
            Assert.Equal(AlarmKind.Integrity, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
        }
        cloud.Change = _ => Task.CompletedTask;
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
    }

    [Fact]
    public async Task PartsOfAnotherRecordAreNotTaken()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var (one, two) = (await patient.PutAsync(Extensions.RandomBytes(2000)), await patient.PutAsync(Extensions.RandomBytes(2000)));
        await patient.ShareAsync(doctor, ["medical"]);
        var (first, second) = (await patient.SealedAsync(one.Record), await patient.SealedAsync(two.Record));
        foreach (var reader in new[] { patient, doctor })
        {
            await using var cloud = await BetweenAsync(reader);
            // The whole of another record; another's metadata; and, as if its author had signed it, another's capsule and content key.
            await AlarmsAsync(new CatalogueRecord(second.Signed, second.SealedMetadata));
            await AlarmsAsync(new CatalogueRecord(first.Signed, second.SealedMetadata));
            await AlarmsAsync(Signed(first.Header with { Capsule = second.Header.Capsule }, first.SealedMetadata));
            await AlarmsAsync(Signed(first.Header with { ContentKey = second.Header.ContentKey }, first.SealedMetadata));
            await AlarmsAsync(Signed(first.Header with { MetadataHash = second.Header.MetadataHash }, second.SealedMetadata));

            async Task AlarmsAsync(CatalogueRecord row)
            {
                cloud.Change = OnRecord(_ => row);
                Assert.Equal(AlarmKind.Integrity, (await reader.FailsToGetAsync<AlarmException>(one.Record)).Kind);
            }
        }

        CatalogueRecord Signed(RecordHeader header, byte[] metadata)
        {
            var made = SealedRecord.Create(patient.Account.Keys.Identity, header, metadata);
            return new CatalogueRecord(made.Signed, made.SealedMetadata);
        }
    }

    [Fact]
    public async Task ARecordBySomeoneElseInThePatientsPartitionIsNotOpened()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var eve = await Person.RegisterAsync(salus, "eve");
        var stored = await patient.PutAsync(Extensions.RandomBytes(2000));
        var record = await patient.SealedAsync(stored.Record);
        var forged = SealedRecord.Create(eve.Account.Keys.Identity, record.Header with { Author = eve.Account.Keys.Identity.PublicKey }, record.SealedMetadata);
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = OnRecord(_ => new CatalogueRecord(forged.Signed, forged.SealedMetadata));
        Assert.Equal(AlarmKind.Integrity, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
    }

    [Fact]
    public async Task AnOlderVersionThanSeenIsARollback()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(2000));
        var old = await patient.Account.Cloud.RecordAsync(stored.Record, None);
        await using var cloud = await BetweenAsync(patient);
        using (var opened = await new Catalogue(patient.Account).OneAsync(stored.Record, None))
        {
            var header = opened.Sealed.Header;
            var metadata = await opened.Metadata.SealAsync(opened.ContentKey, header.Context, 2);
            var next = SealedRecord.Create(patient.Account.Keys.Identity,
                header with { Version = 2, MetadataHash = System.Security.Cryptography.SHA256.HashData(metadata) }, metadata);
            await patient.Account.Cloud.AddRecordAsync(next, None);
        }
        Assert.Equal(2u, (await patient.Records.ShowAsync(stored.Record, None)).Version);
        cloud.Change = OnRecord(_ => old);
        Assert.Equal(AlarmKind.Rollback, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
    }

    [Fact]
    public async Task AnotherCardThanThePinnedOneIsAKeyChange()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var eve = await Person.RegisterAsync(salus, "eve");
        await new Contacts(patient.Account).ResolveAsync(doctor.Mail, None);
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = On(Paths.CardLookup, exchange => exchange.Set(new SignedBytes(eve.Account.Card.Signed)));
        var alarm = await Assert.ThrowsAsync<AlarmException>(() => patient.ShareAsync(doctor, ["medical"]));
        Assert.Equal(AlarmKind.KeyChanged, alarm.Kind);
        cloud.Change = On(Paths.CardLookup, exchange => exchange.Set(new SignedBytes(doctor.Account.Card.Signed.Flipped(60))));
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.ShareAsync(doctor, ["medical"]))).Kind);
        Assert.Empty(await patient.Granting.ListAsync(None));
        Assert.Empty(await eve.SharedAsync());
    }

    [Fact]
    public async Task AShorterChainOfEpochsThanSeenIsARollback()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(2000));
        await patient.ShareAsync(doctor, ["medical"]);
        var ended = await patient.ShareAsync(doctor, ["medical"]);
        await patient.Granting.RevokeAsync(ended.Terms.Id, None);
        Assert.Single(await doctor.SharedAsync());
        foreach (var reader in new[] { patient, doctor })
        {
            await using var cloud = await BetweenAsync(reader);
            cloud.Change = On(Paths.Epochs, exchange => exchange.Set(new SignedList(
                [.. exchange.Json<SignedList>().Signed.Where(signed => EpochHeader.TryVerify(signed, out var header) && header.Epoch == EpochNumber.First)])));
            Assert.Equal(AlarmKind.Rollback, (await reader.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
        }
    }

    [Fact]
    public async Task AGapOrAnotherOwnersHeaderInAChainIsCaught()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var eve = await Person.RegisterAsync(salus, "eve");
        var stored = await patient.PutAsync(Extensions.RandomBytes(2000));
        var medical = (await new PartitionKeys(patient.Account).AllAsync(None)).Single(partition => partition.Name == "medical");
        await new PartitionKeys(patient.Account).AdvanceAsync(medical, None);
        var foreign = (await new PartitionKeys(eve.Account).AllAsync(None))[0].Head.Signed;
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = On(Paths.Epochs, exchange => exchange.Set(new SignedList([.. exchange.Json<SignedList>().Signed.Where(signed => !signed.AsSpan().SequenceEqual(medical.Head.Signed))])));
        Assert.Equal(AlarmKind.Integrity, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
        cloud.Change = On(Paths.Epochs, exchange => exchange.Set(new SignedList([.. exchange.Json<SignedList>().Signed, foreign])));
        Assert.Equal(AlarmKind.Integrity, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
    }

    [Fact]
    public async Task APartitionThatIsHiddenIsWithheld()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(2000));
        var hidden = (await new PartitionKeys(patient.Account).AllAsync(None)).Single(partition => partition.Name == "insurance").Id;
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = On(Paths.Epochs, exchange => exchange.Set(new SignedList(
            [.. exchange.Json<SignedList>().Signed.Where(signed => EpochHeader.TryVerify(signed, out var header) && header.Partition != hidden)])));
        Assert.Equal(AlarmKind.Withheld, (await patient.FailsToGetAsync<AlarmException>(stored.Record)).Kind);
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => patient.PutAsync([1, 2, 3]))).Kind);
    }

    [Fact]
    public async Task AGrantThatIsHiddenForgedOrOlderIsCaught()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var friend = await Person.RegisterAsync(salus, "friend");
        await patient.PutAsync(Extensions.RandomBytes(2000));
        await patient.ShareAsync(doctor, ["medical"]);
        var before = (await patient.Account.Cloud.GrantsAsync(None))[0];
        var ended = await patient.ShareAsync(friend, ["medical"]);
        await patient.Granting.RevokeAsync(ended.Terms.Id, None);
        Assert.Single(await doctor.SharedAsync());

        await using (var cloud = await BetweenAsync(patient))
        {
            cloud.Change = On(Paths.Grants, exchange => exchange.Set(new GrantList([])));
            Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => patient.Granting.ListAsync(None))).Kind);
            cloud.Change = On(Paths.Grants, exchange => exchange.Set(new GrantList([.. exchange.Json<GrantList>().Grants.Select(view => view with { Signed = view.Signed.Flipped(70) })])));
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.Granting.ListAsync(None))).Kind);
            cloud.Change = On(Paths.Grants, exchange => exchange.Set(new GrantList([before])));
            Assert.Equal(AlarmKind.Rollback, (await Assert.ThrowsAsync<AlarmException>(() => patient.Granting.ListAsync(None))).Kind);
        }
        await using (var cloud = await BetweenAsync(doctor))
        {
            cloud.Change = On(Paths.ReceivedGrants, exchange => exchange.Set(new GrantList([before])));
            Assert.Equal(AlarmKind.Rollback, (await Assert.ThrowsAsync<AlarmException>(doctor.SharedAsync)).Kind);
            cloud.Change = On(Paths.ReceivedGrants, exchange => exchange.Set(new GrantList([.. exchange.Json<GrantList>().Grants.Select(view => view with { Signed = view.Signed.Flipped(70) })])));
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(doctor.SharedAsync)).Kind);
        }
        // A grant that was made to somebody else.
        await using (var cloud = await BetweenAsync(friend))
        {
            cloud.Change = On(Paths.ReceivedGrants, exchange => exchange.Set(new GrantList([before])));
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(friend.SharedAsync)).Kind);
        }
    }

    [Fact]
    public async Task ACatalogueThatRunsInACircleEnds()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.PutAsync(Extensions.RandomBytes(2000));
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = On(Paths.Records, exchange => exchange.Set(exchange.Json<CataloguePage>() with { Next = "0" }));
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.Records.ListAsync(None))).Kind);
    }

    [Fact]
    public async Task AnAnswerThatIsNoneOfTheProtocolIsAnAlarm()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await BetweenAsync(patient);
        foreach (var body in new[] { "", "null", "[]", "{\"records\":[{}]}", "\u0000", "<html>" })
        {
            cloud.Change = On(Paths.Records, exchange => exchange.Body = System.Text.Encoding.UTF8.GetBytes(body));
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.Records.ListAsync(None))).Kind);
        }
    }

    [Fact]
    public async Task WeakerPassphraseHashingAtLoginIsADowngradeAndThePassphraseIsNotUsed()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        foreach (var (memory, passes) in new[] { (8, 3), (65536, 1), (65535, 3), (0, 0), (-1, 3) })
        {
            cloud.Change = OnLogin(session => session with
            {
                Account = session.Account with { Secrets = [.. session.Account.Secrets.Select(secret => secret.Kind == "passphrase" ? secret with { MemoryKiB = memory, Passes = passes } : secret)] },
            });
            var alarm = await Assert.ThrowsAsync<AlarmException>(() => LogInAsync(patient, cloud, patient.Passphrase));
            Assert.Equal(AlarmKind.Downgrade, alarm.Kind);
        }
    }

    [Fact]
    public async Task AnotherAccountsSecretOrCardAtLoginIsNotTaken()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var eve = await Person.RegisterAsync(salus, "eve", patient.Passphrase);
        var others = eve.Profile.Load().Secrets;
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        // Its secret under this account's name does not open: it is bound to the other's.
        cloud.Change = OnLogin(session => session with { Account = session.Account with { Secrets = others } });
        await Assert.ThrowsAsync<CannotException>(() => LogInAsync(patient, cloud, patient.Passphrase));
        // Its card in place of this account's.
        cloud.Change = OnLogin(session => session with { Account = session.Account with { Card = eve.Account.Card.Signed } });
        Assert.Equal(AlarmKind.KeyChanged, (await Assert.ThrowsAsync<AlarmException>(() => LogInAsync(patient, cloud, patient.Passphrase))).Kind);
        // All of it, on a device that knows this account: even the same passphrase does not make it another's.
        var kept = patient.Profile.Load();
        cloud.Change = OnLogin(session => session with { Account = new AccountView(eve.Account.Id.ToString(), patient.Mail, eve.Account.Card.Signed, others) });
        Assert.Equal(AlarmKind.KeyChanged, (await Assert.ThrowsAsync<AlarmException>(() => LogInAsync(patient, cloud, patient.Passphrase, patient.Profile))).Kind);
        Assert.Equal(kept.Account, patient.Profile.Load().Account);
        // No secret at all.
        cloud.Change = OnLogin(session => session with { Account = session.Account with { Secrets = [] } });
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => LogInAsync(patient, cloud, patient.Passphrase))).Kind);
    }

    /// <summary>Puts somebody between a person and the cloud.</summary>
    private async Task<Middleman> BetweenAsync(Person person)
    {
        var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        return cloud;
    }

    /// <summary>Logs in through the middleman, on a clean profile unless one is given, which stays clean when it fails.</summary>
    private async Task LogInAsync(Person person, Middleman cloud, string passphrase, Profile? profile = null)
    {
        var onto = profile ?? new Profile(salus.In("profiles", salus.NewName("clean")));
        using var enrolment = new Enrolment(onto, salus.Parties.With("cloud", cloud.Url));
        var pending = await enrolment.StartLoginAsync(person.Mail, None);
        var code = await salus.TakeCodeAsync(person.Mail);
        using var secret = Person.Secret(passphrase);
        try
        {
            (await enrolment.LogInAsync(pending, code, secret, TimeProvider.System, None)).Dispose();
        }
        finally
        {
            Assert.True(profile is not null || !onto.Exists);
        }
    }

    private static Func<Exchange, Task> OnRecord(Func<CatalogueRecord, CatalogueRecord> change) =>
        On(Paths.Records + "/", exchange => exchange.Set(change(exchange.Json<CatalogueRecord>())));

    private static Func<Exchange, Task> OnLogin(Func<SessionStarted, SessionStarted> change) => exchange =>
    {
        if (exchange.Path.StartsWith(Paths.Logins, StringComparison.Ordinal) && exchange.Path.EndsWith("/complete", StringComparison.Ordinal) && exchange.Status == 200)
            exchange.Set(change(exchange.Json<SessionStarted>()));
        return Task.CompletedTask;
    };

    /// <summary>Changes successful answers of one route: the path itself, with a query or not; or all below it when it ends in a slash.</summary>
    private static Func<Exchange, Task> On(string path, Action<Exchange> change) => exchange =>
    {
        var asked = exchange.Path.Split('?')[0];
        if (exchange.Status == 200 && (path.EndsWith('/') ? asked.StartsWith(path, StringComparison.Ordinal) : asked == path))
            change(exchange);
        return Task.CompletedTask;
    };
}
