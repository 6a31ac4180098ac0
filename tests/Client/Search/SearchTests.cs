using Salus.Client.Search;
using Salus.Client.Search.Compacting;
using Salus.Client.Search.Segments;
using Salus.Crypto.Search;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Search;

/// <summary>Searches over a cloud that keeps to the protocol.</summary>
public sealed class SearchTests
{
    [Fact]
    public async Task HitsOfAllSourcesComeBestFirst()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var own = await patient.AddAsync(patient.Own, "asthma asthma asthma", "a cough", "asthma and a cough that goes on and on for weeks");
        var theirs = await patient.AddAsync(patient.Hospital.Identity, "asthma asthma");
        var hits = await patient.FindAsync("Asthma");
        Assert.Equal([own[0], theirs[0], own[2]], hits.Select(hit => hit.Record));
        Assert.Equal(["you", "City Hospital", "you"], hits.Select(hit => hit.Source));
        Assert.All(hits, hit => Assert.Contains("sequence key", hit.Note, StringComparison.Ordinal));
        Assert.Equal([own[2]], (await patient.FindAsync("asthma cough")).Select(hit => hit.Record));
        Assert.Equal(3, (await patient.FindAsync("any: cough weeks asthma -\"asthma\"".Replace("-\"asthma\"", "-weeks", StringComparison.Ordinal))).Count);
        Assert.Empty(await patient.FindAsync("pneumonia"));
        Assert.Equal(theirs, (await patient.FindAsync("asthma from:hospital")).Select(hit => hit.Record));
        Assert.Equal([own[0], own[2]], (await patient.FindAsync("asthma from:you partition:medical")).Select(hit => hit.Record));
        Assert.Equal("There is no partition medicine for you. There are: medical.", (await Assert.ThrowsAsync<CannotException>(() => patient.FindAsync("asthma partition:medicine"))).Message);
        Assert.Contains("City Hospital", (await Assert.ThrowsAsync<CannotException>(() => patient.FindAsync("asthma from:Nobody"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeletedRecordIsNoHit()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma", "asthma", "asthma");
        patient.Delete(records[1]);
        Assert.Equal(new[] { records[0], records[2] }.OrderBy(record => record.Value), (await patient.FindAsync("asthma")).Select(hit => hit.Record));
    }

    [Fact]
    public async Task TheCloudIsAskedForNothingOfASmallSegment()
    {
        using var patient = await SearchedAccount.CreateAsync();
        await patient.AddAsync(patient.Own, "asthma", "cough");
        Assert.Single(await patient.FindAsync("asthma"));
        Assert.Empty(patient.Cloud.BlockRequests);
    }

    [Fact]
    public async Task OneRequestAsksForAllWordsOfAllSegmentsInNoOrder()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var orders = new HashSet<string>();
        for (var i = 0; i < 2; i++)
            await patient.PublishAsync(patient.Own, await LargeAsync(patient));
        for (var i = 0; i < 4; i++)
        {
            patient.Cloud.BlockRequests.Clear();
            Assert.Equal(5, (await SearchedAccount.FindAsync(patient.Account, "common rare", 5)).Count);
            orders.Add(Convert.ToHexString(Assert.Single(patient.Cloud.BlockRequests)));
        }
        Assert.True(orders.Count > 1);
    }

    [Fact]
    public async Task ManyHitsOfOneScoreComeByRecord()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, [.. Enumerable.Repeat("asthma", 60)]);
        var more = await patient.AddAsync(patient.Hospital.Identity, [.. Enumerable.Repeat("asthma", 60)]);
        Assert.Equal(records.Concat(more).OrderBy(record => record.Value), (await patient.FindAsync("asthma")).Select(hit => hit.Record));
    }

    [Fact]
    public async Task AnotherDeviceMergingMeanwhileIsNoAlarm()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        var merged = await patient.BuildAsync(patient.Own, [(records[0], "asthma")]);
        var moved = false;
        patient.Cloud.OnRequest = path =>
        {
            if (moved || !path.EndsWith("/dictionary", StringComparison.Ordinal))
                return;
            moved = true;
            var last = patient.Cloud.Updates[^1];
            patient.Cloud.Dictionaries.Remove(last.Added[0].Id);
            patient.Cloud.Updates.Clear();
            patient.Cloud.Updates.Add(IndexUpdate.Create(patient.Own, patient.Account.Id, patient.Partition.Id, last.Head, patient.Clock.GetUtcNow(), [merged], new IndexBase([], [])));
        };
        Assert.Equal(records, (await patient.FindAsync("asthma")).Select(hit => hit.Record));
        Assert.True(moved);
    }

    [Theory]
    [InlineData(true, "/dictionary")]
    [InlineData(false, "/dictionary")]
    [InlineData(true, Paths.IndexBlocks)]
    [InlineData(false, Paths.IndexBlocks)]
    public async Task AnotherDeviceMergingAtAnyMomentIsNoAlarm(bool isOwn, string moment)
    {
        using var patient = await SearchedAccount.CreateAsync();
        var source = isOwn ? patient.Own : patient.Hospital.Identity;
        await patient.AddAsync(source, "asthma");
        await patient.PublishAsync(source, await LargeAsync(patient, source));
        using var other = await patient.DeviceAsync("two", patient.Account.Keys);
        var moved = false;
        patient.Cloud.OnRequest = path =>
        {
            if (moved || !path.EndsWith(moment, StringComparison.Ordinal))
                return;
            moved = true;
            new Compaction(other).RunAllAsync(null, null, CancellationToken.None).GetAwaiter().GetResult();
        };
        Assert.Equal(601, (await patient.FindAsync("any: asthma rare")).Count);
        Assert.True(moved);
    }

    [Fact]
    public async Task DictionariesAreKeptAsCiphertextAndForgottenWithTheirSegments()
    {
        using var patient = await SearchedAccount.CreateAsync();
        var records = await patient.AddAsync(patient.Own, "asthma");
        await patient.FindAsync("asthma");
        var kept = Assert.Single(Directory.GetFiles(patient.Account.Profile.Index));
        Assert.Equal(patient.Cloud.Dictionaries.Values.Single(), await File.ReadAllBytesAsync(kept));
        var asked = 0;
        patient.Cloud.OnRequest = path => asked += path.EndsWith("/dictionary", StringComparison.Ordinal) ? 1 : 0;
        Assert.Single(await patient.FindAsync("asthma"));
        Assert.Equal(0, asked);
        // A damaged file is fetched anew.
        await File.WriteAllBytesAsync(kept, new byte[new FileInfo(kept).Length]);
        Assert.Single(await patient.FindAsync("asthma"));
        Assert.Equal(1, asked);
        var last = patient.Cloud.Updates.Single();
        patient.Cloud.Updates.Clear();
        patient.Cloud.Updates.Add(IndexUpdate.Create(patient.Own, patient.Account.Id, patient.Partition.Id, last.Head, patient.Clock.GetUtcNow(), [], new IndexBase([], [])));
        Assert.Empty(await patient.FindAsync("asthma"));
        Assert.Empty(Directory.GetFiles(patient.Account.Profile.Index));
        Assert.Single(records);
    }

    /// <summary>A segment that is not inline: every document has "common", every tenth "rare".</summary>
    internal static async Task<SegmentInfo> LargeAsync(SearchedAccount patient, Salus.Protocol.SigningKey? source = null)
    {
        var record = await patient.AddRecordAsync(source ?? patient.Own);
        var builder = new SegmentBuilder();
        for (var i = 0; i < 6000; i++)
        {
            var terms = new List<KeyValuePair<string, int>> { new("w:common", 1), new($"w:number{i % 500}", 2), new($"w:word{i}", 1) };
            if (i % 10 == 0)
                terms.Add(new KeyValuePair<string, int>("w:rare", 1 + (i % 7)));
            for (var more = 0; more < 10; more++)
                terms.Add(new KeyValuePair<string, int>($"w:filler{(i * 31 + more * 7919) % 2000}", 1));
            builder.Add(new IndexedDocument(record, (uint)i), terms.DistinctBy(term => term.Key).ToList(), 20);
        }
        var segment = await patient.SealAsync(source ?? patient.Own, builder);
        Assert.True(segment.Blocks > 0 && segment.Blocks * BlockSize.Sealed > 256 * 1024);
        return segment;
    }
}
