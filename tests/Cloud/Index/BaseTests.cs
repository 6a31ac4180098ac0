using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Data;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Index;

public sealed class BaseTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task BaseLeavesWhatItAddsAndKeeps()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var (partition, other) = (await Partition.CreateAsync(anna), await Partition.CreateAsync(anna));
        var chain = new IndexChain(partition, anna);
        var (dropped, kept) = (await chain.AddAsync(), await chain.AddAsync());
        var elsewhere = await new IndexChain(other, anna).AddAsync();
        var merged = await IndexPart.Of(partition).UploadAsync();
        var newBase = chain.Next([merged], new IndexBase([], [kept.Info]));
        await chain.PublishAsync(newBase).ShouldSucceedAsync();
        Assert.Equal(newBase.Signed, Assert.Single(await IndexChain.SeenAsync(partition, anna)).Signed);
        foreach (var part in new[] { kept, merged, elsewhere })
        {
            Assert.Equal(part.Dictionary, await anna.Http.GetByteArrayAsync(part.DictionaryPath));
            await part.AskAsync(anna, IndexPart.Address(part.Rows[0])).ShouldSucceedAsync();
        }
        foreach (var path in new[] { dropped.DictionaryPath, dropped.State })
            await anna.Http.GetAsync(path).ShouldBeAsync(Problems.NotFound);
        await dropped.AskAsync(anna, IndexPart.Address(dropped.Rows[0])).ShouldBeAsync(Problems.NotGranted);
        // The sweep takes its bytes away, and no others.
        await using var database = cloud.OpenDatabase();
        Assert.Equal(24, await database.Blocks.CountAsync());
        await Collector.CollectAsync(database, cloud.Time.GetUtcNow(), CancellationToken.None);
        Assert.Equal((18, 3, 3), (await database.Blocks.CountAsync(), await database.DictionaryPieces.CountAsync(), await database.Segments.CountAsync()));
        Assert.Equal(merged.Rows.SelectMany(IndexPart.Present), await (await merged.AskAsync(anna, [.. merged.Rows.Select(IndexPart.Address)])).Content.ReadAsByteArrayAsync());
        // The chain goes on behind the base.
        await chain.AddAsync();
        Assert.Equal(2, (await IndexChain.SeenAsync(partition, anna)).Count);
    }

    [Fact]
    public async Task AppendAfterTheWatermarkStaysAndComesBehindTheBase()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var (chain, deposits) = (new IndexChain(partition, anna), new IndexChain(partition, hospital));
        var first = await deposits.AddAsync();
        var mark = new IndexWatermark(hospital.Key, deposits.Head!);
        var (second, third) = (await deposits.AddAsync(), await deposits.AddAsync()); // the owner does not know of them yet
        var merged = await IndexPart.Of(partition).UploadAsync();
        await chain.PublishAsync(chain.Next([merged], new IndexBase([mark], []))).ShouldSucceedAsync();
        var seen = await IndexChain.SeenAsync(partition, anna);
        Assert.Equal([merged.Id, second.Id, third.Id], seen.Select(update => Assert.Single(update.Added).Id));
        Assert.NotNull(seen[0].Base);
        foreach (var part in new[] { merged, second, third })
            await part.AskAsync(anna, IndexPart.Address(part.Rows[0])).ShouldSucceedAsync();
        await first.AskAsync(anna, IndexPart.Address(first.Rows[0])).ShouldBeAsync(Problems.NotGranted);
        await deposits.AddAsync();
        Assert.Equal(4, (await IndexChain.SeenAsync(partition, anna)).Count);
    }

    [Fact]
    public async Task SourceGoesOnBehindABaseThatReplacedAllOfItsUpdates()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var (chain, deposits) = (new IndexChain(partition, anna), new IndexChain(partition, hospital));
        await deposits.AddAsync();
        var part = await deposits.AddAsync();
        var mark = new IndexWatermark(hospital.Key, deposits.Head!);
        await chain.PublishAsync(chain.Next([], new IndexBase([mark], [part.Info]))).ShouldSucceedAsync();
        Assert.NotNull(Assert.Single(await IndexChain.SeenAsync(partition, anna)).Base);
        Assert.Equal(deposits.Head!.Hash, Assert.Single(await IndexChain.SeenAsync(partition, hospital)).Hash);
        var later = await deposits.AddAsync();
        // The next base may not be without a watermark for the hospital, nor before that of this one, and may be at the same place.
        await chain.PublishAsync(chain.Next([], new IndexBase([], [part.Info]))).ShouldBeAsync(Problems.Conflict);
        for (var i = 0; i < 2; i++)
            await chain.PublishAsync(chain.Next([], new IndexBase([mark], [part.Info]))).ShouldSucceedAsync();
        Assert.Equal([0, 1], (await IndexChain.SeenAsync(partition, anna)).Select(update => update.Added.Count));
        await later.AskAsync(anna, IndexPart.Address(later.Rows[0])).ShouldSucceedAsync();
        await part.AskAsync(anna, IndexPart.Address(part.Rows[0])).ShouldSucceedAsync();
    }

    [Fact]
    public async Task BaseThatRacesAppendsLosesNothing()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var (chain, deposits) = (new IndexChain(partition, anna), new IndexChain(partition, hospital));
        var first = await deposits.AddAsync();
        var appended = new List<IndexPart>();
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < 12; i++)
                appended.Add(await deposits.AddAsync());
        }, TestContext.Current.CancellationToken);
        var kept = new List<SegmentInfo> { first.Info };
        for (var rounds = 0; rounds < 6; rounds++)
        {
            // What a compacting device does: it reads, keeps all that it has read, and takes the heads that it has read for watermarks.
            var seen = await IndexChain.SeenAsync(partition, anna);
            var last = seen.LastOrDefault(update => update.Source.Equals(hospital.Key));
            kept.AddRange(seen.Where(update => update.Base is null).SelectMany(update => update.Added).Where(info => kept.All(other => other.Id != info.Id)));
            var mark = last?.Head ?? seen.Select(update => update.Base?.Watermarks[0].Head).LastOrDefault(head => head is not null)!;
            await chain.PublishAsync(chain.Next([], new IndexBase([new IndexWatermark(hospital.Key, mark)], [.. kept]))).ShouldSucceedAsync();
        }
        await appending;
        var end = await IndexChain.SeenAsync(partition, anna);
        var all = end[0].Base!.Kept.Concat(end.Skip(1).SelectMany(update => update.Added)).Select(info => info.Id).ToList();
        Assert.Equal(appended.Append(first).Select(part => part.Id.Value).Order(), all.Select(id => id.Value).Order());
        foreach (var part in appended.Append(first))
            Assert.Equal(part.Dictionary, await anna.Http.GetByteArrayAsync(part.DictionaryPath));
    }

    [Fact]
    public async Task WatermarkThatIsNoPlaceOfTheChainIsAConflict()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var (chain, deposits) = (new IndexChain(partition, anna), new IndexChain(partition, hospital));
        var part = await deposits.AddAsync();
        foreach (var head in new[] { new IndexHead(1, RandomNumberGenerator.GetBytes(32)), new IndexHead(2, deposits.Head!.Hash) })
            await chain.PublishAsync(chain.Next([], new IndexBase([new IndexWatermark(hospital.Key, head)], [part.Info]))).ShouldBeAsync(Problems.Conflict);
        await part.AskAsync(anna, IndexPart.Address(part.Rows[0])).ShouldSucceedAsync();
    }

    [Fact]
    public async Task BaseKeepsOnlyWhatIsThere()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var hospital = await Person.RegisterAsync(_cloud);
        var partition = await Partition.CreateAsync(anna);
        await Depositing.AllowAsync(partition, hospital);
        var (chain, deposits) = (new IndexChain(partition, anna), new IndexChain(partition, hospital));
        var (part, staged) = (await chain.AddAsync(), await IndexPart.Of(partition).UploadAsync());
        var after = await deposits.AddAsync();
        SegmentInfo[] wrong =
        [
            staged.Info, IndexPart.Of(partition).Info, after.Info, part.Info with { Blocks = 7 }, part.Info with { Source = hospital.Key },
            part.Info with { DictionaryHash = RandomNumberGenerator.GetBytes(32) }, part.Info with { Epoch = new EpochNumber(2) },
        ];
        foreach (var info in wrong)
            await chain.PublishAsync(chain.Next([], new IndexBase([], [info]))).ShouldBeAsync(Problems.Conflict);
        Assert.Equal(2, (await IndexChain.SeenAsync(partition, anna)).Count);
        await part.AskAsync(anna, IndexPart.Address(part.Rows[0])).ShouldSucceedAsync();
        await chain.PublishAsync(chain.Next([], new IndexBase([], [part.Info]))).ShouldSucceedAsync();
    }
}
