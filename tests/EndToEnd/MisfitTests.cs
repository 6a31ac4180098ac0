using System.Security.Cryptography;
using Salus.Client;
using Salus.Client.Audit;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Repair;
using Salus.Client.Search;
using Salus.Crypto.Reencryption;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.EndToEnd.Tests;

/// <summary>An organisation adds records whose description does not fit them: the owner goes on with all the others, and gets rid of these.</summary>
public class MisfitTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task NoDepositorKeepsAnOwnerFromAuditRepairSearchOrDeletion()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        await patient.LetAddAsync(hospital, "medical");
        var bytes = Extensions.RandomBytes(200_000);
        var own = await patient.PutAsync(bytes);
        Func<RecordMetadata, RecordMetadata>[] misfits =
        [
            metadata => metadata with { SequenceKey = "abc" },
            metadata => metadata with { SequenceKey = "abcdefghi" },
            metadata => metadata with { Stores = ["x"] },
            metadata => metadata with { Stores = [] },
            metadata => metadata with { Keywords = [null!] },
            metadata => metadata with { TailLength = long.MaxValue },
            metadata => metadata with { Kind = RecordMetadata.SliceKind },
            metadata => metadata with { BodyKey = new byte[32] },
        ];
        var added = new List<RecordId>();
        foreach (var misfit in misfits)
            added.Add(await AddAsync(hospital, patient, misfit));

        var (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Equal([own.Record], records.Select(record => record.Record));
        Assert.Equal(misfits.Length, complaints.Count);
        Assert.All(complaints, complaint => Assert.StartsWith("City Hospital: ", complaint, StringComparison.Ordinal));

        // A lost fragment is found, and made again.
        File.Delete((await patient.FragmentsAsync(own.Record))[2].File);
        var report = await new StorageHealth(patient.Account).CheckAsync(StorageTests.All, null, null, None);
        Assert.Equal(FindingKind.Missing, Assert.Single(report.Findings).Kind);
        Assert.Equal(misfits.Length, report.Skipped.Count);
        Assert.Equal(7, (await new AuditLists(patient.Account).MakeAsync(StorageTests.All, null, null, None)).List.Fragments.Count);
        var repair = await new Repairing(patient.Account).RunAsync(StorageTests.Everything, null, null, None);
        Assert.True(repair.IsWhole, string.Join("; ", repair.Waiting));
        Assert.Single(repair.Repaired);
        Assert.Equal(bytes, (await patient.GetAsync(own.Record)).Bytes);

        foreach (var record in added)
        {
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.Records.DeleteAsync(record, Person.NoKey, None))).Kind);
            await patient.Records.WriteOffAsync(record, None);
        }
        (records, complaints) = await patient.Records.OwnAsync(None);
        Assert.Equal([own.Record], records.Select(record => record.Record));
        Assert.Empty(complaints);
        // What opens is not written off.
        Assert.Equal(Reasons.NotLost, (await Assert.ThrowsAsync<CannotException>(() => patient.Records.WriteOffAsync(own.Record, None))).Code);
    }

    /// <summary>A record with a right signature, capsule and seal, described as the depositor likes.</summary>
    private static async Task<RecordId> AddAsync(Person depositor, Person patient, Func<RecordMetadata, RecordMetadata> misfit)
    {
        var place = (await new PartitionKeys(patient.Account).AllAsync(None)).Single(candidate => candidate.Name == "medical");
        var context = new RecordContext(patient.Account.Id, place.Id, place.Head.Epoch, Identifier.Random<RecordId>());
        var capsule = Capsule.Encapsulate(place.Head.Key, context.ToBytes(), out var key);
        using (key)
        using (var contentKey = Crypto.Secret.Random(32))
        {
            var wrapped = await WrappedKey.WrapAsync(key, contentKey, context.ToBytes());
            var metadata = new RecordMetadata("letter", "text/plain", RecordMetadata.FileKind, "medical", 100, 0, 0, null, null, "abcdefgh",
                [.. depositor.Account.Stores.Select(store => store.Key.ToString())], ["word"]);
            var sealedMetadata = await misfit(metadata).SealAsync(contentKey, context, 1);
            var header = new RecordHeader(context, 1, depositor.Account.Keys.Identity.PublicKey, TimeProvider.System.GetUtcNow(), capsule, wrapped, 4,
                ChunkedEncryption.CiphertextLength(100) - ChunkedEncryption.PrefixSize, new byte[ChunkedEncryption.PrefixSize],
                [.. Enumerable.Range(0, 8).Select(_ => new byte[SealedRecord.CommitmentSize])], SHA256.HashData(sealedMetadata));
            await depositor.Account.Cloud.AddRecordAsync(SealedRecord.Create(depositor.Account.Keys.Identity, header, sealedMetadata), None);
            return context.Record;
        }
    }
}
