using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Requests;

public sealed class DirectoryTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task OwnEntryIsReadAsItWasPut()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await anna.Http.GetAsync(Paths.Directory).ShouldBeAsync(Problems.NotFound);
        var entry = await Asking.EnterAsync(anna);
        var view = await anna.Http.GetAsync(Paths.Directory).ReadAsync<DirectoryView>();
        Assert.Equal(entry.Tag, view.Tag);
        Assert.Equal(entry.SealedOwn, view.SealedOwn);
    }

    [Fact]
    public async Task NewEntryAndRemovalLeaveNoTraceOfTheOld()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        var old = await Asking.EnterAsync(anna);
        Assert.Contains(Convert.ToHexStringLower(old.Find[3].Tag), await cloud.Cluster.DumpAsync(cloud.Database), StringComparison.Ordinal);
        var renewed = await Asking.EnterAsync(anna);
        var dump = await cloud.Cluster.DumpAsync(cloud.Database);
        foreach (var bytes in old.Find.SelectMany(row => new[] { row.Tag, row.Sealed }).Append(old.Tag).Append(old.SealedOwn))
            Assert.DoesNotContain(Convert.ToHexStringLower(bytes), dump, StringComparison.Ordinal);
        await anna.Http.DeleteAsync(Paths.Directory).ShouldSucceedAsync();
        await anna.Http.DeleteAsync(Paths.Directory).ShouldSucceedAsync();
        dump = await cloud.Cluster.DumpAsync(cloud.Database);
        foreach (var bytes in renewed.Find.Select(row => row.Tag).Append(renewed.Tag))
            Assert.DoesNotContain(Convert.ToHexStringLower(bytes), dump, StringComparison.Ordinal);
        await anna.Http.GetAsync(Paths.Directory).ShouldBeAsync(Problems.NotFound);
    }

    [Fact]
    public async Task TagOfAnotherAccountIsAConflictAndLeavesBothEntries()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var (annas, bens) = (await Asking.EnterAsync(anna), await Asking.EnterAsync(ben));
        await annas.PutAsync(by: ben).ShouldBeAsync(Problems.Conflict);
        Assert.Equal(annas.Tag, (await anna.Http.GetAsync(Paths.Directory).ReadAsync<DirectoryView>()).Tag);
        Assert.Equal(bens.Tag, (await ben.Http.GetAsync(Paths.Directory).ReadAsync<DirectoryView>()).Tag);
        await bens.AskAsync(anna, 0).ShouldSucceedAsync();
    }

    [Fact]
    public async Task EnteringAnotherTagIsOneOfTheDaysTriesWhetherSomebodyHasItOrNot()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = await Person.RegisterAsync(cloud);
        using var mallory = await Person.RegisterAsync(cloud);
        var annas = await Asking.EnterAsync(anna);
        for (var i = 0; i < 29; i++)
        {
            if (i % 10 == 9)
                await mallory.LogInAsync();
            if (i % 2 == 0)
                await annas.PutAsync(by: mallory).ShouldBeAsync(Problems.Conflict);
            else
                await new Asking(mallory).PutAsync().ShouldSucceedAsync();
        }
        await mallory.LogInAsync();
        var own = await Asking.EnterAsync(mallory);
        await annas.PutAsync(by: mallory).ShouldBeAsync(Problems.TooMany);
        await new Asking(mallory).PutAsync().ShouldBeAsync(Problems.TooMany);
        await annas.AskAsync(mallory, 0).ShouldBeAsync(Problems.TooMany);
        await own.PutAsync().ShouldSucceedAsync(); // what is one's own already tells nothing
        await mallory.Http.DeleteAsync(Paths.Directory).ShouldSucceedAsync();
        await own.PutAsync().ShouldBeAsync(Problems.TooMany);
        cloud.Time.Advance(TimeSpan.FromDays(1));
        await mallory.LogInAsync();
        await own.PutAsync().ShouldSucceedAsync();
    }

    [Fact]
    public async Task EntriesOutsideTheLimitsAreBadRequests()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        byte[] tag = RandomNumberGenerator.GetBytes(32), own = new byte[4096];
        var row = new FindRow(tag, new byte[8192]);
        DirectoryEntry[] wrong =
        [
            new(tag[..31], own, []), new([.. tag, 0], own, []), new(tag, new byte[4097], []), new(tag, own, [row, row]), new(tag, own, [new FindRow(tag[1..], [])]),
            new(tag, own, [new FindRow(tag, new byte[8193])]), new(tag, own, [null!]),
            new(tag, own, [.. Enumerable.Range(0, 4097).Select(_ => new FindRow(RandomNumberGenerator.GetBytes(32), []))]),
        ];
        foreach (var entry in wrong)
            await anna.Http.PutAsJsonAsync(Paths.Directory, entry).ShouldBeAsync(Problems.BadRequest);
        await anna.Http.GetAsync(Paths.Directory).ShouldBeAsync(Problems.NotFound);
        await anna.Http.PutAsJsonAsync(Paths.Directory, new DirectoryEntry(tag, own, [row])).ShouldSucceedAsync();
        var many = Enumerable.Range(0, 4096).Select(_ => new FindRow(RandomNumberGenerator.GetBytes(32), new byte[64])).ToList();
        await anna.Http.PutAsJsonAsync(Paths.Directory, new DirectoryEntry(tag, own, many)).ShouldSucceedAsync();
    }
}
