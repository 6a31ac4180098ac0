using System.Security.Cryptography;
using System.Text.Json;
using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Dispersal;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Equal contents of one domain are stored once, for as long as a record names them, and nobody outside it learns anything of it.</summary>
public class DeduplicationTests(SalusInstallation salus)
{
    private const int Size = 200_000;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task TheSameContentTwiceIsOneBodyAndGoesWithTheLastRecord()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(Size);
        var first = await patient.PutAsync(bytes, name: "one.bin");
        var (count, stored) = Held();
        var second = await patient.PutAsync(bytes, "imaging", name: "two.bin");

        Assert.Equal((count, stored), Held());
        var (one, two) = (await patient.SealedAsync(first.Record), await patient.SealedAsync(second.Record));
        Assert.NotNull(one.Header.Body);
        Assert.Equal(one.Header.Body, two.Header.Body);
        Assert.Equal(one.Header.BodyFacts(), two.Header.BodyFacts());
        // Each record has a key of its own: who may open one opens no metadata of the other.
        Assert.NotEqual(one.Header.ContentKey.Bytes.ToArray(), two.Header.ContentKey.Bytes.ToArray());
        foreach (var (record, name) in new[] { (first, "one.bin"), (second, "two.bin") })
        {
            Assert.Equal(name, (await patient.Records.ShowAsync(record.Record, None)).Name);
            var (opened, complaints) = await patient.GetAsync(record.Record);
            Assert.Equal(bytes, opened);
            Assert.Empty(complaints);
        }

        var fragments = await patient.FragmentsAsync(first.Record);
        await patient.Records.DeleteAsync(first.Record, Person.NoKey, None);
        Assert.All(fragments, fragment => Assert.True(File.Exists(fragment.File)));
        Assert.Equal(bytes, (await patient.GetAsync(second.Record)).Bytes);
        await patient.Records.DeleteAsync(second.Record, Person.NoKey, None);
        Assert.All(fragments, fragment => Assert.False(File.Exists(fragment.File)));
        Assert.Empty(await patient.Account.Cloud.UnusedBodiesAsync(None));

        // Stored once more it is another body, elsewhere.
        var third = await patient.PutAsync(bytes);
        Assert.NotEqual(one.Header.Body, (await patient.SealedAsync(third.Record)).Header.Body);
        Assert.Empty(fragments.Select(fragment => fragment.File).Intersect((await patient.FragmentsAsync(third.Record)).Select(fragment => fragment.File)));
    }

    [Fact]
    public async Task AnotherAccountUploadsTheSameFileWholeAndElsewhere()
    {
        using var anna = await Person.RegisterAsync(salus, "anna");
        using var boris = await Person.RegisterAsync(salus, "boris");
        var bytes = Extensions.RandomBytes(Size);
        var hers = await anna.PutAsync(bytes);
        var (count, stored) = Held();
        var his = await boris.PutAsync(bytes);

        var (countAfter, storedAfter) = Held();
        Assert.Equal(8, countAfter - count);
        Assert.True(storedAfter - stored > 2 * Size, $"{storedAfter - stored}");
        Assert.Empty((await anna.FragmentsAsync(hers.Record)).Select(Address).Intersect((await boris.FragmentsAsync(his.Record)).Select(Address)));
        var (one, two) = (await anna.SealedAsync(hers.Record), await boris.SealedAsync(his.Record));
        Assert.NotEqual(one.Header.Body, two.Header.Body);
        Assert.Empty(one.Header.FragmentCommitments.Select(Convert.ToHexString).Intersect(two.Header.FragmentCommitments.Select(Convert.ToHexString)));
        // Not a leaf of one body is in the other.
        var leaves = new HashSet<string>();
        foreach (var fragment in await anna.FragmentsAsync(hers.Record))
            leaves.UnionWith((await File.ReadAllBytesAsync(fragment.File)).Chunk(4096).Skip(1).Select(leaf => Convert.ToHexString(SHA256.HashData(leaf))));
        foreach (var fragment in await boris.FragmentsAsync(his.Record))
            Assert.DoesNotContain((await File.ReadAllBytesAsync(fragment.File)).Chunk(4096).Skip(1), leaf => leaves.Contains(Convert.ToHexString(SHA256.HashData(leaf))));

        static string Address((string Store, string File) fragment) => Path.GetFileName(Path.GetDirectoryName(fragment.File)!);
    }

    [Fact]
    public async Task WhatIsSmallOrNotWantedOrUnderTheOwnersKeyHasABodyOfItsOwn()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var (small, large) = (Extensions.RandomBytes((int)SharedBodies.MinLength - 1), Extensions.RandomBytes((int)SharedBodies.MinLength));
        foreach (var (bytes, choice) in new[] { (small, new DispersalChoice()), (large, new DispersalChoice(Deduplicate: false)), (large, new DispersalChoice(Key("abcdefgh"))) })
            for (var i = 0; i < 2; i++)
                Assert.Null((await patient.SealedAsync((await patient.PutAsync(bytes, dispersal: choice)).Record)).Header.Body);
        var shared = await patient.SealedAsync((await patient.PutAsync(large)).Record);
        // Dispersed otherwise it is another body: whoever asks for more fragments to restore it gets them.
        var other = await patient.SealedAsync((await patient.PutAsync(large, dispersal: new DispersalChoice(RestoreFrom: 3))).Record);
        Assert.NotNull(shared.Header.Body);
        Assert.NotNull(other.Header.Body);
        Assert.NotEqual(shared.Header.Body, other.Header.Body);
        Assert.Equal(3, other.Header.RestoreFrom);
    }

    [Fact]
    public async Task AnOrganisationStoresOnceForManyPatientsAndNoPatientDeletesUnderAnother()
    {
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        using var anna = await Person.RegisterAsync(salus, "anna");
        using var boris = await Person.RegisterAsync(salus, "boris");
        await anna.LetAddAsync(hospital, "medical");
        await boris.LetAddAsync(hospital, "medical");
        var bytes = Extensions.RandomBytes(Size);
        var hers = await hospital.PutAsync(bytes, patient: anna);
        var held = Held();
        var his = await hospital.PutAsync(bytes, patient: boris);
        Assert.Equal(held, Held());
        Assert.Equal(bytes, (await anna.GetAsync(hers.Record)).Bytes);
        Assert.Equal(bytes, (await boris.GetAsync(his.Record)).Bytes);

        // All that she has, the capability that a record's own fragments would have among it, deletes nothing.
        var fragments = await anna.FragmentsAsync(hers.Record);
        using (var opened = await new Catalogue(anna.Account).OneAsync(hers.Record, None))
        using (var keys = RecordReader.FragmentKeysOf(opened, Person.NoKey))
            for (var i = 0; i < keys.Count; i++)
            {
                var (address, owner) = (new byte[FragmentKeys.ValueSize], new byte[FragmentKeys.ValueSize]);
                keys.Address(i, address);
                keys.Owner(i, owner);
                foreach (var store in anna.Account.Stores.Where(store => fragments[i].Store == store.Name))
                    foreach (var capability in new[] { owner, SharedContent.Owner(anna.Account.Keys.Domain, address) })
                        await Assert.ThrowsAsync<RefusedException>(() => store.DeleteAsync(address, capability, None));
            }
        var deleted = await anna.Records.DeleteAsync(hers.Record, Person.NoKey, None);
        Assert.True(deleted.IsLeftToAuthor);
        await anna.Records.ResumeAsync(null, None);
        Assert.Equal(bytes, (await boris.GetAsync(his.Record)).Bytes);
        await boris.Records.DeleteAsync(his.Record, Person.NoKey, None);
        Assert.Equal(held, Held());
        await hospital.Records.ResumeAsync(null, None);
        Assert.All(fragments, fragment => Assert.False(File.Exists(fragment.File)));
        // A person who adds to another's records ties nothing of their own to it.
        using var friend = await Person.RegisterAsync(salus, "friend");
        await anna.LetAddAsync(friend, "medical");
        Assert.Null((await anna.SealedAsync((await friend.PutAsync(bytes, patient: anna)).Record)).Header.Body);
    }

    [Fact]
    public async Task TwoDevicesThatPutTheSameAtOnceShareOneBody()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var bytes = Extensions.RandomBytes(3_000_000);
        var before = Held();
        var stored = await Task.WhenAll(Task.Run(() => patient.PutAsync(bytes)), Task.Run(() => device.PutAsync(bytes)));
        Assert.Equal(8, Held().Count - before.Count);
        var bodies = await Task.WhenAll(stored.Select(record => patient.SealedAsync(record.Record)));
        Assert.NotNull(bodies[0].Header.Body);
        Assert.Equal(bodies[0].Header.Body, bodies[1].Header.Body);
        foreach (var record in stored)
            Assert.Equal(bytes, (await device.GetAsync(record.Record)).Bytes);
        await patient.Records.DeleteAsync(stored[0].Record, Person.NoKey, None);
        Assert.Equal(bytes, (await patient.GetAsync(stored[1].Record)).Bytes);
        await device.Records.DeleteAsync(stored[1].Record, Person.NoKey, None);
        Assert.Equal(before, Held());
    }

    [Fact]
    public async Task ADeletionCutOffAnywhereIsFinishedLaterAndTakesNothingElseAlong()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(Size);
        var before = Held();
        var first = await patient.PutAsync(bytes);
        var fragments = await patient.FragmentsAsync(first.Record);
        // Killed after the count and before the first byte is deleted: all that is left is the cloud's list.
        await patient.Account.Cloud.DeleteRecordAsync(Deletion.Create(patient.Account.Keys.Identity, first.Record, 1, TimeProvider.System.GetUtcNow()), None);
        var unused = Assert.Single(await patient.Account.Cloud.UnusedBodiesAsync(None));
        // The content comes back before the old bytes are gone, and does not meet them.
        var second = await patient.PutAsync(bytes);
        Assert.All(fragments, fragment => Assert.True(File.Exists(fragment.File)));
        Assert.NotEqual(unused.Body, (await patient.SealedAsync(second.Record)).Header.Body.ToString());
        // Killed in the middle: some stores have deleted, others are away.
        await using (await salus.WithoutAsync("store-2"))
            Assert.Equal(["store-2"], (await new SharedBodies(patient.Account).FreeAsync(SharedBodies.Many, None)).Unreached);
        Assert.All(fragments, fragment => Assert.Equal(fragment.Store == "store-2", File.Exists(fragment.File)));
        Assert.Single(await patient.Account.Cloud.UnusedBodiesAsync(None));
        // Finished by another device, which has never seen the record.
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        await device.Records.ResumeAsync(null, None);
        Assert.All(fragments, fragment => Assert.False(File.Exists(fragment.File)));
        Assert.Empty(await patient.Account.Cloud.UnusedBodiesAsync(None));
        Assert.Equal(bytes, (await device.GetAsync(second.Record)).Bytes);
        await device.Records.DeleteAsync(second.Record, Person.NoKey, None);
        Assert.Equal(before, Held());
    }

    [Fact]
    public async Task ARecordWhoseStoresAreAwayWaitsAndKeepsItsBodyMeanwhile()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var device = await Person.LogInAsync(salus, patient.Mail, patient.Passphrase);
        var bytes = Extensions.RandomBytes(Size);
        var first = await patient.PutAsync(bytes);
        var held = Held();
        await using (await salus.WithoutAsync("store-1", "store-3"))
            await Assert.ThrowsAsync<CannotException>(() => device.PutAsync(bytes));
        Assert.Single(await patient.Records.ListAsync(None));
        // The other device deletes the only record: the one on its way keeps the body.
        await patient.Records.DeleteAsync(first.Record, Person.NoKey, None);
        Assert.Equal(held, Held());
        var resumed = await device.Records.ResumeAsync(null, None);
        Assert.Empty(resumed.Failures);
        Assert.Equal(bytes, (await patient.GetAsync(Assert.Single(resumed.Records).Record)).Bytes);
        Assert.Equal(held, Held());
    }

    [Fact]
    public async Task WithoutTwoTrusteesAPutGoesOnWithABodyOfItsOwn()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(Size);
        await using (await salus.WithoutAsync("trustee-1"))
            Assert.NotNull((await patient.SealedAsync((await patient.PutAsync(bytes)).Record)).Header.Body);
        await using (await salus.WithoutAsync("trustee-1", "trustee-2"))
            Assert.Null((await patient.SealedAsync((await patient.PutAsync(bytes)).Record)).Header.Body);
    }

    [Fact]
    public async Task ADelegateeReadsASharedBodyInTheGrantedPartitionOnly()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var bytes = Extensions.RandomBytes(Size);
        var medical = await patient.PutAsync(bytes);
        var imaging = await patient.PutAsync(bytes, "imaging");
        await patient.ShareAsync(doctor, ["medical"]);
        Assert.Equal(bytes, (await doctor.GetAsync(medical.Record)).Bytes);
        await doctor.FailsToGetAsync<RefusedException>(imaging.Record);
    }

    [Fact]
    public async Task ACloudThatCallsABodyUnusedWhichIsInUseGetsNothingDeleted()
    {
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        using var patient = await Person.RegisterAsync(salus, "patient");
        await patient.LetAddAsync(hospital, "medical");
        await using var cloud = await Middleman.BeforeAsync(salus.Parties.Cloud.Url);
        await hospital.ThroughAsync(salus.Parties.With("cloud", cloud.Url));
        var bytes = Extensions.RandomBytes(Size);
        var (theirs, own) = (await hospital.PutAsync(bytes, patient: patient), await hospital.PutAsync(Extensions.RandomBytes(Size)));
        var held = Held();
        var bodies = cloud.Passed.Where(passed => passed is { Method: "POST", Path: Paths.Bodies }).Select(passed => new UnusedBody(
            JsonSerializer.Deserialize<ClaimedBody>(passed.Body, JsonSerializerOptions.Web)!.Body,
            JsonSerializer.Deserialize<ClaimBody>(passed.Request, JsonSerializerOptions.Web)!.Sealed, [])).ToArray();
        Assert.Equal(2, bodies.Length);
        UnusedBody? lie = null;
        cloud.Instead = exchange =>
        {
            if (exchange.Path != Paths.UnusedBodies)
                return Task.FromResult(false);
            exchange.Headers["Content-Type"] = "application/json";
            exchange.Body = JsonSerializer.SerializeToUtf8Bytes(new UnusedBodies([lie!]), JsonSerializerOptions.Web);
            return Task.FromResult(true);
        };

        // What it cannot see, the stores keep: without a deletion, or with one by somebody else, or of something else.
        using var stranger = SigningKey.Generate();
        var now = TimeProvider.System.GetUtcNow();
        byte[][] deletions =
        [
            Deletion.Create(stranger, theirs.Record, 1, now).Signed, Deletion.Create(hospital.Account.Keys.Identity, theirs.Record, 1, now).Signed,
            Deletion.Create(patient.Account.Keys.Identity, own.Record, 1, now).Signed, [1, 2, 3],
        ];
        foreach (var shown in new[] { [], deletions })
        {
            lie = bodies[0] with { Deletions = shown };
            Assert.Contains("keep bytes", Assert.Single((await hospital.Records.ResumeAsync(null, None)).Failures), StringComparison.Ordinal);
        }
        // What is its own it sees, and another body's places are no places.
        foreach (var seen in new[] { bodies[1], bodies[0] with { Sealed = bodies[1].Sealed } })
        {
            lie = seen;
            Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => hospital.Records.ResumeAsync(null, None))).Kind);
        }
        Assert.DoesNotContain(cloud.Passed, passed => passed.Method == "DELETE");
        Assert.Equal(held, Held());
        Assert.Equal(bytes, (await patient.GetAsync(theirs.Record)).Bytes);
    }

    [Fact]
    public async Task WhatAStoreHasLostOfASharedBodyIsBroughtAnewByThePutThatFindsIt()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(Size);
        var first = await patient.PutAsync(bytes);
        var file = (await patient.FragmentsAsync(first.Record))[2].File;
        var whole = await File.ReadAllBytesAsync(file);
        // Every leaf of its units, so that whichever the store draws is among them.
        await File.WriteAllBytesAsync(file, [.. whole[..4096], .. whole[4096..^4096].Select(one => (byte)(one ^ 0xff)), .. whole[^4096..]]);
        var second = await patient.PutAsync(bytes);
        Assert.Empty(second.Missing);
        Assert.Equal(whole, await File.ReadAllBytesAsync(file));
        foreach (var record in new[] { first, second })
            Assert.Equal(bytes, (await patient.GetAsync(record.Record)).Bytes);
    }

    private static SequenceKey Key(string text)
    {
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(text, out var key));
        return key!;
    }

    /// <summary>Fragments at all stores, complete or on their way, and their bytes.</summary>
    private (int Count, long Bytes) Held()
    {
        var files = SalusInstallation.StoreNames.SelectMany(store => new[] { "fragments", "uploads" }.SelectMany(folder =>
            Directory.EnumerateFiles(salus.In(store, folder), "data", SearchOption.AllDirectories))).Select(file => new FileInfo(file)).ToArray();
        return (files.Length, files.Sum(file => file.Length));
    }
}
