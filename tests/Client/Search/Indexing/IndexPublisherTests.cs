using System.Net;
using Salus.Client.Accounts;
using Salus.Client.Deposits;
using Salus.Client.Search.Indexing;
using Salus.Client.Uploads;
using Salus.Health.Keywords;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Client.Tests.Search.Indexing;

/// <summary>What was staged is in the index when the signed chain says so, and never because a cloud does.</summary>
public sealed class IndexPublisherTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private PlannedIndex? _kept;

    [Fact]
    public async Task ASegmentThatWasNeverSentIsNotTakenForEntered()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var index = await StageAsync(patient);
        patient.Cloud.Instead = (method, _) => method == HttpMethod.Put ? MemoryCloud.Problem(HttpStatusCode.Conflict) : null;
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => PublishAsync(patient, index))).Kind);
        Assert.Null(_kept);
        patient.Cloud.Instead = (_, _) => null;
        Assert.True(await PublishAsync(patient, index));
        Assert.Single(patient.Cloud.Updates);
    }

    /// <summary>The cloud takes no update, and says that the segment is in the index, or its identifier used.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EnteredWithoutTheUpdateIsWithheld(bool isByState)
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        var index = await SignedAsync(patient);
        await patient.AddAsync(patient.Own, "cough");
        patient.Cloud.Dictionaries.Remove(IdOf(index));
        patient.Cloud.Instead = (method, path) =>
            isByState && method == HttpMethod.Get && path.EndsWith(index.Segments[0].Segment, StringComparison.Ordinal) ? MemoryCloud.Json(new SegmentUpload(1, 0, true))
            : method == HttpMethod.Put ? MemoryCloud.Problem(HttpStatusCode.Conflict)
            : null;
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => PublishAsync(patient, index))).Kind);
        // What waits is entered as soon as the cloud is honest, although what was staged is swept.
        patient.Cloud.Instead = (_, _) => null;
        Assert.True(await PublishAsync(patient, index));
        Assert.Equal([1L, 2, 3], patient.Cloud.Updates.Select(update => update.Sequence));
        Assert.Equal(_kept!.Update, patient.Cloud.Updates[2].Signed);
    }

    [Fact]
    public async Task AnUpdateWhoseAnswerWasLostCannotBeHiddenAfterwards()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var index = await LostAsync(patient);
        Assert.Empty(patient.Account.State.Content.IndexHeads);
        Assert.True(await PublishAsync(patient, index));
        Assert.Single(patient.Cloud.Updates);
        patient.Cloud.Updates.Clear();
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => patient.FindAsync("asthma"))).Kind);
    }

    /// <summary>Another device went on behind it, and a segment of it is swept.</summary>
    [Fact]
    public async Task AnUpdateInTheChainIsEnteredWhateverBecameOfItsSegments()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var index = await LostAsync(patient);
        var next = await patient.PublishAsync(patient.Own, await patient.BuildAsync(patient.Own, [(Identifier.Random<RecordId>(), "cough")]));
        patient.Cloud.Dictionaries.Remove(IdOf(index));
        Assert.True(await PublishAsync(patient, index));
        Assert.Equal(2, patient.Cloud.Updates.Count);
        Assert.DoesNotContain(IdOf(index), patient.Cloud.Dictionaries.Keys);
        Assert.Equal(next.Hash, Assert.Single(patient.Account.State.Content.IndexHeads).Value.Hash);
    }

    [Fact]
    public async Task AnUpdateRightUnderABaseIsEnteredAndAnotherInItsPlaceIsNot()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var entered = await LostAsync(patient);
        Base(patient);
        Assert.True(await PublishAsync(patient, entered));
        Assert.Single(patient.Cloud.Updates);

        // The other device took the place, and merged at once.
        var late = await SignedAsync(patient);
        await patient.AddAsync(patient.Own, "cough");
        Base(patient);
        Assert.True(await PublishAsync(patient, late));
        Assert.Equal(2, patient.Cloud.Updates.Count);
        Assert.Contains(patient.Cloud.Updates[1].Added, segment => segment.Id == IdOf(late));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UnderALaterBaseNothingIsDoubledAndNothingIsClaimedThatNobodyShows(bool isKept)
    {
        using var patient = await SearchedAccount.CreateAsync();
        var index = await LostAsync(patient);
        var info = patient.Cloud.Updates[0].Added[0];
        await patient.AddAsync(patient.Own, "cough");
        Base(patient, isKept ? [info] : []);
        patient.Cloud.Dictionaries.Remove(info.Id);
        Assert.Equal(isKept, await PublishAsync(patient, index));
        Assert.Single(patient.Cloud.Updates);
        Assert.DoesNotContain(info.Id, patient.Cloud.Dictionaries.Keys);
    }

    [Fact]
    public async Task AForkOrAGapInTheOwnChainIsCaught()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var index = await SignedAsync(patient);
        for (var i = 0; i < 3; i++)
            await patient.AddAsync(patient.Own, "asthma");
        var all = patient.Cloud.Updates.ToArray();
        patient.Cloud.Updates.Remove(all[1]);
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => PublishAsync(patient, index))).Kind);
        patient.Cloud.Updates[1] = IndexUpdate.Create(patient.Own, patient.Account.Id, patient.Partition.Id, all[0].Head, patient.Clock.GetUtcNow().AddHours(1), all[1].Added);
        patient.Cloud.Updates.Add(all[1]);
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => PublishAsync(patient, index))).Kind);
    }

    [Fact]
    public async Task ADepositorGoesByItsLastUpdate()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var hospital = await patient.DeviceAsync("hospital", patient.Hospital);
        var index = await LostAsync(patient, hospital);
        await patient.AddAsync(patient.Hospital.Identity, "cough");
        // As the cloud shows a depositor its own.
        patient.Cloud.Updates.RemoveAt(0);
        Assert.True(await PublishAsync(hospital, index));
        Assert.Single(patient.Cloud.Updates);
        await patient.AddAsync(patient.Hospital.Identity, "fever");
        patient.Cloud.Updates.RemoveAt(0);
        patient.Cloud.Instead = (method, path) =>
            method == HttpMethod.Get && path.EndsWith(index.Segments[0].Segment, StringComparison.Ordinal) ? MemoryCloud.Json(new SegmentUpload(1, 0, true)) : null;
        Assert.False(await PublishAsync(hospital, index));
        Assert.Single(patient.Cloud.Updates);
    }

    [Fact]
    public async Task AnUpdateThatHasGrownTooOldIsSignedAnewAndEnteredOnce()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var hospital = await patient.DeviceAsync("hospital", patient.Hospital);
        patient.Cloud.Clock = patient.Clock;
        var old = await SignedAsync(patient, hospital);
        patient.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await PublishAsync(hospital, old));
        Assert.NotEqual(old.Update, _kept!.Update);
        Assert.True(await PublishAsync(hospital, _kept));
        Assert.Equal(_kept.Update, Assert.Single(patient.Cloud.Updates).Signed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AListWithoutAnEndIsCaught(bool isRepeated)
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        var pages = 0;
        patient.Cloud.Instead = (method, path) => method != HttpMethod.Get || path != Paths.IndexUpdates ? null
            : MemoryCloud.Json(isRepeated ? new IndexUpdatePage([patient.Cloud.Updates[0].Signed], "1") : new IndexUpdatePage([], $"{++pages}"));
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => patient.FindAsync("asthma")).WaitAsync(TimeSpan.FromSeconds(30), None)).Kind);
        var index = await StageAsync(patient);
        Assert.Equal(AlarmKind.Integrity, (await Assert.ThrowsAsync<AlarmException>(() => PublishAsync(patient, index)).WaitAsync(TimeSpan.FromSeconds(30), None)).Kind);
        // The first page is the last: a search looks twice, a writer once.
        Assert.Equal(isRepeated ? 0 : 3, pages);
    }

    public void Dispose() => _folder.Dispose();

    private static SegmentId IdOf(PlannedIndex index) =>
        Identifier.TryParse<SegmentId>(index.Segments[0].Segment, out var id) ? id : throw new InvalidOperationException(index.Segments[0].Segment);

    private Task<PlannedIndex> StageAsync(SearchedAccount patient) => StageAsync(patient, patient.Account);

    private async Task<PlannedIndex> StageAsync(SearchedAccount patient, Account source)
    {
        var stage = new IndexStage(source.Keys.Identity.PublicKey, new WriteTarget(patient.Account.Id, "medical", patient.Partition.Head), _folder.Path);
        await stage.AddAsync(Identifier.Random<RecordId>(), [new DocumentTerms(DocumentTerms.Whole, [new("w:asthma", 1)], 1)], None);
        return Assert.Single(await stage.FinishAsync(None));
    }

    private Task<bool> PublishAsync(SearchedAccount patient, PlannedIndex index) => PublishAsync(patient.Account, index);

    private Task<bool> PublishAsync(Account account, PlannedIndex index) => new IndexPublisher(account).PublishAsync(index, _folder.Path, kept =>
    {
        _kept = kept;
        return Task.CompletedTask;
    }, None);

    /// <summary>Signed and kept, and then the connection broke: nothing was sent.</summary>
    private Task<PlannedIndex> SignedAsync(SearchedAccount patient) => SignedAsync(patient, patient.Account);

    private async Task<PlannedIndex> SignedAsync(SearchedAccount patient, Account source)
    {
        _kept = null;
        patient.Cloud.OnRequest = Break;
        await Assert.ThrowsAsync<UnreachableException>(async () => await PublishAsync(source, await StageAsync(patient, source)));
        patient.Cloud.OnRequest = _ => { };
        return _kept!;
    }

    /// <summary>Sent and taken, and the answer was lost.</summary>
    private Task<PlannedIndex> LostAsync(SearchedAccount patient) => LostAsync(patient, patient.Account);

    private async Task<PlannedIndex> LostAsync(SearchedAccount patient, Account source)
    {
        var before = patient.Cloud.Updates.Count;
        _kept = null;
        patient.Cloud.AfterRequest = Break;
        await Assert.ThrowsAsync<UnreachableException>(async () => await PublishAsync(source, await StageAsync(patient, source)));
        patient.Cloud.AfterRequest = _ => { };
        Assert.Equal(before + 1, patient.Cloud.Updates.Count);
        return _kept!;
    }

    private void Break(string path)
    {
        if (path == Paths.IndexUpdates && _kept is not null)
            throw new HttpRequestException("gone");
    }

    /// <summary>The owner's base in the place of everything.</summary>
    private static void Base(SearchedAccount patient, params SegmentInfo[] kept)
    {
        var update = IndexUpdate.Create(patient.Own, patient.Account.Id, patient.Partition.Id, patient.Cloud.Updates[^1].Head, patient.Clock.GetUtcNow(), [], new IndexBase([], kept));
        patient.Cloud.Updates.Clear();
        patient.Cloud.Updates.Add(update);
        patient.Cloud.Dictionaries.Clear();
    }
}
