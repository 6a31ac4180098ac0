using System.Net;
using Salus.Client.Deposits;
using Salus.Client.Records;
using Salus.Client.Search.Indexing;
using Salus.Client.Uploads;
using Salus.Crypto.Dispersal;
using Salus.Health.Keywords;
using Salus.Protocol;

namespace Salus.Client.Tests.Search.Indexing;

/// <summary>A record is stored when the catalogue has it. Words that the cloud does not take then wait in the outbox, and keep nothing else from going on.</summary>
public sealed class WaitingWordsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(HttpStatusCode.InsufficientStorage)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(null)]
    public async Task ARecordIsStoredThoughTheCloudDoesNotTakeItsWords(HttpStatusCode? refusal)
    {
        using var patient = await SearchedAccount.CreateAsync();
        var plan = await PlanAsync(patient);
        var store = new RecordStore(patient.Account);
        patient.Cloud.Instead = (_, path) => !path.StartsWith("/v1/index/", StringComparison.Ordinal) ? null
            : refusal is { } status ? MemoryCloud.Problem(status) : throw new HttpRequestException("gone");
        var stored = await store.StoreAsync(plan, 10, null, None);
        Assert.False(stored.IsSearchable);
        Assert.NotNull(stored.Waiting);
        Assert.Equal(stored.Record, Assert.Single(patient.Cloud.Records).Key);
        Assert.Equal(1u, patient.Account.State.Content.Records[plan.Record]);
        var kept = Assert.Single(await new Outbox(patient.Account).PlansAsync());
        Assert.True(kept.IsPublished);
        Assert.Single(kept.Index);

        patient.Cloud.Instead = (_, _) => null;
        var (records, failures) = await store.ResumeAsync(null, None);
        Assert.True(Assert.Single(records).IsSearchable);
        Assert.Empty(failures);
        Assert.Equal(0, store.Unfinished);
        Assert.Equal(stored.Record, Assert.Single(await patient.FindAsync("asthma")).Record);
    }

    [Fact]
    public async Task OneThatFailsKeepsNoOtherFromGoingOn()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var plans = new List<UploadPlan>();
        for (var i = 0; i < 3; i++)
            plans.Add(await PlanAsync(patient));
        var store = new RecordStore(patient.Account);
        var refused = 0;
        patient.Cloud.Instead = (method, path) => method == HttpMethod.Post && path == Protocol.Http.Paths.Records && refused++ == 0 ? MemoryCloud.Problem(HttpStatusCode.InsufficientStorage) : null;
        var (records, failures) = await store.ResumeAsync(null, None);
        Assert.Equal(2, records.Count);
        Assert.Contains("still waits", Assert.Single(failures), StringComparison.Ordinal);
        Assert.Equal(1, store.Unfinished);
        Assert.Single((await store.ResumeAsync(null, None)).Records);
        Assert.Equal(plans.Count, patient.Cloud.Updates.Count);
    }

    [Fact]
    public async Task AnAlarmIsRaisedWhenTheOthersAreThrough()
    {
        using var patient = await SearchedAccount.CreateAsync();
        for (var i = 0; i < 3; i++)
            await PlanAsync(patient);
        var store = new RecordStore(patient.Account);
        var refused = 0;
        patient.Cloud.Instead = (method, _) => method == HttpMethod.Put && refused++ == 0 ? MemoryCloud.Problem(HttpStatusCode.Conflict) : null;
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => store.ResumeAsync(null, None))).Kind);
        Assert.Equal(3, patient.Cloud.Records.Count);
        Assert.Equal(2, patient.Cloud.Updates.Count);
        Assert.Equal(1, store.Unfinished);
    }

    [Fact]
    public async Task AnImportsWordsWaitWithItsJournal()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var outbox = new Outbox(patient.Account);
        var (one, two) = (await IndexAsync(patient, Identifier.Random<RecordId>(), outbox.SegmentsOf("i")), await IndexAsync(patient, Identifier.Random<RecordId>(), outbox.SegmentsOf("i")));
        await outbox.SaveAsync(new ImportJournal("i", patient.Account.Id.ToString(), new PlanSource("/f", 1, DateTimeOffset.UnixEpoch), [], [.. one, .. two]));
        var store = new RecordStore(patient.Account);
        var sent = 0;
        patient.Cloud.Instead = (method, _) => method == HttpMethod.Put && ++sent == 2 ? MemoryCloud.Problem(HttpStatusCode.InsufficientStorage) : null;
        Assert.Single((await store.ResumeAsync(null, None)).Failures);
        Assert.Single(patient.Cloud.Updates);
        Assert.Equal(two[0].Segments[0].Segment, Assert.Single(Assert.Single(await outbox.JournalsAsync()).Index).Segments[0].Segment);
        Assert.Empty((await store.ResumeAsync(null, None)).Failures);
        Assert.Equal(2, patient.Cloud.Updates.Count);
        Assert.Empty(await outbox.JournalsAsync());
    }

    /// <summary>The records cannot be read here: each that is looked into is complained of, and the others count as indexed, or wait in the outbox.</summary>
    [Fact]
    public async Task AnothersWordForARecordIsNotTakenForItsIndex()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var indexed = await patient.AddAsync(patient.Own, "asthma");
        var theirs = await patient.AddAsync(patient.Hospital.Identity, "asthma");
        var robbed = await patient.AddRecordAsync(patient.Own);
        await patient.PublishAsync(patient.Hospital.Identity, await patient.BuildAsync(patient.Hospital.Identity, [(robbed, "asthma")]));
        var plan = await PlanAsync(patient);
        patient.Cloud.Instead = (method, _) => method == HttpMethod.Put ? MemoryCloud.Problem(HttpStatusCode.InsufficientStorage) : null;
        await new RecordStore(patient.Account).StoreAsync(plan, 10, null, None);
        patient.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("abcdefgh", out var key));
        var outcome = await new Reindexing(patient.Account).RunAsync(() => key!, null, None);
        Assert.Empty(outcome.Records);
        Assert.Contains(outcome.Complaints, complaint => complaint.Contains($"{robbed}", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Complaints, complaint => indexed.Concat(theirs).Any(record => complaint.Contains($"note {record}", StringComparison.Ordinal)));
        Assert.DoesNotContain(outcome.Complaints, complaint => complaint.Contains($"note {plan.Record}", StringComparison.Ordinal));
        Assert.Equal(1, new RecordStore(patient.Account).Unfinished);
    }

    /// <summary>A sealed record whose fragments are stored already, with its words.</summary>
    private static async Task<UploadPlan> PlanAsync(SearchedAccount patient)
    {
        var id = await patient.AddRecordAsync(patient.Own);
        Assert.True(patient.Cloud.Records.Remove(id, out var record));
        var outbox = new Outbox(patient.Account);
        outbox.Stage(id);
        var plan = new UploadPlan(id.ToString(), patient.Account.Id.ToString(), "medical", record.Signed, record.SealedMetadata, 4, [],
            new PlanSource($"/{id}", 10, DateTimeOffset.UnixEpoch), null, await IndexAsync(patient, id, outbox.SegmentsOf(id)), false);
        await outbox.SaveAsync(plan);
        return plan;
    }

    private static async Task<IReadOnlyList<PlannedIndex>> IndexAsync(SearchedAccount patient, RecordId record, string folder)
    {
        var stage = new IndexStage(patient.Own.PublicKey, new WriteTarget(patient.Account.Id, "medical", patient.Partition.Head), folder);
        await stage.AddAsync(record, [new DocumentTerms(DocumentTerms.Whole, [new("w:asthma", 1)], 1)], None);
        return await stage.FinishAsync(None);
    }
}
