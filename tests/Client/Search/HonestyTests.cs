using Salus.Crypto.Search;
using Salus.Protocol;

namespace Salus.Client.Tests.Search;

/// <summary>A cloud that hides, adds, swaps, repeats and alters. The right alarm every time, "withheld" where something is missing, and never "nothing found".</summary>
public sealed class HonestyTests
{
    [Fact]
    public async Task ABlockThatIsNotHandedOutIsWithheld()
    {
        using var patient = await LargeAsync();
        patient.Cloud.ChangeBlocks = answer => [0, .. answer.AsSpan(1 + BlockSize.Sealed)];
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "common rare"));
        patient.Cloud.ChangeBlocks = answer => [.. Enumerable.Repeat((byte)0, answer.Length / (1 + BlockSize.Sealed))];
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "rare"));
        patient.Cloud.ChangeBlocks = answer => answer;
        Assert.NotEmpty(await patient.FindAsync("rare"));
    }

    [Theory]
    [InlineData("added")]
    [InlineData("cut short")]
    [InlineData("altered")]
    [InlineData("swapped")]
    [InlineData("repeated")]
    [InlineData("neither there nor not")]
    public async Task BlocksThatAreNotThoseUploadedAreCaught(string what)
    {
        const int Size = 1 + BlockSize.Sealed;
        using var patient = await LargeAsync();
        byte[] earlier = [];
        patient.Cloud.ChangeBlocks = answer => earlier = answer;
        await patient.FindAsync("rare");
        patient.Cloud.ChangeBlocks = answer =>
        {
            switch (what)
            {
                case "added":
                    return [.. answer, .. answer.AsSpan(0, Size)];
                case "cut short":
                    return answer[..^1];
                case "altered":
                    answer[Size / 2] ^= 1;
                    return answer;
                case "swapped":
                    return [.. answer.AsSpan(Size, Size), .. answer.AsSpan(0, Size), .. answer.AsSpan(2 * Size)];
                case "repeated":
                    return [.. earlier.AsSpan(0, Size), .. answer.AsSpan(Size)];
                default:
                    answer[0] = 2;
                    return answer;
            }
        };
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "common rare"));
    }

    [Fact]
    public async Task AHiddenSegmentIsWithheld()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(patient.Own, "cough");
        patient.Cloud.Dictionaries.Remove(patient.Cloud.Updates[0].Added[0].Id);
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "asthma"));
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "pneumonia"));
    }

    [Fact]
    public async Task HiddenUpdatesAreWithheld()
    {
        using var patient = await SearchedAccount.CreateAsync();
        for (var i = 0; i < 5; i++)
            await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(patient.Hospital.Identity, "asthma");
        Assert.Equal(6, (await patient.FindAsync("asthma")).Count);
        var all = patient.Cloud.Updates.ToArray();
        foreach (var hidden in all)
        {
            patient.Cloud.Updates.Remove(hidden);
            Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "asthma"));
            patient.Cloud.Updates.Clear();
            patient.Cloud.Updates.AddRange(all);
        }
        patient.Cloud.Updates.Clear();
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "asthma"));
        // A device that has seen nothing notices what is missing in between.
        using var other = await patient.DeviceAsync("two", patient.Account.Keys);
        patient.Cloud.Updates.AddRange(all.Where((_, i) => i != 2));
        Assert.Equal(AlarmKind.Withheld, (await Assert.ThrowsAsync<AlarmException>(() => SearchedAccount.FindAsync(other, "asthma"))).Kind);
    }

    [Fact]
    public async Task AForkedChainIsCaught()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        var first = patient.Cloud.Updates.Single();
        await patient.AddAsync(patient.Own, "asthma");
        await patient.FindAsync("asthma");
        var second = patient.Cloud.Updates[1];
        // Another second update by the owner's own key, as a device that was told another story would make it.
        patient.Cloud.Updates[1] = IndexUpdate.Create(patient.Own, patient.Account.Id, patient.Partition.Id, first.Head, patient.Clock.GetUtcNow().AddHours(1), second.Added);
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
        patient.Cloud.Updates.Add(second);
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
    }

    [Fact]
    public async Task ForgedUpdatesAreCaught()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var eve = SigningKey.Generate();
        var records = await patient.AddAsync(patient.Own, "asthma");
        var update = patient.Cloud.Updates.Single();
        foreach (var forged in new[]
        {
            // Somebody's base in an index of their own, shown in the patient's.
            IndexUpdate.Create(eve, eve.PublicKey.Account, patient.Partition.Id, null, patient.Clock.GetUtcNow(), [], new IndexBase([], [])),
            IndexUpdate.Create(patient.Own, patient.Account.Id, Identifier.Random<PartitionId>(), null, patient.Clock.GetUtcNow(), update.Added),
        })
        {
            patient.Cloud.Updates.Add(forged);
            Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
            patient.Cloud.Updates.Remove(forged);
        }
        // The owner's base, with another signature or another word in it.
        var made = IndexUpdate.Create(patient.Own, patient.Account.Id, patient.Partition.Id, update.Head, patient.Clock.GetUtcNow(), [], new IndexBase([], [])).Signed;
        foreach (var at in new[] { 20, 40, 60, 80, 100, made.Length - 65, made.Length - 70, made.Length - 1 })
        {
            var forged = made.ToArray();
            forged[at] ^= 1;
            Assert.False(IndexUpdate.TryVerify(forged, out _));
        }
        Assert.Equal(records, (await patient.FindAsync("asthma")).Select(hit => hit.Record));
    }

    [Fact]
    public async Task WhatAStrangerWroteIsLeftOutAndTold()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var eve = SigningKey.Generate();
        var records = await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(eve, "asthma");
        var (hits, alarm) = await HitsAndAlarmAsync(patient, "asthma");
        Assert.Equal(records, hits);
        Assert.Equal(AlarmKind.Integrity, alarm);
    }

    [Fact]
    public async Task ADepositAfterItsEndIsLeftOutAndTold()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var before = await patient.AddAsync(patient.Hospital.Identity, "asthma");
        Assert.True(DepositGrant.TryVerify(patient.Cloud.Deposits[0].Signed, out var grant));
        patient.Clock.Advance(TimeSpan.FromMinutes(1));
        patient.Cloud.Deposits[0] = patient.Cloud.Deposits[0] with { Revocation = Revocation.Create(patient.Own, grant.Terms.Id, patient.Clock.GetUtcNow()).Signed };
        Assert.Equal(before, (await patient.FindAsync("asthma")).Select(hit => hit.Record));
        // What the cloud took just before, from a hospital whose clock is a little fast, is no sign of anything.
        patient.Clock.Advance(TimeSpan.FromMinutes(3));
        before = [.. before, .. await patient.AddAsync(patient.Hospital.Identity, "asthma")];
        Assert.Equal(before.OrderBy(record => record.Value), (await patient.FindAsync("asthma")).Select(hit => hit.Record));
        patient.Clock.Advance(TimeSpan.FromMinutes(3));
        await patient.AddAsync(patient.Hospital.Identity, "asthma");
        var (hits, alarm) = await HitsAndAlarmAsync(patient, "asthma");
        Assert.Equal(before.OrderBy(record => record.Value), hits);
        Assert.Equal(AlarmKind.Integrity, alarm);
    }

    [Fact]
    public async Task TheDictionaryOfAnotherSegmentIsCaught()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma");
        await patient.AddAsync(patient.Own, "cough!");
        var ids = patient.Cloud.Updates.Select(update => update.Added[0].Id).ToArray();
        (patient.Cloud.Dictionaries[ids[0]], patient.Cloud.Dictionaries[ids[1]]) = (patient.Cloud.Dictionaries[ids[1]], patient.Cloud.Dictionaries[ids[0]]);
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
        // And when an update of the owner's is made to name it: its key opens its own segment only.
        using var other = await SearchedAccount.CreateAsync();
        await other.AddAsync(other.Own, "cough!");
        var foreign = other.Cloud.Updates.Single().Added[0];
        var info = await other.BuildAsync(other.Own, [(Identifier.Random<RecordId>(), "asthma")]);
        other.Cloud.Dictionaries[info.Id] = other.Cloud.Dictionaries[foreign.Id];
        await other.PublishAsync(other.Own, info with { DictionaryHash = foreign.DictionaryHash, DictionaryLength = foreign.DictionaryLength });
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(other, "asthma"));
    }

    [Fact]
    public async Task ARecordHiddenBehindAHitIsWithheld()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma", "asthma");
        patient.Cloud.Records.Remove(records[0]);
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "asthma"));
    }

    [Fact]
    public async Task AFakeDeletionIsCaught()
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var eve = SigningKey.Generate();
        var records = await patient.AddAsync(patient.Own, "asthma");
        patient.Delete(records[0], eve);
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
        patient.Delete(records[0], patient.Hospital.Identity);
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
        patient.Cloud.Deletions[records[0]] = Deletion.Create(patient.Own, Identifier.Random<RecordId>(), 1, patient.Clock.GetUtcNow()).Signed;
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
        patient.Delete(records[0]);
        Assert.Empty(await patient.FindAsync("asthma"));
    }

    [Fact]
    public async Task AnotherRecordInTheAnswerIsCaught()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma", "cough");
        patient.Cloud.Records[records[0]] = patient.Cloud.Records[records[1]];
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
    }

    [Fact]
    public async Task ADepositorCannotKeepTheOwnerFromTheRest()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        var theirs = await patient.AddAsync(patient.Hospital.Identity, "asthma");
        // A segment whose blocks were never right, one whose dictionary is gone, one that names a record that there never was, and one with words for somebody else's record.
        var large = await SearchTests.LargeAsync(patient, patient.Hospital.Identity);
        foreach (var key in patient.Cloud.Blocks.Keys.Where(key => key.Segment == large.Id).ToArray())
            patient.Cloud.Blocks[key] = new byte[BlockSize.Sealed];
        var gone = await patient.BuildAsync(patient.Hospital.Identity, [(theirs[0], "asthma")]);
        patient.Cloud.Dictionaries.Remove(gone.Id);
        var never = await patient.BuildAsync(patient.Hospital.Identity, [(Identifier.Random<RecordId>(), "asthma")]);
        var foreign = await patient.BuildAsync(patient.Hospital.Identity, [(records[0], "asthma asthma asthma asthma")]);
        await patient.PublishAsync(patient.Hospital.Identity, large, gone, never, foreign);
        var (hits, alarm) = await HitsAndAlarmAsync(patient, "any: asthma rare");
        // The words that it put to the owner's record do not hide that record's own hit either.
        Assert.Equal(records.Concat(theirs).OrderBy(record => record.Value), hits.OrderBy(record => record.Value));
        Assert.Equal(AlarmKind.Withheld, alarm);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARecordOfAnotherOwnerIsWrongForTheSegmentThatNamesIt(bool isDeleted)
    {
        using var patient = await SearchedAccount.CreateAsync();
        using var other = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        // The hospital has let the patient read a record of its own, or has deleted it: the cloud shows it honestly.
        var foreign = await other.AddRecordAsync(other.Own);
        if (isDeleted)
            patient.Cloud.Deletions[foreign] = Deletion.Create(other.Own, foreign, 1, patient.Clock.GetUtcNow()).Signed;
        else
            patient.Cloud.Records[foreign] = other.Cloud.Records[foreign];
        await patient.PublishAsync(patient.Hospital.Identity, await patient.BuildAsync(patient.Hospital.Identity, [(foreign, "asthma")]));
        var (hits, alarm) = await HitsAndAlarmAsync(patient, "asthma");
        Assert.Equal(records, hits);
        Assert.Equal(AlarmKind.Integrity, alarm);
        var compaction = new Client.Search.Compacting.Compaction(patient.Account);
        await compaction.RunAllAsync(null, null, TestContext.Current.CancellationToken);
        Assert.Contains(compaction.Complaints, complaint => complaint.Contains("City Hospital", StringComparison.Ordinal));
        Assert.Equal(records, (await patient.FindAsync("asthma")).Select(hit => hit.Record));
        // The owner's own segment has no such excuse.
        await patient.PublishAsync(patient.Own, await patient.BuildAsync(patient.Own, [(foreign, "asthma")]));
        Assert.Equal(AlarmKind.Integrity, await AlarmAsync(patient, "asthma"));
    }

    [Fact]
    public async Task BlocksOfTheOwnIndexThatAreRefusedAgainAreWithheld()
    {
        using var patient = await LargeAsync();
        await patient.FindAsync("rare");
        patient.Cloud.Dictionaries.Clear();
        Assert.Equal(AlarmKind.Withheld, await AlarmAsync(patient, "rare"));
    }

    [Fact]
    public async Task ADepositorsDictionariesAreOpenedUpToABudget()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        var theirs = await patient.AddAsync(patient.Hospital.Identity, "asthma");
        var claimed = new List<SegmentInfo>();
        for (var taken = 0L; taken + Limits.MaxDictionary < Client.Search.SegmentOpener.MaxForeign; taken += Limits.MaxDictionary)
            claimed.Add(await patient.BuildAsync(patient.Hospital.Identity, [(theirs[0], "cough")]) with { DictionaryLength = Limits.MaxDictionary });
        var beyond = await patient.BuildAsync(patient.Hospital.Identity, [(theirs[0], "cough")]) with { DictionaryLength = Limits.MaxDictionary };
        await patient.PublishAsync(patient.Hospital.Identity, [.. claimed, beyond]);
        var asked = new HashSet<string>();
        patient.Cloud.OnRequest = path => asked.Add(path);
        var (hits, _) = await HitsAndAlarmAsync(patient, "asthma");
        Assert.Equal(records.Concat(theirs).OrderBy(record => record.Value), hits.OrderBy(record => record.Value));
        Assert.All(claimed, segment => Assert.Contains(asked, path => path.Contains(segment.Id.ToString(), StringComparison.Ordinal)));
        Assert.DoesNotContain(asked, path => path.Contains(beyond.Id.ToString(), StringComparison.Ordinal));
    }

    private static async Task<SearchedAccount> LargeAsync()
    {
        var patient = await SearchedAccount.CreateAsync();
        await patient.PublishAsync(patient.Own, await SearchTests.LargeAsync(patient));
        return patient;
    }

    private static async Task<AlarmKind> AlarmAsync(SearchedAccount patient, string query)
    {
        var alarm = await Assert.ThrowsAsync<AlarmException>(() => patient.FindAsync(query));
        return alarm.Kind;
    }

    private static async Task<(IReadOnlyList<RecordId> Hits, AlarmKind Alarm)> HitsAndAlarmAsync(SearchedAccount patient, string text)
    {
        Assert.True(Client.Search.Query.TryParse(text, out var query, out _));
        var hits = new List<RecordId>();
        var alarm = await Assert.ThrowsAsync<AlarmException>(async () =>
        {
            await foreach (var hit in new Client.Search.Searcher(patient.Account).FindAsync(query, null, 100))
                hits.Add(hit.Record);
        });
        return (hits, alarm.Kind);
    }
}
