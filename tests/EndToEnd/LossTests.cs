using Salus.Client;
using Salus.Client.Records;

namespace Salus.EndToEnd.Tests;

/// <summary>Servers that are gone, and stores whose disks give other bytes than they took.</summary>
public class LossTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task TwoStoresThatAreGoneDoNotMatter()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(700_000);
        var stored = await patient.PutAsync(bytes);
        var lost = await StoresOfFirstFragmentsAsync(patient, stored, 2);
        await using (await salus.WithoutAsync(lost))
        {
            var (opened, complaints) = await patient.GetAsync(stored.Record);
            Assert.Equal(bytes, opened);
            AssertNames(lost, complaints);
        }
    }

    [Fact]
    public async Task ThreeStoresThatAreGoneAreNamedAndNothingIsWritten()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(70_000));
        await using (await salus.WithoutAsync("store-1", "store-2", "store-4"))
        {
            var alarm = await patient.FailsToGetAsync<AlarmException>(stored.Record);
            Assert.Equal(AlarmKind.Withheld, alarm.Kind);
            AssertNames(["store-1", "store-2", "store-4"], [alarm.Message]);
        }
    }

    [Fact]
    public async Task DamageAtTwoStoresIsNamedAndDoesNotMatter()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(700_000);
        var stored = await patient.PutAsync(bytes);
        var bad = await StoresOfFirstFragmentsAsync(patient, stored, 2);
        await DamageAsync(patient, stored, bad);
        var (opened, complaints) = await patient.GetAsync(stored.Record);
        Assert.Equal(bytes, opened);
        AssertNames(bad, complaints);
    }

    [Fact]
    public async Task DamageAtThreeStoresIsNamedAndNothingIsWritten()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var stored = await patient.PutAsync(Extensions.RandomBytes(700_000));
        string[] bad = ["store-1", "store-3", "store-4"];
        await DamageAsync(patient, stored, bad);
        var alarm = await patient.FailsToGetAsync<AlarmException>(stored.Record);
        Assert.Equal(AlarmKind.Integrity, alarm.Kind);
        AssertNames(bad, [alarm.Message]);
    }

    [Fact]
    public async Task PutGoesOnWithoutOneStoreAndTheRestFollows()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(30_000);
        StoredRecord stored;
        await using (await salus.WithoutAsync("store-3"))
        {
            stored = await patient.PutAsync(bytes);
            Assert.Equal(["store-3"], stored.Missing);
            Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
            Assert.Equal(1, patient.Records.Unfinished);
        }
        Assert.Empty(Assert.Single((await patient.Records.ResumeAsync(null, None)).Records).Missing);
        Assert.Equal(0, patient.Records.Unfinished);
        Assert.Single(await patient.Records.ListAsync(None));
        await using (await salus.WithoutAsync("store-1", "store-2"))
            Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
    }

    [Fact]
    public async Task PutWithoutTwoStoresSaysThatNothingIsStoredYetAndLosesNothing()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        var bytes = Extensions.RandomBytes(30_000);
        await using (await salus.WithoutAsync("store-2", "store-4"))
        {
            var refused = await Assert.ThrowsAsync<CannotException>(() => patient.PutAsync(bytes, name: "kept"));
            Assert.Contains("not stored yet", refused.Message, StringComparison.Ordinal);
            Assert.Empty(await patient.Records.ListAsync(None));
        }
        var stored = Assert.Single((await patient.Records.ResumeAsync(null, None)).Records);
        Assert.Equal(bytes, (await patient.GetAsync(stored.Record)).Bytes);
        Assert.Single(await patient.Records.ListAsync(None));
    }

    [Fact]
    public async Task OneTrusteeThatIsGoneDoesNotMatterAndGetsItsShareLater()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var bytes = Extensions.RandomBytes(30_000);
        var stored = await patient.PutAsync(bytes);
        await using (await salus.WithoutAsync("trustee-2"))
        {
            await patient.ShareAsync(doctor, ["medical"]);
            Assert.Equal(bytes, (await doctor.GetAsync(stored.Record)).Bytes);
            Assert.Single(patient.Account.State.Content.UnsentKFrags);
        }
        await patient.Granting.FinishAsync(None);
        Assert.Empty(patient.Account.State.Content.UnsentKFrags);
        await using (await salus.WithoutAsync("trustee-1"))
            Assert.Equal(bytes, (await doctor.GetAsync(stored.Record)).Bytes);
    }

    [Fact]
    public async Task WithoutTwoTrusteesNothingIsSharedOpenedOrHalfDone()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var friend = await Person.RegisterAsync(salus, "friend");
        var bytes = Extensions.RandomBytes(30_000);
        var stored = await patient.PutAsync(bytes);
        await patient.ShareAsync(doctor, ["medical"]);
        await using (await salus.WithoutAsync("trustee-1", "trustee-3"))
        {
            Assert.Equal(Reasons.TooFewTrustees, (await doctor.FailsToGetAsync<CannotException>(stored.Record)).Code); // nobody sees the access in the log
            var refused = await Assert.ThrowsAsync<CannotException>(() => patient.ShareAsync(friend, ["medical"]));
            Assert.Contains("Fewer than two trustees", refused.Message, StringComparison.Ordinal);
            Assert.Single(await patient.Granting.ListAsync(None));
        }
        Assert.Empty(await friend.SharedAsync());
        Assert.Equal(bytes, (await doctor.GetAsync(stored.Record)).Bytes);
    }

    [Fact]
    public async Task ARevocationThatOneTrusteeDidNotHearHoldsAtOnceAndIsFinishedLater()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(30_000));
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await using (await salus.WithoutAsync("trustee-3"))
        {
            var outcome = await patient.Granting.RevokeAsync(grant.Terms.Id, None);
            Assert.Equal(2, outcome.Receipts);
            Assert.Equal(["trustee-3"], outcome.Pending);
            await doctor.FailsToGetAsync<RefusedException>(stored.Record);
        }
        await patient.Granting.FinishAsync(None);
        var summary = Assert.Single(await patient.Granting.ListAsync(None));
        Assert.Equal(("revoked", 3), (summary.State, summary.Receipts));
        await doctor.RefusedByTrusteesAsync(grant.Terms.Id, await patient.SealedAsync(stored.Record));
    }

    /// <summary>Stores that hold data fragments, which are asked first: so each of them is missed.</summary>
    private static async Task<string[]> StoresOfFirstFragmentsAsync(Person owner, StoredRecord stored, int count) =>
        [.. (await owner.FragmentsAsync(stored.Record)).Take(4).Select(fragment => fragment.Store).Distinct().Take(count)];

    private static async Task DamageAsync(Person owner, StoredRecord stored, string[] stores)
    {
        foreach (var (_, file) in (await owner.FragmentsAsync(stored.Record)).Where(fragment => stores.Contains(fragment.Store)))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            for (var at = 100; at < bytes.Length; at += 1000)
                bytes[at] ^= 0x10;
            await File.WriteAllBytesAsync(file, bytes);
        }
    }

    private static void AssertNames(string[] stores, IReadOnlyList<string> complaints)
    {
        var said = string.Join('\n', complaints);
        foreach (var store in SalusInstallation.StoreNames)
            Assert.True(said.Contains(store, StringComparison.Ordinal) == stores.Contains(store), $"{store}: {said}");
    }
}
