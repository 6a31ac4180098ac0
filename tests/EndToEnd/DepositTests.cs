using System.Security.Cryptography;
using System.Text;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Partitions;
using Salus.Client.Profiles;
using Salus.Client.Records;
using Salus.Crypto.Dispersal;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>A hospital and a laboratory add to a patient's records, which they cannot read, for as long as the patient lets them.</summary>
public class DepositTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task OrganisationsAddAndThePatientReads()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        using var laboratory = await Person.RegisterAsync(salus, "lab", organisation: "City Lab");
        var depositing = new Depositing(patient.Account);
        var proposal = await depositing.ProposeAsync(hospital.Mail, ["medical", "prescription"], null, new DateTimeOffset(2096, 5, 1, 0, 0, 0, TimeZoneInfo.Local.GetUtcOffset(
            new DateTime(2096, 5, 1))), None);
        Assert.Equal($"City Hospital ({hospital.Mail}) may add to your medical and prescription records until 1 May 2096, and can read nothing.", proposal.Sentence);
        Assert.Equal(hospital.Account.Card.Fingerprint, proposal.To.Card.Fingerprint);
        await depositing.ConfirmAsync(proposal, None);
        await patient.LetAddAsync(laboratory, "medical");
        await patient.ShareAsync(doctor, ["medical"]);

        var (letter, result, own) = (Extensions.RandomBytes(30_000), Extensions.RandomBytes(1000), Extensions.RandomBytes(500));
        var fromHospital = await hospital.PutAsync(letter, patient: patient);
        var fromLaboratory = await laboratory.PutAsync(result, patient: patient);
        var fromPatient = await patient.PutAsync(own);
        Assert.Equal("medical", fromHospital.Partition);

        var (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Empty(complaints);
        Assert.Equal([(fromHospital.Record, "City Hospital"), (fromLaboratory.Record, "City Lab"), (fromPatient.Record, RecordSummary.Self)],
            records.Select(record => (record.Record, record.Source)));
        Assert.Equal(letter, (await patient.GetAsync(fromHospital.Record)).Bytes);
        Assert.Equal(result, (await patient.GetAsync(fromLaboratory.Record)).Bytes);
        // Whoever the patient lets read reads those too, and sees who wrote them.
        Assert.Equal(["City Hospital", "City Lab", patient.Account.Id.ToString()], (await doctor.SharedAsync()).Select(record => record.Source));
        Assert.Equal(letter, (await doctor.GetAsync(fromHospital.Record)).Bytes);

        // The depositors read nothing back, neither the patient's nor each other's nor their own.
        foreach (var depositor in new[] { hospital, laboratory })
            foreach (var record in new[] { fromHospital, fromLaboratory, fromPatient })
            {
                await depositor.FailsToGetAsync<RefusedException>(record.Record);
                await depositor.RefusedByCloudAsync(await patient.SealedAsync(record.Record));
            }
        Assert.Empty(await hospital.SharedAsync());
        Assert.Empty(await hospital.Records.ListAsync(None));
        Assert.Equal(["medical", "prescription"], (await new ReceivedDeposits(hospital.Account).ListAsync(None)).Single().Partitions.Values.Order());

        // And the patient may delete what they have added.
        await patient.Records.DeleteAsync(fromLaboratory.Record, Person.NoKey, None);
        Assert.Equal(2, (await patient.Records.ListAsync(None)).Count);
    }

    [Fact]
    public async Task AnImportForAPatientIsExportedByteForByte()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var bundle = Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").MinBy(file => new FileInfo(file).Length)!;
        await patient.LetAddAsync(hospital, "medical");
        // All of its partitions must be open, or one is named for all of it.
        var refused = await Assert.ThrowsAsync<CannotException>(() => hospital.Imports.ImportAsync(bundle, new ImportOptions(null, new DispersalChoice(), patient.Mail), null, None));
        Assert.Contains("lets you add to medical, and not to", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await patient.Records.ListAsync(None));
        Assert.Equal(0, hospital.Records.Unfinished);

        await patient.LetAddAsync(hospital, "personal", "insurance", "prescription");
        var outcome = await hospital.Imports.ImportAsync(bundle, new ImportOptions(null, new DispersalChoice(), patient.Mail), null, None);
        Assert.True(outcome.IsSearchable);
        Assert.All(await patient.Records.ListAsync(None), record => Assert.Equal("City Hospital", record.Source));
        Assert.True((await patient.Imports.ExportAsync(null, patient.Out("export.json"), Person.NoKey, null, None)).Exact);
        Extensions.AssertSame(await File.ReadAllBytesAsync(bundle), await File.ReadAllBytesAsync(patient.Out("export.json")), bundle);
    }

    [Fact]
    public async Task ADepositorAddsOnlyWhereAndWhileItMay()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var nothing = await Assert.ThrowsAsync<CannotException>(() => hospital.PutAsync([1], patient: patient));
        Assert.Contains("does not let you add records", nothing.Message, StringComparison.Ordinal);
        var grant = await patient.LetAddAsync(hospital, "medical");
        Assert.Contains("and not to personal", (await Assert.ThrowsAsync<CannotException>(() => hospital.PutAsync([1], "personal", patient: patient))).Message, StringComparison.Ordinal);
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("abcdefgh", out var key));
        await Assert.ThrowsAsync<CannotException>(() => hospital.PutAsync([1], dispersal: new DispersalChoice(key), patient: patient));
        await hospital.PutAsync([1], patient: patient);

        // A record that says it is of another partition, or nobody's who may write, does not get past the cloud.
        var made = await SealAsync(hospital, patient, "medical");
        var header = made.Header;
        foreach (var wrong in (RecordContext[])
        [
            header.Context with { Partition = patient.Account.Keys.Partition("personal") }, header.Context with { Owner = new AccountId(1) },
        ])
            await Assert.ThrowsAsync<RefusedException>(() => hospital.Account.Cloud.AddRecordAsync(
                SealedRecord.Create(hospital.Account.Keys.Identity, header with { Context = wrong }, made.SealedMetadata), None));

        // Ended: at once, and for records that are on their way as well.
        var outcome = await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        Assert.Equal((true, 0), (outcome.IsDeposit, outcome.Pending.Count));
        Assert.Equal(["medical"], outcome.Moved);
        await Assert.ThrowsAsync<CannotException>(() => hospital.PutAsync([1], patient: patient));
        Assert.Equal(Problems.NotYours, (await Assert.ThrowsAsync<RefusedException>(() => hospital.Account.Cloud.AddRecordAsync(made, None))).Code);
        Assert.Equal("revoked", Assert.Single(await new Depositing(patient.Account).ListAsync(None)).State);
        Assert.Equal("revoked", Assert.Single(await new ReceivedDeposits(hospital.Account).ListAsync(None)).State);
        // What was added before stays.
        Assert.Equal("City Hospital", Assert.Single(await patient.Records.ListAsync(None)).Source);
    }

    [Fact]
    public async Task APermissionThatIsSaidToHaveFailedIsOverThoughTheCloudHasIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        await using var cloud = await BetweenAsync(patient);
        cloud.Change = exchange =>
        {
            exchange.IsLost = exchange is { Method: "POST", Path: Paths.Deposits };
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<UnreachableException>(() => patient.LetAddAsync(hospital, "medical"));
        // The cloud lets the hospital add; this device believes nothing of it.
        await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        var (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Empty(records);
        Assert.Contains("City Hospital", Assert.Single(complaints), StringComparison.Ordinal);
        Assert.Equal("revoked", Assert.Single(await new Depositing(patient.Account).ListAsync(None)).State);
        cloud.Change = _ => Task.CompletedTask;
        var granting = patient.Granting;
        await granting.FinishAsync(None);
        Assert.Empty(granting.Complaints);
        Assert.Empty(patient.Account.State.Content.UnfinishedRevocations);
        Assert.NotNull(Assert.Single(await patient.Account.Cloud.DepositsAsync(patient.Account.Id, None)).Revocation);
        await patient.LetAddAsync(hospital, "medical");
        var stored = await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        Assert.Contains(stored.Record, (await patient.Records.OwnAsync(None)).Records.Select(record => record.Record));
    }

    [Fact]
    public async Task WhatAnEndedDepositorAddsIsRefusedThoughTheCloudLetsIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        var grant = await patient.LetAddAsync(hospital, "medical");
        await patient.ShareAsync(doctor, ["medical"]);
        var before = await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        // Sealed to the newest key, as a friend of the cloud can: everything holds but the permission.
        var after = await SealAsync(hospital, patient, "medical");
        foreach (var reader in new[] { patient, doctor })
        {
            await using var cloud = await BetweenAsync(reader);
            foreach (var hidesTheEnd in new[] { false, true })
            {
                cloud.Change = exchange =>
                {
                    var path = exchange.Path.Split('?')[0];
                    if (path == Paths.Records && exchange.Status == 200)
                        exchange.Set(exchange.Json<CataloguePage>() with { Records = [.. exchange.Json<CataloguePage>().Records, Row(after)] });
                    else if (path == $"{Paths.Records}/{after.Header.Context.Record}")
                    {
                        exchange.Status = 200;
                        exchange.Headers["Content-Type"] = "application/json";
                        exchange.Set(Row(after));
                    }
                    else if (path == Paths.Deposits && hidesTheEnd && exchange.Status == 200)
                        exchange.Set(new DepositList([.. exchange.Json<DepositList>().Deposits.Select(view => view with { Revocation = null })]));
                    return Task.CompletedTask;
                };
                // The second time the cloud forgets the end: this device does not.
                Assert.Equal(reader == patient ? AlarmKind.Injected : AlarmKind.Integrity, (await reader.FailsToGetAsync<AlarmException>(after.Header.Context.Record)).Kind);
                var (records, complaints) = reader == patient ? await reader.Records.OwnAsync(None) : await reader.Records.SharedAsync(None);
                Assert.Equal([before.Record], records.Select(record => record.Record));
                Assert.Contains("City Hospital", Assert.Single(complaints), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task NoDepositorKeepsAnOwnerFromTheOtherRecords()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        await patient.LetAddAsync(hospital, "medical");
        await patient.ShareAsync(doctor, ["medical"]);
        var own = await patient.PutAsync(Extensions.RandomBytes(100));
        var good = await hospital.PutAsync(Extensions.RandomBytes(100), patient: patient);
        // A capsule of nowhere, and metadata that is none: the cloud can tell neither.
        var sealedWell = await SealAsync(hospital, patient, "medical");
        var foreign = sealedWell.Header.Context with { Record = Identifier.Random<RecordId>() };
        await hospital.Account.Cloud.AddRecordAsync(SealedRecord.Create(hospital.Account.Keys.Identity, sealedWell.Header with { Context = foreign }, sealedWell.SealedMetadata), None);
        await hospital.Account.Cloud.AddRecordAsync(sealedWell, None);
        foreach (var reader in new[] { patient, doctor })
        {
            var (records, complaints) = reader == patient ? await reader.Records.OwnAsync(None) : await reader.Records.SharedAsync(None);
            Assert.Equal([own.Record, good.Record], records.Select(record => record.Record).OrderBy(id => id == own.Record ? 0 : 1));
            Assert.Equal(2, complaints.Count);
            Assert.All(complaints, complaint => Assert.StartsWith("City Hospital: ", complaint, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AnOrganisationKeepsItsNameAtLoginAndCannotTakeAnother()
    {
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        Assert.Equal("City Hospital", hospital.Account.Card.Organisation);
        var profile = new Profile(salus.In("profiles", salus.NewName("clean")));
        using (var enrolment = new Enrolment(profile, salus.Parties))
        {
            var pending = await enrolment.StartLoginAsync(hospital.Mail, None);
            using var secret = Person.Secret(hospital.Passphrase);
            (await enrolment.LogInAsync(pending, await salus.TakeCodeAsync(hospital.Mail), secret, TimeProvider.System, None)).Dispose();
            using var account = await Account.UnlockAsync(profile, secret, TimeProvider.System);
            Assert.Equal(hospital.Account.Card.Signed, account.Card.Signed);
        }
        using var patient = await Person.RegisterAsync(salus, "patient");
        var contact = await new Contacts(patient.Account).ResolveAsync(hospital.Mail, None);
        Assert.Equal(($"City Hospital ({hospital.Mail})", hospital.Account.Card.Fingerprint), (contact.Title, contact.Card.Fingerprint));
        await using var cloud = await BetweenAsync(patient);
        var keys = hospital.Account.Keys;
        var renamed = AccountCard.CreateOrganisation(keys.Identity, keys.Receiving.PublicKey, keys.Box.PublicKey, "County Hospital", 2);
        cloud.Change = exchange =>
        {
            if (exchange.Path == Paths.CardLookup)
                exchange.Set(new SignedBytes(renamed.Signed));
            return Task.CompletedTask;
        };
        Assert.Equal(AlarmKind.KeyChanged, (await Assert.ThrowsAsync<AlarmException>(() => new Contacts(patient.Account).ResolveAsync(hospital.Mail, None))).Kind);
        foreach (var name in new[] { "", " x", "x  y", new string('x', 81), "a\u202eb" })
            Assert.Throws<CannotException>(() => Enrolment.CheckOrganisation(name));
    }

    /// <summary>A record of the depositor's in the patient's newest epoch, signed and not sent. Its metadata is none.</summary>
    private static async Task<SealedRecord> SealAsync(Person depositor, Person patient, string partition)
    {
        var place = (await new PartitionKeys(patient.Account).AllAsync(None)).Single(candidate => candidate.Name == partition);
        var context = new RecordContext(patient.Account.Id, place.Id, place.Head.Epoch, Identifier.Random<RecordId>());
        var capsule = Capsule.Encapsulate(place.Head.Key, context.ToBytes(), out var key);
        using (key)
        using (var contentKey = Crypto.Secret.Random(32))
        {
            var wrapped = await Crypto.Sealing.WrappedKey.WrapAsync(key, contentKey, context.ToBytes());
            byte[] metadata = [.. Encoding.ASCII.GetBytes("no metadata")];
            var header = new RecordHeader(context, 1, depositor.Account.Keys.Identity.PublicKey, TimeProvider.System.GetUtcNow(), capsule, wrapped, 1, 16,
                new byte[Crypto.Sealing.ChunkedEncryption.PrefixSize], [new byte[SealedRecord.CommitmentSize]], SHA256.HashData(metadata));
            return SealedRecord.Create(depositor.Account.Keys.Identity, header, metadata);
        }
    }

    private static CatalogueRecord Row(SealedRecord record) => new(record.Signed, record.SealedMetadata);

    private async Task<Middleman> BetweenAsync(Person person)
    {
        var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await person.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        return cloud;
    }
}
