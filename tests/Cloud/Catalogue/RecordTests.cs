using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Catalogue;

public sealed class RecordTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task EnteredRecordIsListedAndFetchedAsItWasSent()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        var page = await partition.ListAsync(anna).ReadAsync<CataloguePage>();
        var listed = Assert.Single(page.Records);
        Assert.Null(page.Next);
        Assert.True(SealedRecord.TryVerify(listed.Signed, listed.SealedMetadata, out var verified));
        Assert.Equal(record.Signed, verified.Signed);
        var fetched = await anna.Http.GetAsync(Path(record)).ReadAsync<CatalogueRecord>();
        Assert.Equal(record.SealedMetadata, fetched.SealedMetadata);
    }

    [Fact]
    public async Task PagesFollowTheOrderOfEntry()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (first, second) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        var records = new List<SealedRecord>();
        for (var i = 0; i < 7; i++)
            records.Add(await (i % 2 == 0 ? first : second).AddAsync());
        var seen = new List<byte[]>();
        string? after = null;
        do
        {
            var page = await anna.Http.GetAsync($"{Paths.Records}?limit=3{(after is null ? "" : "&after=" + after)}").ReadAsync<CataloguePage>();
            seen.AddRange(page.Records.Select(record => record.Signed));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(records.Select(record => record.Signed), seen);
        var ofFirst = await first.ListAsync(anna).ReadAsync<CataloguePage>();
        Assert.Equal(records.Where((_, i) => i % 2 == 0).Select(record => record.Signed), ofFirst.Records.Select(record => record.Signed));
    }

    [Fact]
    public async Task NewVersionTakesThePlaceOfTheOldAtTheEnd()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var old = await partition.AddAsync();
        var other = await partition.AddAsync();
        await partition.MoveOnAsync();
        var renewed = await partition.AddAsync(old.Header.Context.Record, version: 2);
        var page = await partition.ListAsync(anna).ReadAsync<CataloguePage>();
        Assert.Equal([other.Signed, renewed.Signed], page.Records.Select(record => record.Signed));
    }

    [Fact]
    public async Task SameRequestTwiceEntersOnce()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        await partition.PostAsync(record).ShouldSucceedAsync();
        Assert.Single((await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records);
    }

    [Fact]
    public async Task OldOrSkippedVersionIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var first = await partition.AddAsync();
        var id = first.Header.Context.Record;
        var second = await partition.AddAsync(id, version: 2);
        await partition.PostAsync(first).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(id, version: 1)).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(id, version: 2)).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(id, version: 4)).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(version: 2)).ShouldBeAsync(Problems.Conflict);
        Assert.Equal(second.Signed, Assert.Single((await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records).Signed);
    }

    [Fact]
    public async Task ParallelVersionsEnterOne()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var id = (await partition.AddAsync()).Header.Context.Record;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => partition.PostAsync(partition.Seal(id, version: 2))));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task RecordUnderAnotherThanTheNewestEpochIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await partition.MoveOnAsync();
        foreach (var epoch in new uint[] { 1, 3 })
            await partition.PostAsync(partition.Seal(epoch: new EpochNumber(epoch))).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task RecordOfAPartitionWithoutEpochIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = partition.Seal();
        var header = record.Header with { Context = record.Header.Context with { Partition = Identifier.Random<PartitionId>() } };
        var elsewhere = SealedRecord.Create(anna.Identity, header, record.SealedMetadata);
        await partition.PostAsync(elsewhere).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task RecordStaysInItsPartition()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var (first, second) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        var id = (await first.AddAsync()).Header.Context.Record;
        await second.PostAsync(second.Seal(id, version: 2)).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task NobodyWritesIntoAnothersCatalogue()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = partition.Seal();
        // Anna's record sent by Mallory; a record of Anna's that Mallory signed; Mallory's own that names Anna as its owner.
        await partition.PostAsync(record, by: mallory).ShouldBeAsync(Problems.NotYours);
        await partition.PostAsync(partition.Seal(author: mallory.Identity), by: mallory).ShouldBeAsync(Problems.NotYours);
        await partition.PostAsync(partition.Seal(author: mallory.Identity)).ShouldBeAsync(Problems.NotYours);
        await partition.PostAsync(partition.Seal(of: mallory.Id)).ShouldBeAsync(Problems.NotYours);
        Assert.Empty((await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records);
    }

    [Fact]
    public async Task IdentifierOfAnotherOwnersRecordIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var annas = await (await Partition.CreateAsync(anna)).AddAsync();
        var partition = await Partition.CreateAsync(mallory);
        foreach (var version in new uint[] { 1, 2 })
            await partition.PostAsync(partition.Seal(annas.Header.Context.Record, version)).ShouldBeAsync(Problems.Conflict);
        var fetched = await anna.Http.GetAsync(Path(annas)).ReadAsync<CatalogueRecord>();
        Assert.Equal(annas.Signed, fetched.Signed);
    }

    [Fact]
    public async Task TamperedRecordsAreBadRequests()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = partition.Seal();
        for (var at = 0; at < record.Signed.Length; at += 37)
        {
            var tampered = (byte[])record.Signed.Clone();
            tampered[at] ^= 0x10;
            await anna.Http.PostAsJsonAsync(Paths.Records, new CatalogueRecord(tampered, record.SealedMetadata)).ShouldBeAsync(Problems.BadRequest);
        }
        var metadata = (byte[])record.SealedMetadata.Clone();
        metadata[0] ^= 1;
        await anna.Http.PostAsJsonAsync(Paths.Records, new CatalogueRecord(record.Signed, metadata)).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.PostAsJsonAsync(Paths.Records, new CatalogueRecord(record.Signed[..^1], record.SealedMetadata)).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.PostAsJsonAsync(Paths.Records, new CatalogueRecord([], [])).ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task LargestMetadataIsTaken()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await partition.PostAsync(partition.Seal(metadataBytes: Limits.MaxSealedMetadata)).ShouldSucceedAsync();
    }

    [Fact]
    public async Task DeletedRecordIsGoneAndItsIdentifierServesNoOther()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var record = await partition.AddAsync();
        var id = record.Header.Context.Record;
        await partition.DeleteAsync(id, by: mallory).ShouldBeAsync(Problems.NotFound);
        await partition.DeleteAsync(id).ShouldSucceedAsync();
        await partition.DeleteAsync(id).ShouldSucceedAsync();
        Assert.Empty((await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records);
        await anna.Http.GetAsync(Path(record)).ShouldBeAsync(Problems.NotFound);
        // The record itself again, its next version, another one of that name: a tombstone is for good.
        await partition.PostAsync(record).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(id, version: 2)).ShouldBeAsync(Problems.Conflict);
        await partition.PostAsync(partition.Seal(id)).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task DeletionSpeaksOfTheVersionThatItsOwnerSaw()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var id = (await partition.AddAsync()).Header.Context.Record;
        await partition.AddAsync(id, version: 2);
        await partition.DeleteAsync(id, version: 1).ShouldBeAsync(Problems.Conflict);
        await partition.DeleteAsync(id, version: 2).ShouldSucceedAsync();
    }

    [Fact]
    public async Task WhatIsNotThereIsWrittenOffByWhoeverSaysItIsTheirs()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(mallory));
        var lost = Identifier.Random<RecordId>();
        await partition.DeleteAsync(lost).ShouldSucceedAsync();
        await partition.DeleteAsync(lost).ShouldSucceedAsync();
        var found = await anna.Http.PostAsJsonAsync(Paths.RecordLookup, new RecordLookup([lost.ToString()])).ReadAsync<FoundRecords>();
        Assert.True(Deletion.TryVerify(Assert.Single(found.Deletions), out var deletion));
        Assert.Equal(lost, deletion.Record);
        await partition.PostAsync(partition.Seal(lost)).ShouldBeAsync(Problems.Conflict);
        // Another's record is another's, there or written off.
        await other.DeleteAsync(lost).ShouldBeAsync(Problems.NotFound);
        await other.DeleteAsync((await partition.AddAsync()).Header.Context.Record).ShouldBeAsync(Problems.NotFound);
        Assert.Empty((await mallory.Http.PostAsJsonAsync(Paths.RecordLookup, new RecordLookup([lost.ToString()])).ReadAsync<FoundRecords>()).Deletions);
    }

    [Fact]
    public async Task DeletionNamesItsRecordInThePathAndIsSignedByTheSessionsIdentity()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var mallory = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var (first, second) = (await partition.AddAsync(), await partition.AddAsync());
        var order = new SignedBytes(Deletion.Create(anna.Identity, first.Header.Context.Record, 1, _cloud.Time.GetUtcNow()).Signed);
        await anna.Http.PostAsJsonAsync(DeletionPath(second), order).ShouldBeAsync(Problems.BadRequest);
        await mallory.Http.PostAsJsonAsync(DeletionPath(first), order).ShouldBeAsync(Problems.NotYours);
        Assert.Equal(2, (await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records.Count);
    }

    [Fact]
    public async Task FullAccountTakesNoMoreAndDeletingMakesRoomForBytes()
    {
        await using var cloud = await TestCloud.StartAsync(quota: new QuotaOptions { Rows = 4, Bytes = 8_000 });
        using var anna = await Person.RegisterAsync(cloud);
        var partition = await Partition.CreateAsync(anna);
        var first = await partition.AddAsync();
        await partition.PostAsync(partition.Seal(metadataBytes: 8_000)).ShouldBeAsync(Problems.NoSpace);
        await partition.AddAsync();
        await partition.AddAsync();
        await partition.PostAsync(partition.Seal()).ShouldBeAsync(Problems.NoSpace);
        await partition.DeleteAsync(first.Header.Context.Record).ShouldSucceedAsync();
        await partition.PostAsync(partition.Seal()).ShouldBeAsync(Problems.NoSpace);
        Assert.Equal(2, (await partition.ListAsync(anna).ReadAsync<CataloguePage>()).Records.Count);
    }

    [Fact]
    public async Task CursorMissesNothingThatParallelWritersEnter()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        var writing = Task.WhenAll(Enumerable.Range(0, 60).Select(_ => partition.AddAsync()));
        var seen = new HashSet<string>();
        var after = "0";
        for (var rounds = 0; rounds < 2; rounds += writing.IsCompleted ? 1 : 0)
        {
            var page = await anna.Http.GetAsync($"{Paths.Records}?after={after}&limit=1").ReadAsync<CataloguePage>();
            while (page.Next is not null)
            {
                seen.UnionWith(page.Records.Select(record => Convert.ToHexString(record.Signed)));
                page = await anna.Http.GetAsync($"{Paths.Records}?after={after = page.Next}&limit=1").ReadAsync<CataloguePage>();
            }
            seen.UnionWith(page.Records.Select(record => Convert.ToHexString(record.Signed)));
        }
        Assert.Equal(60, (await writing).Length);
        Assert.Equal(60, seen.Count);
    }

    [Theory]
    [InlineData("?owner=x")]
    [InlineData("?partition=12")]
    [InlineData("?after=-1")]
    [InlineData("?after=1e3")]
    [InlineData("?after=99999999999999999999")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=many")]
    public async Task WrongQueriesAreBadRequests(string query)
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await anna.Http.GetAsync(Paths.Records + query).ShouldBeAsync(Problems.BadRequest);
    }

    private static string Path(SealedRecord record) => Paths.Record.Replace("{id}", record.Header.Context.Record.ToString());

    private static string DeletionPath(SealedRecord record) => Paths.RecordDeletion.Replace("{id}", record.Header.Context.Record.ToString());
}
