using Salus.Client.Deposits;
using Salus.Client.Search.Indexing;
using Salus.Client.Uploads;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Client.Tests.Search.Indexing;

public sealed class IndexPublisherTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AnUpdateThatHasGrownTooOldIsSignedAnewAndEnteredOnce()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var folder = new TemporaryFolder();
        var hospital = await patient.DeviceAsync("hospital", patient.Hospital);
        patient.Cloud.Clock = patient.Clock;
        var stage = new IndexStage(patient.Hospital.Identity.PublicKey, new WriteTarget(patient.Account.Id, "medical", patient.Partition.Head), folder.Path);
        var record = await patient.AddRecordAsync(patient.Hospital.Identity);
        await stage.AddAsync(record, [], None);
        var planned = Assert.Single(await stage.FinishAsync(None));
        // The process ends with the update kept and not sent.
        patient.Cloud.OnRequest = path => _ = path == Salus.Protocol.Http.Paths.IndexUpdates && planned.Update is not null ? throw new KilledException() : 0;
        Task KeepAsync(PlannedIndex index) => Task.FromResult(planned = index);
        await Assert.ThrowsAsync<KilledException>(() => new IndexPublisher(hospital).PublishAsync(planned, folder.Path, KeepAsync, None));
        patient.Cloud.OnRequest = _ => { };
        var old = planned.Update;
        patient.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await new IndexPublisher(hospital).PublishAsync(planned, folder.Path, KeepAsync, None));
        Assert.NotEqual(old, planned.Update);
        Assert.True(await new IndexPublisher(hospital).PublishAsync(planned, folder.Path, KeepAsync, None));
        Assert.Equal(planned.Update, Assert.Single(patient.Cloud.Updates).Signed);
    }

    [Fact]
    public async Task ACloudThatSaysItHasWordsThatWereNeverSentIsNotBelieved()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var folder = new TemporaryFolder();
        var stage = new IndexStage(patient.Account.Keys.Identity.PublicKey, new WriteTarget(patient.Account.Id, "medical", patient.Partition.Head), folder.Path);
        await stage.AddAsync(await patient.AddRecordAsync(patient.Own), [], None);
        var planned = Assert.Single(await stage.FinishAsync(None));
        patient.Cloud.OnRequest = path => _ = path.EndsWith("/dictionary", StringComparison.Ordinal) ? throw new RefusedException(Salus.Protocol.Http.Problems.Conflict, "There is one.", "cloud") : 0;
        var publishing = new IndexPublisher(patient.Account).PublishAsync(planned, folder.Path, index => Task.FromResult(planned = index), None);
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => publishing)).Kind);
        Assert.Empty(patient.Cloud.Updates);
    }

    private sealed class KilledException : Exception;
}
