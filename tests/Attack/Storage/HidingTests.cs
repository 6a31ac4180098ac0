using System.Security.Cryptography;
using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Search;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Storage;

/// <summary>What is there and not shown, what is shown as it was, and what nobody put there.</summary>
public class HidingTests(HostileServers servers) : AttackTest(servers)
{
    [Fact, Attack("S06")]
    public async Task AFileThatAServerMadeIsNobodysRecord()
    {
        // The content key has leaked: with it the server seals metadata of its own choice to the record's own capsule. What it lacks is the author's signature.
        using var opened = await new Catalogue(Patient.Account).OneAsync(Cast.One.Id, None);
        var header = opened.Sealed.Header;
        var framed = opened.Metadata with { Name = "confession.txt", Keywords = ["framed"] };
        var metadata = await framed.SealAsync(opened.ContentKey, header.Context, header.Version);
        var changed = header with { MetadataHash = SHA256.HashData(metadata) };
        var asEve = SealedRecord.Create(Eve.Account.Keys.Identity, changed with { Author = Eve.Account.Keys.Identity.PublicKey }, metadata);
        var asPatient = SealedRecord.Create(Patient.Account.Keys.Identity, changed, metadata);
        foreach (var signed in new byte[][]
        {
            asEve.Signed, [.. asPatient.Signed[..^64], .. asEve.Signed[^64..]], [.. asPatient.Signed[..^64], .. opened.Sealed.Signed[^64..]], [.. asPatient.Signed[..^64], .. new byte[64]],
        })
        {
            Servers.BeHonest();
            MutateRecord(_ => new CatalogueRecord(signed, metadata));
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
            await AlarmedAsync(ReferenceEquals(signed, asEve.Signed) ? AlarmKind.Injected : AlarmKind.Integrity, Doctor, Cast.One);
            // In the listing: of the patient's own an alarm, of a stranger's a complaint, and shown it is never.
            Mutate<CataloguePage>(Paths.Records, page => page with { Records = [.. page.Records, new CatalogueRecord(signed, metadata)] });
            try
            {
                Assert.DoesNotContain((await Patient.Records.OwnAsync(None)).Records, record => record.Name == framed.Name);
            }
            catch (AlarmException alarm)
            {
                Assert.Equal(AlarmKind.Integrity, alarm.Kind);
            }
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
    }

    [Fact, Attack("S08")]
    public async Task AnEarlierVersionOfARecordIsARollback()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var record = await Cast.PutAsync(patient, size: 4_000);
        await patient.ShareAsync(doctor, ["medical"]);
        var old = await patient.Account.Cloud.RecordAsync(record.Id, None);
        using (var opened = await new Catalogue(patient.Account).OneAsync(record.Id, None))
        {
            var header = opened.Sealed.Header;
            var metadata = await opened.Metadata.SealAsync(opened.ContentKey, header.Context, 2);
            var next = SealedRecord.Create(patient.Account.Keys.Identity, header with { Version = 2, MetadataHash = SHA256.HashData(metadata) }, metadata);
            await patient.Account.Cloud.AddRecordAsync(next, None);
        }
        foreach (var reader in new[] { patient, doctor })
        {
            Servers.BeHonest();
            Assert.Equal(2u, (await reader.Records.ShowAsync(record.Id, None)).Version);
            MutateRecord(_ => old);
            await GetIsCaughtAsync(AlarmKind.Rollback, reader, record);
            await CaughtAsync(AlarmKind.Rollback, reader, "show", record.Id.ToString());
        }
        Servers.BeHonest();
        Mutate<CataloguePage>(Paths.Records, page => page with { Records = [.. page.Records.Select(row => row.Signed.AsSpan(51, 16).SequenceEqual(old.Signed.AsSpan(51, 16)) ? old : row)] });
        await CaughtAsync(AlarmKind.Rollback, patient, "list");
    }

    [Fact, Attack("S11")]
    public async Task WhatIsHiddenIsWithheldAndNeverAnEmptyList()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var record = await Cast.PutAsync(patient);
        var grant = await patient.ShareAsync(Doctor, ["medical"]);
        foreach (var (path, hide, command) in new (string, Action<Exchange>, string[])[]
        {
            (Paths.Epochs, exchange => exchange.Set(new SignedList([])), ["list"]),
            (Paths.Epochs, exchange => exchange.Set(new SignedList([.. exchange.Json<SignedList>().Signed.Skip(1)])), ["list"]),
            (Paths.Grants, exchange => exchange.Set(new GrantList([])), ["grants"]),
            (Paths.IndexUpdates, exchange => exchange.Set(new IndexUpdatePage([], null)), ["find", Path.GetFileNameWithoutExtension(record.Name)]),
        })
        {
            Servers.BeHonest();
            Servers.Mutate("cloud", path, hide, "GET");
            await CaughtAsync(AlarmKind.Withheld, patient, command);
        }
        // Of the stores: nothing there, at more than may be lost.
        Servers.BeHonest();
        Servers.Instead("store", exchange =>
        {
            exchange.Status = 404;
            return exchange.Method == "GET";
        });
        await GetIsCaughtAsync(AlarmKind.Withheld, patient, record);
        Servers.BeHonest();
        await OpensAsync(patient, record);
        Assert.Equal([grant.Terms.Id], (await patient.Granting.ListAsync(None)).Select(summary => summary.Id));
    }

    [Fact, Attack("S11")]
    public async Task ARecordThatIsKeptBackIsAnAlarmWhateverIsAsked()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var (hidden, shown) = (await Cast.PutAsync(patient), await Cast.PutAsync(patient));
        Assert.Equal(2, (await patient.Records.ListAsync(None)).Count);
        bool IsHidden(CatalogueRecord row) => Catalogue.Verify(row).Header.Context.Record == hidden.Id;
        Mutate<CataloguePage>(Paths.Records, page => page with { Records = [.. page.Records.Where(row => !IsHidden(row))] });
        Mutate<FoundRecords>(Paths.RecordLookup, found => found with { Records = [.. found.Records.Where(row => !IsHidden(row))] });
        Servers.Mutate("cloud", $"{Paths.Records}/{hidden.Id}", exchange => exchange.Status = 404, "GET");
        // The others are shown all the same.
        await CaughtAsync(AlarmKind.Withheld, patient, "list");
        Assert.Contains(shown.Name, (await CommandAsync(patient, "list")).Output, StringComparison.Ordinal);
        await CaughtAsync(AlarmKind.Withheld, patient, "audit", "--all");
        await CaughtAsync(AlarmKind.Withheld, patient, "repair", hidden.Id.ToString());
        await CaughtAsync(AlarmKind.Withheld, patient, "export", "--out", patient.Out("never"));
        await CaughtAsync(AlarmKind.Withheld, patient, "delete", hidden.Id.ToString(), "--yes");
        // It is told though the command fails further on.
        Servers.Instead("store", exchange =>
        {
            exchange.Status = 500;
            return true;
        });
        await CaughtAsync(AlarmKind.Withheld, patient, "repair");
        Servers.BeHonest();
        Assert.Equal(2, (await patient.Records.ListAsync(None)).Count);
        await OpensAsync(patient, hidden);
    }

    [Fact, Attack("S20")]
    public async Task WhatAHospitalAddsIsNeitherForgedNorTakenAwayUnnoticed()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var hospital = await Cast.RegisterAsync("hospital", "City Hospital");
        await patient.LetAddAsync(hospital, "medical");
        var letter = await hospital.PutAsync("Discharge letter: spirometry."u8.ToArray(), name: $"letter-{Guid.NewGuid():n}.txt", patient: patient);
        var result = await hospital.PutAsync("Result: spirometry again."u8.ToArray(), name: $"result-{Guid.NewGuid():n}.txt", patient: patient);
        Assert.Equal(2, (await FindAsync(patient)).Count);
        // Deleted by the cloud: its words and its row, its row alone, its words alone.
        var row = await patient.Account.Cloud.RecordAsync(result.Record, None);
        void HideWords() => Mutate<IndexUpdatePage>(Paths.IndexUpdates, page => page with { Updates = [.. page.Updates.SkipLast(1)] }, "GET");
        void HideRow() => Mutate<FoundRecords>(Paths.RecordLookup, found => found with { Records = [.. found.Records.Where(other => !other.Signed.AsSpan().SequenceEqual(row.Signed))] });
        foreach (var hide in new Action[] { HideWords, HideRow, (Action)HideWords + HideRow })
        {
            Servers.BeHonest();
            hide();
            await CaughtAsync(AlarmKind.Withheld, patient, "find", "spirometry");
        }
        // Forged: with one byte changed, or by somebody whom nobody lets add. The others are shown, and who is said to have written it is named.
        var forged = SealedRecord.TryVerify(row.Signed, row.SealedMetadata, out var record)
            ? SealedRecord.Create(Eve.Account.Keys.Identity, record.Header with { Author = Eve.Account.Keys.Identity.PublicKey }, record.SealedMetadata) : throw new InvalidOperationException();
        Servers.BeHonest();
        Mutate<CataloguePage>(Paths.Records, page => page with { Records = [.. page.Records.Select(other => other.Signed.AsSpan().SequenceEqual(row.Signed)
            ? new CatalogueRecord(forged.Signed, forged.SealedMetadata) : other)] });
        var (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Equal([letter.Record], records.Select(shown => shown.Record));
        Assert.Single(complaints);
        Servers.BeHonest();
        MutateRecord(_ => row with { Signed = row.Signed.Flipped(100) });
        await CaughtAsync(AlarmKind.Integrity, patient, "show", result.Record.ToString());
        Servers.BeHonest();
        Assert.Equal(2, (await FindAsync(patient)).Count);
    }

    private static async Task<IReadOnlyList<SearchHit>> FindAsync(Person person)
    {
        Assert.True(Query.TryParse("spirometry", out var query, out var fault), fault);
        return await new Searcher(person.Account).FindAsync(query, null, 100, None).ToListAsync();
    }
}
