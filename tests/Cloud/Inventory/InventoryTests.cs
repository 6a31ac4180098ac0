using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Cloud.Tests.Inventory;

public sealed class InventoryTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task TheNewestStateAndItsPagesAreHandedOut()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await anna.Http.GetAsync(Paths.Inventory).ShouldBeAsync(Problems.NotFound);
        await AskAsync(anna, 0).ShouldBeAsync(Problems.NotFound);
        var first = await PutNewAsync(anna, null, 1, Item(1), Item(2), Item(3), Item(4));
        var second = await PutNewAsync(anna, first.Head, 1, Item(1), Item(2), Item(3), Item(4), Item(5));
        Assert.Equal(second.Head.Signed, (await anna.Http.GetAsync(Paths.Inventory).ReadAsync<SignedBytes>()).Signed);
        var read = await AskAsync(anna, 0, 1, 7).ReadAsync<InventoryPages>();
        Assert.Equal(second.Head.Signed, read.Head);
        Assert.Equal(second.Pages.OrderBy(page => page.Key).Select(page => (page.Key, Convert.ToHexString(page.Value.Bytes))),
            read.Pages.OrderBy(page => page.Number).Select(page => (page.Number, Convert.ToHexString(page.Content))));
    }

    [Fact]
    public async Task WhoHasTheNewestStateIsToldSoInNoBytes()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var first = await PutNewAsync(anna, null, 0, Item(1));
        Assert.Equal(HttpStatusCode.NoContent, (await anna.Http.GetAsync($"{Paths.Inventory}?known={Convert.ToHexStringLower(first.Head.Hash)}")).StatusCode);
        var second = await PutNewAsync(anna, first.Head, 0, Item(2));
        Assert.Equal(second.Head.Signed, (await anna.Http.GetAsync($"{Paths.Inventory}?known={Convert.ToHexStringLower(first.Head.Hash)}").ReadAsync<SignedBytes>()).Signed);
    }

    [Fact]
    public async Task OnlyTheStateAfterTheStoredOneIsTaken()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var first = await PutNewAsync(anna, null, 0, Item(1));
        var other = Make(anna, null, 0, Item(2));
        await PutAsync(anna, other).ShouldBeAsync(Problems.Conflict);
        await PutAsync(anna, Make(anna, other.Head, 0, Item(3))).ShouldBeAsync(Problems.Conflict);
        var second = await PutNewAsync(anna, first.Head, 0, Item(2));
        await PutAsync(anna, second).ShouldSucceedAsync(); // the answer was lost
        await PutAsync(anna, first).ShouldBeAsync(Problems.Conflict);
    }

    [Fact]
    public async Task OfParallelSuccessorsOneIsTaken()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var first = await PutNewAsync(anna, null, 0, Item(1));
        var answers = await Task.WhenAll(Enumerable.Range(2, 10).Select(i => PutAsync(anna, Make(anna, first.Head, 0, Item((uint)i)))));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task PagesThatDidNotChangeNeedNotBeBrought()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var items = Enumerable.Range(0, 64).Select(i => Item((uint)i)).ToArray();
        var first = await PutNewAsync(anna, null, 3, items);
        var next = Make(anna, first.Head, 3, [.. items, Item(1000)]);
        var changed = Item(1000).PageOf(3);
        var without = next with { Pages = next.Pages.Where(page => page.Key != changed).ToDictionary() };
        await PutAsync(anna, without).ShouldBeAsync(Problems.BadRequest);
        await PutAsync(anna, next with { Pages = new() { [changed] = next.Pages[changed] } }).ShouldSucceedAsync();
        var read = await AskAsync(anna, [.. Enumerable.Range(0, 8)]).ReadAsync<InventoryPages>();
        Assert.Equal(65, read.Pages.Sum(page => InventoryPage.TryParse(page.Content, out var parsed) ? parsed.Items.Count : 0));
    }

    [Fact]
    public async Task PagesThatAreNoneOfTheStateAreRefused()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var made = Make(anna, null, 1, Item(1), Item(2), Item(3), Item(4), Item(5));
        Assert.Equal(2, made.Pages.Count);
        foreach (var wrong in (InventoryPart[][])
        [
            [], [Part(0, made.Pages[1]), Part(1, made.Pages[0])], [Part(0, made.Pages[0])], [Part(0, made.Pages[0]), Part(1, made.Pages[1]), Part(1, made.Pages[1])],
            [Part(0, made.Pages[0]), Part(2, made.Pages[1])], [Part(-1, made.Pages[0]), Part(1, made.Pages[1])], [new(0, []), Part(1, made.Pages[1])],
        ])
            await anna.Http.PutAsJsonAsync(Paths.Inventory, new InventoryPages(made.Head.Signed, wrong)).ShouldBeAsync(Problems.BadRequest);
        // A head that puts items on pages that are not theirs.
        var swapped = InventoryHead.Create(anna.Identity, null, new byte[32], _cloud.Time.GetUtcNow(), 1, [made.Head.Pages[1], made.Head.Pages[0]]);
        await anna.Http.PutAsJsonAsync(Paths.Inventory, new InventoryPages(swapped.Signed, [Part(0, made.Pages[1]), Part(1, made.Pages[0])])).ShouldBeAsync(Problems.BadRequest);
        await PutAsync(anna, made).ShouldSucceedAsync();
    }

    [Fact]
    public async Task AStateIsItsOwnersAlone()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        using var ben = await Person.RegisterAsync(_cloud);
        var made = Make(anna, null, 0, Item(1));
        await ben.Http.PutAsJsonAsync(Paths.Inventory, Message(made)).ShouldBeAsync(Problems.NotYours);
        await PutAsync(anna, made).ShouldSucceedAsync();
        await ben.Http.GetAsync(Paths.Inventory).ShouldBeAsync(Problems.NotFound);
        await anna.Http.PutAsJsonAsync(Paths.Inventory, new InventoryPages([1, 2, 3], [])).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna).ShouldBeAsync(Problems.BadRequest);
        await AskAsync(anna, [.. Enumerable.Range(0, 257)]).ShouldBeAsync(Problems.BadRequest);
        using var nobody = new HttpClient { BaseAddress = _cloud.Http.BaseAddress };
        await nobody.GetAsync(Paths.Inventory).ShouldBeAsync(Problems.NoSession);
    }

    [Fact]
    public async Task FewerOrMorePagesTakeThePlaceOfThoseBefore()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var items = Enumerable.Range(0, 64).Select(i => Item((uint)i)).ToArray();
        var first = await PutNewAsync(anna, null, 3, items);
        var second = await PutNewAsync(anna, first.Head, 0, Item(1));
        await PutNewAsync(anna, second.Head, 2, items);
        var read = await AskAsync(anna, [.. Enumerable.Range(0, 8)]).ReadAsync<InventoryPages>();
        Assert.Equal([0, 1, 2, 3], read.Pages.Select(page => page.Number).Order());
    }

    private static InventoryItem Item(uint id) => new(ItemKind.Record, new ItemId(id), new byte[32], ItemState.Live, 1);

    private static InventoryPart Part(int number, InventoryPage page) => new(number, page.Bytes);

    private static Task<HttpResponseMessage> AskAsync(Person person, params int[] pages) => person.Http.PostAsJsonAsync(Paths.InventoryPages, new InventoryPageRequest(pages));

    private static Task<HttpResponseMessage> PutAsync(Person person, Made made) => person.Http.PutAsJsonAsync(Paths.Inventory, Message(made));

    private static InventoryPages Message(Made made) => new(made.Head.Signed, [.. made.Pages.Select(page => Part(page.Key, page.Value))]);

    private static async Task<Made> PutNewAsync(Person person, InventoryHead? previous, int bits, params InventoryItem[] items)
    {
        var made = Make(person, previous, bits, items);
        await PutAsync(person, made).ShouldSucceedAsync();
        return made;
    }

    private static Made Make(Person person, InventoryHead? previous, int bits, params InventoryItem[] items)
    {
        var pages = items.GroupBy(item => item.PageOf(bits)).ToDictionary(group => group.Key, InventoryPage.Create);
        var hashes = Enumerable.Range(0, 1 << bits).Select(i => pages.TryGetValue(i, out var page) ? page.Hash : new byte[32]).ToArray();
        return new Made(InventoryHead.Create(person.Identity, previous, RandomNumberGenerator.GetBytes(32), person.Cloud.Time.GetUtcNow(), bits, hashes), pages);
    }

    private sealed record Made(InventoryHead Head, Dictionary<int, InventoryPage> Pages);
}
