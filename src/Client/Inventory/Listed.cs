using Salus.Client.Keys;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>A state of the account with all that it lists. It does not change: <see cref="With"/> makes the next one.</summary>
internal sealed class Listed
{
    /// <summary>Items of a page, on average at most: a change brings about 7 KB for each page that it touches.</summary>
    private const int PageItems = 128;

    /// <summary>For how long a device is listed: longer than any session lasts.</summary>
    private const uint DeviceHours = 48;

    private readonly Dictionary<(ItemKind, ItemId), List<InventoryItem>> _items;

    private Listed(InventoryHead head, IReadOnlyDictionary<int, InventoryPage> pages, Dictionary<(ItemKind, ItemId), List<InventoryItem>>? items = null)
    {
        (Head, Pages, _items) = (head, pages, items ?? []);
        if (items is null)
            foreach (var item in pages.Values.SelectMany(page => page.Items))
                Put(_items, item);
    }

    public InventoryHead Head { get; }

    /// <summary>Those that have items, by number.</summary>
    public IReadOnlyDictionary<int, InventoryPage> Pages { get; }

    /// <summary>Null when the pages are not those that the head names, or list one thing twice.</summary>
    public static Listed? Of(InventoryHead head, IReadOnlyDictionary<int, InventoryPage> pages)
    {
        if (pages.Count != head.Pages.Count(hash => !InventoryHead.IsEmpty(hash)))
            return null;
        foreach (var (number, page) in pages)
            if (number < 0 || number >= head.Pages.Count || !page.Hash.AsSpan().SequenceEqual(head.Pages[number]) || !page.IsPage(number, head.Bits))
                return null;
        var listed = new Listed(head, pages);
        return listed._items.All(item => item.Value.Count == 1 || item.Key.Item1 == ItemKind.Wrapping) ? listed : null;
    }

    /// <summary>The first state of an account.</summary>
    public static Listed First(Keyring keys, IEnumerable<InventoryItem> items, DateTimeOffset at) => Make(keys, null, Merge([], items).Items, at);

    public IEnumerable<InventoryItem> Of(ItemKind kind) => _items.Where(item => item.Key.Item1 == kind).SelectMany(item => item.Value);

    /// <summary>What is listed under a number: one item, and of ways into the account perhaps several.</summary>
    public IReadOnlyList<InventoryItem> Find(ItemKind kind, ItemId id) => _items.GetValueOrDefault((kind, id)) ?? [];

    public bool IsEnded(ItemKind kind, ItemId id) => Find(kind, id) is [{ IsLive: false }];

    public bool IsLive(ItemKind kind, ItemId id) => Find(kind, id) is [{ IsLive: true }];

    /// <summary>The same with what is to be listed next, unsigned: for reading alone.</summary>
    public Listed Noting(IEnumerable<InventoryItem> items)
    {
        var (merged, hasChanged) = Merge(Copied(), items);
        return hasChanged ? new Listed(Head, Pages, merged) : this;
    }

    /// <summary>The state after changes; null when they change nothing.</summary>
    public Listed? With(Keyring keys, IEnumerable<InventoryItem> changes, DateTimeOffset at)
    {
        var (items, hasChanged) = Merge(Copied(), changes);
        return hasChanged ? Make(keys, this, items, at) : null;
    }

    private Dictionary<(ItemKind, ItemId), List<InventoryItem>> Copied() => _items.ToDictionary(item => item.Key, item => item.Value.ToList());

    private static Listed Make(Keyring keys, Listed? before, Dictionary<(ItemKind, ItemId), List<InventoryItem>> items, DateTimeOffset at)
    {
        var forgotten = Items.Hour(at) - DeviceHours;
        foreach (var old in items.Where(item => item.Key.Item1 == ItemKind.Device && item.Value[0].Version < forgotten).ToArray())
            items.Remove(old.Key);
        var count = items.Sum(item => item.Value.Count);
        var bits = before?.Head.Bits ?? 0;
        while (bits < InventoryHead.MaxBits && count > PageItems << bits)
            bits++;
        var pages = items.SelectMany(item => item.Value).GroupBy(item => item.PageOf(bits)).ToDictionary(group => group.Key, InventoryPage.Create);
        var hashes = Enumerable.Range(0, 1 << bits).Select(i => pages.TryGetValue(i, out var page) ? page.Hash : new byte[InventoryHead.HashSize]).ToArray();
        return new Listed(InventoryHead.Create(keys.Identity, before?.Head, keys.StateOpening((before?.Head.Counter ?? 0) + 1), at, bits, hashes), pages);
    }

    /// <summary>What has ended stays so, and nothing goes back to an older version; a way in comes back when it is announced again.</summary>
    private static (Dictionary<(ItemKind, ItemId), List<InventoryItem>> Items, bool HasChanged) Merge(Dictionary<(ItemKind, ItemId), List<InventoryItem>> items, IEnumerable<InventoryItem> changes)
    {
        var hasChanged = false;
        foreach (var change in changes)
        {
            var known = items.GetValueOrDefault((change.Kind, change.Id))?
                .Find(item => change.Kind != ItemKind.Wrapping || item.Digest.AsSpan().SequenceEqual(change.Digest));
            var isStale = known is not null && (change.Kind == ItemKind.Wrapping
                ? !known.IsLive && change is { IsLive: true, Version: >= Items.Confirmed }
                : !known.IsLive || (change.IsLive && change.Version < known.Version));
            if (isStale || change.Equals(known))
                continue;
            if (known is not null)
                items[(change.Kind, change.Id)].Remove(known);
            Put(items, change);
            hasChanged = true;
        }
        return (items, hasChanged);
    }

    private static void Put(Dictionary<(ItemKind, ItemId), List<InventoryItem>> items, InventoryItem item)
    {
        if (!items.TryGetValue((item.Kind, item.Id), out var list))
            items[(item.Kind, item.Id)] = list = [];
        list.Add(item);
    }
}
