using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Inventory;

/// <summary>
/// A part of an inventory: its items in their order. A head names it by its hash, so that it needs no signature; a page without items is not written, its hash is zeros.
/// Wire: "salus inventory page 1\n" | count u32 | items.
/// </summary>
public sealed class InventoryPage
{
    /// <summary>Bytes of a page, at most.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>Items of a page, at most.</summary>
    public const int MaxItems = (MaxSize - 27) / InventoryItem.Size;

    private static ReadOnlySpan<byte> Magic => "salus inventory page 1\n"u8;

    private InventoryPage(byte[] bytes, IReadOnlyList<InventoryItem> items) => (Bytes, Items, Hash) = (bytes, items, SHA256.HashData(bytes));

    public byte[] Bytes { get; }

    public IReadOnlyList<InventoryItem> Items { get; }

    /// <summary>SHA-256 of the bytes.</summary>
    public byte[] Hash { get; }

    /// <summary>One or more items, in any order, none twice.</summary>
    public static InventoryPage Create(IEnumerable<InventoryItem> items)
    {
        var sorted = items.ToList();
        sorted.Sort((a, b) => a.CompareTo(b));
        var writer = new WireWriter().Bytes(Magic).UInt32((uint)sorted.Count);
        foreach (var item in sorted)
            item.Write(writer);
        return TryParse(writer.ToArray(), out var page) ? page : throw SignedMessage.Mistake(nameof(InventoryPage));
    }

    /// <summary>False for anything but items in their strict order.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out InventoryPage? page)
    {
        page = null;
        var reader = new WireReader(bytes);
        if (bytes.Length > MaxSize || !reader.Magic(Magic) || !reader.UInt32(out var count) || count is 0 or > MaxItems || reader.Rest != (int)count * InventoryItem.Size)
            return false;
        var items = new InventoryItem[count];
        for (var i = 0; i < items.Length; i++)
        {
            if (!InventoryItem.TryRead(ref reader, out var item) || (i > 0 && items[i - 1].CompareTo(item) >= 0))
                return false;
            items[i] = item;
        }
        page = new InventoryPage(bytes.ToArray(), items);
        return true;
    }

    /// <summary>Whether every item of the page belongs to it, when it is number <paramref name="index"/> of 2^<paramref name="bits"/>.</summary>
    public bool IsPage(int index, int bits) => Items.All(item => item.PageOf(bits) == index);
}
