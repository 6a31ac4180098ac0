using Salus.Client;
using Salus.Protocol.Http;

namespace Salus.EndToEnd.Tests;

/// <summary>Grants outside their time, other people's grants, and requests that were made before.</summary>
public class RefusalTests(SalusInstallation salus)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task AnExpiredGrantOpensNothing()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        var sealedRecord = await patient.SealedAsync(stored.Record);
        var until = Now + TimeSpan.FromSeconds(6);
        var grant = await patient.ShareAsync(doctor, ["medical"], until: until);
        while (Now <= until)
            await Task.Delay(50);
        await doctor.FailsToGetAsync<RefusedException>(stored.Record);
        Assert.Empty(await doctor.SharedAsync());
        await doctor.RefusedByCloudAsync(sealedRecord);
        await doctor.RefusedByTrusteesAsync(grant.Terms.Id, sealedRecord);
        Assert.Equal("expired", Assert.Single(await patient.Granting.ListAsync(None)).State);
    }

    [Fact]
    public async Task AGrantFromTomorrowOpensNothingToday()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        var sealedRecord = await patient.SealedAsync(stored.Record);
        var grant = await patient.ShareAsync(doctor, ["medical"], from: Now + TimeSpan.FromDays(1), until: Now + TimeSpan.FromDays(2));
        await doctor.FailsToGetAsync<RefusedException>(stored.Record);
        Assert.Empty(await doctor.SharedAsync());
        await doctor.RefusedByCloudAsync(sealedRecord);
        await doctor.RefusedByTrusteesAsync(grant.Terms.Id, sealedRecord);
        Assert.Equal("not yet", Assert.Single(await patient.Granting.ListAsync(None)).State);
    }

    [Fact]
    public async Task SomebodyElsesGrantOpensNothing()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        using var third = await Person.RegisterAsync(salus, "third");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        var sealedRecord = await patient.SealedAsync(stored.Record);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        await third.FailsToGetAsync<RefusedException>(stored.Record);
        await third.RefusedByCloudAsync(sealedRecord);
        await third.RefusedByTrusteesAsync(grant.Terms.Id, sealedRecord);
        // Nor can the third end it.
        await Assert.ThrowsAsync<CannotException>(() => third.Granting.RevokeAsync(grant.Terms.Id, None));
        Assert.Single(await doctor.SharedAsync());
    }

    [Fact]
    public async Task ATrusteeAnswersARequestOnceAndOnlyItsOwn()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var stored = await patient.PutAsync(Extensions.RandomBytes(1000));
        var sealedRecord = await patient.SealedAsync(stored.Record);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        var (one, two) = (doctor.Account.Trustees[0], doctor.Account.Trustees[1]);

        var request = await doctor.RequestAsync(one, grant.Terms.Id, sealedRecord);
        Assert.True(request.TryDecodeAnswer(await one.ReencryptAsync(request, None), out var cfrags));
        Assert.NotNull(Assert.Single(cfrags));
        Assert.Equal(Problems.Replayed, (await Assert.ThrowsAsync<RefusedException>(() => one.ReencryptAsync(request, None))).Code);
        Assert.Equal(Problems.Misdirected, (await Assert.ThrowsAsync<RefusedException>(() => two.ReencryptAsync(request, None))).Code);

        // Made before the revocation, sent after it.
        var kept = await doctor.RequestAsync(one, grant.Terms.Id, sealedRecord);
        await patient.Granting.RevokeAsync(grant.Terms.Id, None);
        Assert.Equal(Problems.Replayed, (await Assert.ThrowsAsync<RefusedException>(() => one.ReencryptAsync(request, None))).Code);
        Assert.Equal(Problems.NotGranted, (await Assert.ThrowsAsync<RefusedException>(() => one.ReencryptAsync(kept, None))).Code);
    }

    [Fact]
    public async Task ARequestWithAnotherTimeThanTheTrusteesIsRefused()
    {
        using var patient = await Person.RegisterAsync(salus, "patient");
        using var doctor = await Person.RegisterAsync(salus, "doctor");
        var sealedRecord = await patient.SealedAsync((await patient.PutAsync(Extensions.RandomBytes(1000))).Record);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        var context = sealedRecord.Header.Context;
        foreach (var skew in new[] { TimeSpan.FromMinutes(-6), TimeSpan.FromMinutes(6) })
        {
            var trustee = doctor.Account.Trustees[2];
            var request = Protocol.ReencryptionRequest.Create(doctor.Account.Keys.Identity, trustee.Key, grant.Terms.Id, context.Owner, context.Partition, context.Epoch,
                Now + skew, [new Protocol.ReencryptionItem(context.Record, sealedRecord.Header.Capsule)], []);
            Assert.Equal(Problems.ClockSkew, (await Assert.ThrowsAsync<RefusedException>(() => trustee.ReencryptAsync(request, None))).Code);
        }
    }
}
