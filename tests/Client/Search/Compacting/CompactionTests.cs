using System.Net;
using Salus.Client.Search;
using Salus.Client.Search.Compacting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Search.Compacting;

public sealed class CompactionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task HitsAreTheSameAfterwards()
    {
        using var patient = await ManyAsync();
        string[] queries = ["asthma", "asthma cough", "any: cough fever", "fev*", "asthma -cough", "asthma from:hospital", "common rare", "number7", "any: rare asthma from:you"];
        var before = new List<IReadOnlyList<SearchHit>>();
        foreach (var query in queries)
            before.Add(await patient.FindAsync(query));
        Assert.All(before, hits => Assert.NotEmpty(hits));
        var done = await new Compaction(patient.Account).RunAllAsync(null, null, None);
        Assert.Equal(1, Assert.Single(done).Segments);
        var update = Assert.Single(patient.Cloud.Updates, update => update.Base is not null);
        Assert.Equal(patient.Cloud.Dictionaries.Keys, update.Added.Select(segment => segment.Id));
        for (var i = 0; i < queries.Length; i++)
            Same(before[i], await patient.FindAsync(queries[i]));
        // And for a device that has seen nothing of it.
        using var other = await patient.DeviceAsync("two", patient.Account.Keys);
        Same(before[0], await SearchedAccount.FindAsync(other, queries[0]));
        Assert.Empty(await new Compaction(patient.Account).RunAllAsync(null, null, None));
        // The sources go on where they were.
        await patient.AddAsync(patient.Hospital.Identity, "asthma");
        await patient.AddAsync(patient.Own, "asthma");
        Assert.Equal(before[0].Count + 2, (await patient.FindAsync("asthma")).Count);
    }

    [Fact]
    public async Task WordsOfDeletedRecordsAreDropped()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma alone", "asthma", "cough");
        patient.Delete(records[0]);
        var done = Assert.Single(await new Compaction(patient.Account).RunAllAsync("medical", null, None));
        Assert.Equal((1, 1, 2, 1), (done.Merged, done.Segments, done.Documents, done.Dropped));
        patient.Cloud.OnRequest = path => Assert.NotEqual(Paths.RecordLookup, path);
        Assert.Empty(await patient.FindAsync("alone"));
        patient.Cloud.OnRequest = _ => { };
        patient.Delete(records[1]);
        patient.Delete(records[2]);
        done = Assert.Single(await new Compaction(patient.Account).RunAllAsync("medical", null, None));
        Assert.Equal((1, 0, 0, 2), (done.Merged, done.Segments, done.Documents, done.Dropped));
        Assert.Empty(patient.Cloud.Dictionaries);
        Assert.Empty(await patient.FindAsync("asthma"));
    }

    [Fact]
    public async Task ARecordThatIsHiddenMeanwhileIsNotForgotten()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma", "asthma");
        patient.Cloud.Records.Remove(records[0]);
        var alarm = await Assert.ThrowsAsync<AlarmException>(() => new Compaction(patient.Account).RunAllAsync(null, null, None));
        Assert.Equal(AlarmKind.Withheld, alarm.Kind);
        Assert.Null(patient.Cloud.Updates.Single().Base);
    }

    [Fact]
    public async Task WhatAnotherSourceDidWrongIsTakenOutAndTheSourceNamed()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(patient.Own, "asthma");
        var bad = await SearchTests.LargeAsync(patient, patient.Hospital.Identity);
        foreach (var key in patient.Cloud.Blocks.Keys.Where(key => key.Segment == bad.Id).Take(200).ToArray())
            patient.Cloud.Blocks[key] = new byte[256];
        var never = await patient.BuildAsync(patient.Hospital.Identity, [(Identifier.Random<RecordId>(), "asthma")]);
        var foreign = await patient.BuildAsync(patient.Hospital.Identity, [(records[0], "asthma pneumonia")]);
        await patient.PublishAsync(patient.Hospital.Identity, bad, never, foreign);
        var compaction = new Compaction(patient.Account);
        var done = Assert.Single(await compaction.RunAllAsync(null, null, None));
        Assert.Equal((3, 1, 2, 1), (done.Merged, done.Segments, done.Documents, done.Dropped));
        Assert.Contains(compaction.Complaints, complaint => complaint.Contains("City Hospital", StringComparison.Ordinal));
        Assert.Empty(patient.Cloud.Updates.Single(update => update.Base is not null).Base!.Kept);
        Assert.Empty(await patient.FindAsync("pneumonia"));
        Assert.Equal(2, (await patient.FindAsync("asthma")).Count);
    }

    [Fact]
    public async Task WhatIsWithheldIsGivenUpOnlyWhenTheOwnerAsks()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(patient.Hospital.Identity, "asthma");
        var hidden = patient.Cloud.Updates[1].Added[0];
        var dictionary = patient.Cloud.Dictionaries[hidden.Id];
        patient.Cloud.Dictionaries.Remove(hidden.Id);
        await patient.AdvanceAsync();
        var due = new Compaction(patient.Account);
        await due.RunDueAsync(["medical"], None);
        Assert.NotEmpty(due.Complaints);
        Assert.Equal([hidden.Id], patient.Cloud.Updates.Single(update => update.Base is not null).Base!.Kept.Select(segment => segment.Id));
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => patient.FindAsync("asthma"))).Kind);
        patient.Cloud.Dictionaries[hidden.Id] = dictionary;
        Assert.Equal(2, (await patient.FindAsync("asthma")).Count);
        patient.Cloud.Dictionaries.Remove(hidden.Id);
        Directory.Delete(patient.Account.Profile.Index, recursive: true);
        await new Compaction(patient.Account).RunAllAsync(null, null, None);
        Assert.Single(await patient.FindAsync("asthma"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusedUpdatesArePassedAndTheAlarmEnds(bool isDue)
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var eve = SigningKey.Generate();
        var records = await patient.AddAsync(patient.Own, "asthma");
        var theirs = await patient.AddAsync(patient.Hospital.Identity, "asthma");
        // An hour that the deposit grant does not have, and somebody who has none.
        var late = await patient.BuildAsync(patient.Hospital.Identity, [(theirs[0], "cough")]);
        patient.Cloud.Updates.Add(IndexUpdate.Create(patient.Hospital.Identity, patient.Account.Id, patient.Partition.Id, patient.Cloud.Updates[^1].Head,
            patient.Clock.GetUtcNow().AddDays(-3), [late]));
        await patient.AddAsync(eve, "asthma");
        await Assert.ThrowsAsync<AlarmException>(() => patient.FindAsync("asthma"));
        var compaction = new Compaction(patient.Account);
        if (isDue)
            await compaction.RunDueAsync(["medical"], None);
        else
            await compaction.RunAllAsync(null, null, None);
        Assert.Contains(compaction.Complaints, complaint => complaint.Contains("City Hospital", StringComparison.Ordinal));
        Assert.Contains(compaction.Complaints, complaint => complaint.Contains(eve.PublicKey.Account.ToString(), StringComparison.Ordinal));
        Assert.Equal(records.Concat(theirs).OrderBy(record => record.Value), (await patient.FindAsync("asthma")).Select(hit => hit.Record).OrderBy(record => record.Value));
        // The hospital goes on after it.
        await patient.AddAsync(patient.Hospital.Identity, "asthma");
        Assert.Equal(3, (await patient.FindAsync("asthma")).Count);
    }

    [Fact]
    public async Task MoreSegmentsThanABaseKeepsAreNoMistakeOfTheProgram()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        await patient.AdvanceAsync();
        var large = await patient.BuildAsync(patient.Own, [(Identifier.Random<RecordId>(), "asthma")]) with { Blocks = Limits.MaxSegmentBlocks };
        for (var i = 0; i <= Limits.MaxKeptSegments; i += Limits.MaxAddedSegments)
            await patient.PublishAsync(patient.Own, [.. Enumerable.Range(0, Limits.MaxAddedSegments).Select(_ => large with { Id = Identifier.Random<SegmentId>() })]);
        await Assert.ThrowsAsync<CannotException>(() => new Compaction(patient.Account).RunDueAsync(["medical"], None));
        Assert.DoesNotContain(patient.Cloud.Updates, update => update.Base is not null);
    }

    [Fact]
    public async Task AnotherDeviceMergingMeanwhileIsNoAlarm()
    {
        using var patient = await ManyAsync();
        var before = await patient.FindAsync("any: asthma rare");
        using var other = await patient.DeviceAsync("two", patient.Account.Keys);
        var moved = false;
        patient.Cloud.OnRequest = path =>
        {
            if (moved || path != Paths.IndexBlocks)
                return;
            moved = true;
            new Compaction(other).RunAllAsync(null, null, None).GetAwaiter().GetResult();
        };
        Assert.Empty(await new Compaction(patient.Account).RunAllAsync(null, null, None));
        Assert.True(moved);
        Same(before, await patient.FindAsync("any: asthma rare"));
    }

    [Fact]
    public async Task SegmentsOfOlderEpochsAreSealedUnderTheHead()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        await patient.AdvanceAsync();
        await new Compaction(patient.Account).RunDueAsync(["medical"], None);
        Assert.Equal(patient.Partition.Head.Epoch, patient.Cloud.Updates.Single(update => update.Base is not null).Added.Single().Epoch);
        Assert.Equal(records, (await patient.FindAsync("asthma")).Select(hit => hit.Record));
    }

    [Fact]
    public async Task OnlyWhatIsDueIsDone()
    {
        using var patient = await SearchedAccount.CreateAsync();
        for (var i = 0; i < CompactionPlan.MaxSmall + 4; i++)
        {
            await patient.AddAsync(patient.Own, $"asthma {i}");
            await patient.FindAsync("asthma");
            await new Compaction(patient.Account).RunIfDueAsync(["medical"], None);
        }
        Assert.Equal(CompactionPlan.MaxSmall + 4, (await patient.FindAsync("asthma")).Count);
        Assert.InRange(patient.Cloud.Dictionaries.Count, 1, CompactionPlan.MaxSmall);
        Assert.Single(patient.Cloud.Updates, update => update.Base is not null);
    }

    [Fact]
    public async Task ADeviceThatWasFirstIsTakenIn()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(patient.Own, "asthma");
        var raced = false;
        patient.Cloud.OnRequest = path =>
        {
            if (raced || !path.EndsWith("/dictionary", StringComparison.Ordinal) || patient.Cloud.Dictionaries.Count < 2)
                return;
            raced = true;
            // Two of another device's while this one merges.
            patient.AddAsync(patient.Own, "asthma").GetAwaiter().GetResult();
            patient.AddAsync(patient.Hospital.Identity, "asthma").GetAwaiter().GetResult();
        };
        var done = Assert.Single(await new Compaction(patient.Account).RunAllAsync(null, null, None));
        Assert.True(raced);
        Assert.Equal(2, done.Merged);
        Assert.Equal(4, (await patient.FindAsync("asthma")).Count);
    }

    [Fact]
    public async Task CutShortAnywhereItLosesNothingAndDoublesNothing()
    {
        using var patient = await ManyAsync();
        var before = await patient.FindAsync("any: asthma rare");
        for (var requests = 0; ; requests++)
        {
            var left = requests;
            // The process ends with the request under way: half of the times the cloud has had it.
            patient.Cloud.OnRequest = path => _ = left-- == 0 ? throw new KilledException() : 0;
            var isDone = true;
            try
            {
                await new Compaction(patient.Account).RunAllAsync(null, null, None);
            }
            catch (KilledException)
            {
                isDone = false;
            }
            patient.Cloud.OnRequest = _ => { };
            Same(before, await patient.FindAsync("any: asthma rare"));
            if (isDone)
                break;
        }
        Assert.Empty(Directory.GetFiles(Path.Combine(patient.Account.Profile.Folder, "compaction")));
        Assert.Single(patient.Cloud.Updates, update => update.Base is not null);
    }

    [Fact]
    public async Task ABaseThatWasTakenBeforeTheKillIsNotMadeTwice()
    {
        using var patient = await ManyAsync();
        var before = await patient.FindAsync("any: asthma rare");
        patient.Cloud.AfterRequest = path => _ = path == Paths.IndexUpdates && patient.Cloud.Updates.Any(update => update.Base is not null) ? throw new KilledException() : 0;
        await Assert.ThrowsAsync<KilledException>(() => new Compaction(patient.Account).RunAllAsync(null, null, None));
        patient.Cloud.AfterRequest = _ => { };
        Same(before, await patient.FindAsync("any: asthma rare"));
        Assert.Empty(await new Compaction(patient.Account).RunAllAsync(null, null, None));
        Same(before, await patient.FindAsync("any: asthma rare"));
    }

    [Fact]
    public async Task TwoCommandsDoNotMergeAtOnce()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var held = Client.Uploads.OutboxLock.Take(patient.Account.Profile.Outbox);
        await Assert.ThrowsAsync<CannotException>(() => new Compaction(patient.Account).RunAllAsync(null, null, None));
        Assert.Empty(await new Compaction(patient.Account).RunDueAsync(["medical"], None));
    }

    private static async Task<SearchedAccount> ManyAsync()
    {
        var patient = await SearchedAccount.CreateAsync();
        for (var i = 0; i < 6; i++)
            await patient.AddAsync(i % 2 == 0 ? patient.Own : patient.Hospital.Identity, "asthma asthma", $"asthma and cough {i}", "fever", "feverish cough");
        await patient.PublishAsync(patient.Own, await SearchTests.LargeAsync(patient));
        await patient.PublishAsync(patient.Hospital.Identity, await SearchTests.LargeAsync(patient, patient.Hospital.Identity));
        return patient;
    }

    private static void Same(IReadOnlyList<SearchHit> before, IReadOnlyList<SearchHit> after)
    {
        Assert.Equal(before.Select(hit => (hit.Record, hit.Source)), after.Select(hit => (hit.Record, hit.Source)));
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-12));
    }

    private sealed class KilledException : Exception;
}
