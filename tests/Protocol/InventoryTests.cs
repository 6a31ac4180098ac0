using Salus.Protocol.Inventory;

namespace Salus.Protocol.Tests;

/// <summary>Pages and heads of an account's inventory.</summary>
public class InventoryTests
{
    private static readonly SigningKey Owner = Parts.Signing(1);

    [Fact]
    public void APageHasItsItemsInOrderHoweverTheyCome()
    {
        InventoryItem[] items = [Item(ItemKind.Grant, 7), Item(ItemKind.Record, 9), Item(ItemKind.Record, 2), Item(ItemKind.Wrapping, 1, 5), Item(ItemKind.Wrapping, 1, 4)];
        var page = InventoryPage.Create(items);
        Assert.Equal([items[2], items[1], items[0], items[4], items[3]], page.Items);
        Assert.Equal(page.Hash, InventoryPage.Create(items.Reverse()).Hash);
        Assert.True(InventoryPage.TryParse(page.Bytes, out var read));
        Assert.Equal(page.Items, read.Items);
    }

    [Fact]
    public void WhatIsNoPageIsRefused()
    {
        var bytes = InventoryPage.Create([Item(ItemKind.Record, 1), Item(ItemKind.Record, 2), Item(ItemKind.Device, 3)]).Bytes;
        const int First = 23 + 4;
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(InventoryPage.TryParse(bytes.AsSpan(0, length), out _), $"{length} bytes");
        Assert.False(InventoryPage.TryParse([.. bytes, 0], out _));
        foreach (var (offset, value) in ((int, byte)[])[(0, 0), (26, 2), (26, 4), (23, 0xff), (First, 0), (First, 7), (First + 49, 0), (First + 49, 3)])
            Assert.False(InventoryPage.TryParse(With(bytes, offset, value), out _), $"{value} at {offset}");
        Assert.False(InventoryPage.TryParse(With(bytes, First + 16, 2), out _), "one twice");
        Assert.False(InventoryPage.TryParse(With(bytes, First + 16, 3), out _), "out of order");
        Assert.True(InventoryPage.TryParse(With(bytes, First + 49, 2), out _), "another state is another page");
        Assert.Throws<ArgumentException>(() => InventoryPage.Create([]));
        Assert.Throws<ArgumentException>(() => InventoryPage.Create([Item(ItemKind.Record, 1), Item(ItemKind.Record, 1)]));
    }

    [Fact]
    public void AnyBytesAreAPageOrNone()
    {
        var random = new Random(5);
        var bytes = InventoryPage.Create([.. Enumerable.Range(1, 20).Select(i => Item(ItemKind.Record, (uint)i))]).Bytes;
        for (var i = 0; i < 20_000; i++)
        {
            var changed = (byte[])bytes.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (InventoryPage.TryParse(changed.AsSpan(0, random.Next(4) == 0 ? random.Next(changed.Length) : changed.Length), out var page))
                Assert.Equal(page.Bytes, InventoryPage.Create(page.Items).Bytes);
        }
    }

    [Fact]
    public void ItemsOfOneNumberAreInOnePageAndPagesAreAlike()
    {
        var counts = new int[16];
        for (uint i = 0; i < 4096; i++)
        {
            var page = Item(ItemKind.Record, i).PageOf(4);
            counts[page]++;
            Assert.Equal(page, Item(ItemKind.Record, i, 9).PageOf(4));
            Assert.Equal(page, Item(ItemKind.Record, i).PageOf(5) >> 1);
            Assert.Equal(0, Item(ItemKind.Record, i).PageOf(0));
        }
        Assert.All(counts, count => Assert.InRange(count, 180, 340));
        var item = Item(ItemKind.Record, 1);
        Assert.True(InventoryPage.Create([item]).IsPage(item.PageOf(3), 3));
        Assert.False(InventoryPage.Create([item]).IsPage(item.PageOf(3) ^ 1, 3));
    }

    [Fact]
    public void AStateFollowsTheOneBeforeIt()
    {
        var first = InventoryHead.Create(Owner, null, Parts.Seed(9, 32), Parts.Now, 0, [new byte[32]]);
        var second = InventoryHead.Create(Owner, first, Parts.Seed(9, 32), Parts.Now, 0, [new byte[32]]);
        var other = InventoryHead.Create(Owner, InventoryHead.Create(Owner, null, Parts.Seed(9, 32), Parts.Now, 0, [Parts.Seed(1, 32)]), Parts.Seed(9, 32), Parts.Now, 0, [new byte[32]]);
        Assert.True(first.Follows(null) && second.Follows(first));
        Assert.False(second.Follows(null) || second.Follows(second) || first.Follows(second) || other.Follows(first));
        Assert.Throws<ArgumentException>(() => InventoryHead.Create(Parts.Signing(2), first, Parts.Seed(9, 32), Parts.Now, 0, [new byte[32]]));
        Assert.Throws<ArgumentException>(() => InventoryHead.Create(Owner, first, Parts.Seed(9, 32), Parts.Now, 1, [new byte[32]]));
        Assert.Throws<ArgumentException>(() => InventoryHead.Create(Owner, first, Parts.Seed(9, 32), Parts.Now, 13, [.. Enumerable.Repeat(new byte[32], 1 << 13)]));
    }

    private static InventoryItem Item(ItemKind kind, uint id, byte digest = 1) => new(kind, new ItemId(id), [.. Enumerable.Repeat(digest, 32)], ItemState.Live, 1);

    private static byte[] With(byte[] bytes, int offset, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[offset] = value;
        return changed;
    }
}
