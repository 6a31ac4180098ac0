using Salus.Client.Audit;
using Salus.Client.Records;
using Salus.Client.Repair;

namespace Salus.EndToEnd.Tests;

/// <summary>What many records keep once is audited, repaired and deleted as the bytes of one.</summary>
public class SharedStorageTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ABodyOfManyRecordsIsAuditedAndRepairedOnceAndGoesWithTheLastFromWhereverItIs()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var (bytes, before) = (Extensions.RandomBytes(200_000), StorageTests.Kept(salus));
        StoredRecord[] stored = [await patient.PutAsync(bytes), await patient.PutAsync(bytes, "imaging")];
        var fragments = await patient.FragmentsAsync(stored[0].Record);
        await File.WriteAllBytesAsync(fragments[3].File, (await File.ReadAllBytesAsync(fragments[3].File)).Flipped(9000));
        Directory.Delete(Path.GetDirectoryName(fragments[4].File)!, recursive: true);
        var audit = await new StorageHealth(patient.Account).CheckAsync(StorageTests.All, null, null, None);
        Assert.Equal([(FindingKind.Damaged, 3), (FindingKind.Missing, 4)], audit.Findings.Select(finding => (finding.Kind, finding.Fragment!.Value)).OrderBy(finding => finding.Value));

        var repair = await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None);

        Assert.True(repair.IsWhole, string.Join('\n', repair.Waiting.Concat(repair.Lost.Select(lost => lost.Why))));
        Assert.Equal((1, 8, 2), (repair.Records, repair.Fragments, repair.Repaired.Count));
        Assert.False(File.Exists(fragments[3].File)); // its successor is at the same store, under another address
        Assert.Equal(StoreState.Good, (await new StorageHealth(patient.Account).CheckAsync(StorageTests.All, null, null, None)).State);
        foreach (var record in stored)
            Assert.Equal(bytes, (await patient.GetAsync(record.Record)).Bytes);
        // The same once more: what is not where it was first goes there again.
        stored = [.. stored, await patient.PutAsync(bytes)];
        Assert.Empty(stored[2].Missing);
        Assert.True(File.Exists(fragments[3].File));
        foreach (var record in stored)
            Assert.Empty((await patient.Records.DeleteAsync(record.Record, Person.NoKey, None)).Unreached);
        Assert.Equal(before, StorageTests.Kept(salus));
    }

    [Fact]
    public async Task APatientRepairsWhatAnOrganisationKeepsOnceForManyAndDeletesNothingOfIt()
    {
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.LetAddAsync(hospital, "medical");
        var (bytes, before) = (Extensions.RandomBytes(200_000), StorageTests.Kept(salus));
        var stored = await hospital.PutAsync(bytes, patient: patient);
        var (store, file) = (await patient.FragmentsAsync(stored.Record))[2];
        var whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole.Flipped(9000));

        var repair = await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None);

        Assert.True(repair.IsWhole, string.Join('\n', repair.Waiting.Concat(repair.Lost.Select(lost => lost.Why))));
        Assert.Equal(("unreadable", store, false), (Assert.Single(repair.Repaired).Fault, repair.Repaired[0].Store, repair.Repaired[0].IsMoved));
        Assert.True(StorageTests.Has(salus, store, whole));
        Assert.True(File.Exists(file)); // the rotten bytes are the hospital's to delete
        Assert.Empty((await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None)).Repaired);
        // They are named, and nobody is accused of them.
        var audit = await new StorageHealth(patient.Account).CheckAsync(StorageTests.All, null, null, None);
        Assert.Equal((store, FindingKind.Replaced), (Assert.Single(audit.Findings).Store, audit.Findings[0].Kind));
        Assert.Equal(StoreState.Good, audit.State);
        Assert.Null(audit.Alarm());
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
        await patient.Records.DeleteAsync(stored.Record, Person.NoKey, None);
        Assert.Empty((await hospital.Records.ResumeAsync(null, None)).Failures);
        Assert.Equal(before, StorageTests.Kept(salus));
    }
}
