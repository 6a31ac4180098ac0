using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Partitions;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>The main job: a patient stores, shares, and takes back; those who read it get what was granted and nothing else.</summary>
public class StoryTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string Bundle = Path.Combine(Places.Root, "samples", "patient-bundle.json");
    private static readonly string XRay = Path.Combine(Places.Root, "samples", "x-ray.png");

    [Fact]
    public async Task ADoctorOpensWhatWasGrantedAndNothingElseUntilItIsRevoked()
    {
        using var patient = await Person.RegisterAsync(salus, "asha");
        using var doctor = await Person.RegisterAsync(salus, "lee");

        // Import and put.
        var import = await patient.Imports.ImportAsync(Bundle, new ImportOptions(null, new DispersalChoice()), null, None);
        Assert.Equal(["insurance", "medical", "personal", "prescription"], import.Records.Select(record => record.Partition).Distinct().Order());
        var xray = await patient.Records.PutAsync(XRay, new PutOptions("medical", ["x-ray"], new DispersalChoice()), null, None);
        Assert.Empty(import.Missing.Concat(xray.Missing));
        Assert.Equal(import.Records.Count + 1, (await patient.Records.ListAsync(None)).Count);
        Assert.Empty(await doctor.SharedAsync());

        // Share until a date.
        var grant = await patient.ShareAsync(doctor, ["medical", "prescription"], until: TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(30));
        var shared = await doctor.SharedAsync();
        Assert.Equal([.. import.Records.Where(record => record.Partition is "medical" or "prescription").Select(record => record.Record).Append(xray.Record).Order(ById)],
            shared.Select(record => record.Record).Order(ById));
        // By number, until the doctor looks the address up: a note with the grant proves nothing.
        Assert.All(shared, record => Assert.Equal((patient.Account.Id.ToString(), patient.Account.Id), (record.Owner, record.Account)));
        await new Contacts(doctor.Account).ResolveAsync(patient.Mail, None);
        Assert.All(await doctor.SharedAsync(), record => Assert.Equal((patient.Mail, patient.Account.Id), (record.Owner, record.Account)));

        // What was granted, byte for byte as its owner has it.
        foreach (var record in shared)
            Assert.Equal((await patient.GetAsync(record.Record)).Bytes, (await doctor.GetAsync(record.Record)).Bytes);
        Assert.Equal(await File.ReadAllBytesAsync(XRay), (await doctor.GetAsync(xray.Record)).Bytes);

        // The rest: refused by the client's way, by the cloud, by the trustees whatever grant is named, and by the trustees under the granted partition.
        foreach (var other in import.Records.Where(record => record.Partition is "personal" or "insurance"))
        {
            Assert.Equal(Problems.NotFound, (await doctor.FailsToGetAsync<RefusedException>(other.Record)).Code);
            var sealedRecord = await patient.SealedAsync(other.Record);
            await doctor.RefusedByCloudAsync(sealedRecord);
            await doctor.RefusedByTrusteesAsync(grant.Terms.Id, sealedRecord);
            foreach (var trustee in doctor.Account.Trustees)
            {
                var request = await doctor.RequestAsync(trustee, grant.Terms.Id, sealedRecord, partition: grant.Entries[0].Partition);
                Assert.True(request.TryDecodeAnswer(await trustee.ReencryptAsync(request, None), out var cfrags));
                Assert.Null(Assert.Single(cfrags));
            }
        }

        // Revoked: three receipts, new epochs, refused everywhere.
        var before = (await new PartitionKeys(patient.Account).AllAsync(None)).ToDictionary(partition => partition.Name, partition => partition.Head.Epoch);
        var outcome = await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        Assert.Equal((3, 0), (outcome.Receipts, outcome.Pending.Count));
        Assert.Equal(["medical", "prescription"], outcome.Moved.Order());
        var after = (await new PartitionKeys(patient.Account).AllAsync(None)).ToDictionary(partition => partition.Name, partition => partition.Head.Epoch);
        Assert.All(["medical", "prescription"], name => Assert.Equal(before[name].Next(), after[name]));
        Assert.All(["personal", "insurance"], name => Assert.Equal(before[name], after[name]));
        await doctor.FailsToGetAsync<RefusedException>(xray.Record);
        Assert.Empty(await doctor.SharedAsync());
        var sealedXRay = await patient.SealedAsync(xray.Record);
        await doctor.RefusedByCloudAsync(sealedXRay);
        await doctor.RefusedByTrusteesAsync(grant.Terms.Id, sealedXRay);

        // The owner loses nothing.
        Assert.Equal(await File.ReadAllBytesAsync(XRay), (await patient.GetAsync(xray.Record)).Bytes);
        var export = await patient.Imports.ExportAsync(null, patient.Out("bundle.json"), Person.NoKey, null, None);
        Assert.True(export.Exact);
        Assert.Equal(await File.ReadAllBytesAsync(Bundle), await File.ReadAllBytesAsync(patient.Out("bundle.json")));
    }

    [Fact]
    public async Task WhoStaysIsReKeyedAndReadsOldAndNew()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var stays = await Person.RegisterAsync(salus, "stays");
        using var leaves = await Person.RegisterAsync(salus, "leaves");
        var (oldBytes, newBytes) = (Extensions.RandomBytes(5000), Extensions.RandomBytes(6000));
        var old = await patient.PutAsync(oldBytes);
        await patient.ShareAsync(stays, ["medical"]);
        var ended = await patient.ShareAsync(leaves, ["medical"]);
        Assert.Equal(oldBytes, (await leaves.GetAsync(old.Record)).Bytes);

        var outcome = await patient.Granting.RevokeAsync(ended.Terms.Id, None);
        Assert.Equal(1, outcome.Rekeyed);
        var fresh = await patient.PutAsync(newBytes);

        Assert.Equal([old.Record, fresh.Record], (await stays.SharedAsync()).Select(record => record.Record));
        Assert.Equal(oldBytes, (await stays.GetAsync(old.Record)).Bytes);
        Assert.Equal(newBytes, (await stays.GetAsync(fresh.Record)).Bytes);
        foreach (var record in new[] { old, fresh })
        {
            await leaves.FailsToGetAsync<RefusedException>(record.Record);
            await leaves.RefusedByTrusteesAsync(ended.Terms.Id, await patient.SealedAsync(record.Record));
        }
    }

    [Fact]
    public async Task WhoJoinsFromNowOpensNothingOld()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var earlier = await Person.RegisterAsync(salus, "earlier");
        using var joins = await Person.RegisterAsync(salus, "joins");
        var (oldBytes, newBytes) = (Extensions.RandomBytes(100), Extensions.RandomBytes(200));
        var old = await patient.PutAsync(oldBytes);
        await patient.ShareAsync(earlier, ["medical"]);
        var grant = await patient.ShareAsync(joins, ["medical"], history: History.FromNow);
        var fresh = await patient.PutAsync(newBytes);

        Assert.Equal([fresh.Record], (await joins.SharedAsync()).Select(record => record.Record));
        Assert.Equal(newBytes, (await joins.GetAsync(fresh.Record)).Bytes);
        await joins.FailsToGetAsync<RefusedException>(old.Record);
        var sealedOld = await patient.SealedAsync(old.Record);
        await joins.RefusedByCloudAsync(sealedOld);
        await joins.RefusedByTrusteesAsync(grant.Terms.Id, sealedOld);
        // Who was there before goes on with both.
        Assert.Equal(2, (await earlier.SharedAsync()).Count);
        Assert.Equal(newBytes, (await earlier.GetAsync(fresh.Record)).Bytes);
    }

    [Fact]
    public async Task WhoLeftOpensNothingNewEvenWithAllKFragsOfTheOldEpoch()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var leaves = await Person.RegisterAsync(salus, "leaves");
        var old = await patient.SealedAsync((await patient.PutAsync(Extensions.RandomBytes(100))).Record);
        var grant = await patient.ShareAsync(leaves, ["medical"]);
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        var fresh = await patient.SealedAsync((await patient.PutAsync(Extensions.RandomBytes(100))).Record);
        Assert.NotEqual(old.Header.Context.Epoch, fresh.Header.Context.Epoch);

        // The worst case: trustees that kept their shares of the old epoch and hand them to whoever left.
        var entry = grant.Entries[0];
        var policy = grant.Terms.Policy(entry.Partition, entry.Epoch).Common();
        using var delegating = patient.Account.Keys.Delegating(entry.Partition, entry.Epoch);
        var shares = Delegation.Split(delegating, leaves.Account.Keys.Receiving.PublicKey, policy);
        Assert.True(await OpensAsync(old, entry.DelegatingKey));
        var newKey = (await new PartitionKeys(patient.Account).AllAsync(None)).Single(partition => partition.Id == entry.Partition).Head.Key;
        Assert.False(fresh.Header.Capsule.TryVerify(entry.DelegatingKey, fresh.Header.Context.ToBytes(), out _));
        Assert.False(await OpensAsync(fresh, newKey));

        async Task<bool> OpensAsync(SealedRecord record, PublicKey key)
        {
            var context = record.Header.Context.ToBytes();
            Assert.True(record.Header.Capsule.TryVerify(key, context, out var capsule));
            var cfrags = shares.Take(2).Select(share => Delegation.ReEncrypt(capsule, share, context).TryVerify(capsule, share.Public, context, out var cfrag) ? cfrag : null).ToArray();
            if (!Delegation.TryOpen(capsule, leaves.Account.Keys.Receiving, key, policy, cfrags[0]!, cfrags[1]!, out var opened)
                && !Delegation.TryOpen(capsule, leaves.Account.Keys.Receiving, entry.DelegatingKey, policy, cfrags[0]!, cfrags[1]!, out opened))
                return false;
            using (opened)
            using (var contentKey = await record.Header.ContentKey.UnwrapAsync(opened, context))
                return contentKey is not null;
        }
    }

    private static readonly Comparer<RecordId> ById = Comparer<RecordId>.Create((a, b) => a.Value.CompareTo(b.Value));
}
