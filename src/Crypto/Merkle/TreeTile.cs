using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Salus.Crypto.Merkle;

/// <summary>
/// A tile of a log (c2sp.org/tlog-tiles): <see cref="Width"/> hashes, 1 to 256, of complete subtrees of 256^<see cref="Level"/> leaves each, from subtree 256 · <see cref="Index"/> on.
/// A path is LEVEL/INDEX, the index in groups of three digits ("x001/x234/067"), and for a partial tile ".p/WIDTH" behind it.
/// </summary>
public readonly record struct TreeTile(int Level, long Index, int Width)
{
    /// <summary>Hashes of a full tile, and entries of a full bundle.</summary>
    public const int FullWidth = 1 << HeightBits;

    /// <summary>Levels of a tree of less than 2^62 leaves.</summary>
    public const int Levels = 8;

    private const int HeightBits = 8;
    private const int MaxIndexText = 32;
    private const string Partial = ".p/";
    private const long MaxLeaves = 1L << MerkleTree.MaxProofHashes;
    private const long MaxIndex = MaxLeaves / FullWidth;

    public bool IsFull => Width == FullWidth;

    /// <summary>The smallest tree that has this tile.</summary>
    public long NeededSize => (Index * FullWidth + Width) << (HeightBits * Level);

    /// <summary>The tile of a level and index as it is in a tree of <paramref name="size"/> leaves; its width is 0 when it has none.</summary>
    public static TreeTile At(int level, long index, long size) =>
        new(level, index, (int)Math.Clamp((size >> (HeightBits * level)) - index * FullWidth, 0, FullWidth));

    /// <summary>The tile that has the hashes under or at a node, in a tree of <paramref name="size"/> leaves.</summary>
    public static TreeTile Of(TreeNode node, long size) =>
        At(node.Height / HeightBits, node.Index >> (HeightBits - node.Height % HeightBits), size);

    /// <summary>The tiles that proofs are made from, each once.</summary>
    public static IReadOnlyList<TreeTile> Needed(IEnumerable<TreeRange> ranges, long size) =>
        [.. ranges.SelectMany(range => range.Nodes()).Select(node => Of(node, size)).Distinct()];

    /// <summary>
    /// The hashes of <paramref name="ranges"/>, 32 bytes each one after another, from tiles of a tree of <paramref name="size"/> leaves. Null when <paramref name="tiles"/> gives none for one of
    /// them or one of another length. They prove what a proof made of them proves, and nothing else: tiles may be hostile.
    /// </summary>
    public static byte[]? Hashes(IReadOnlyList<TreeRange> ranges, long size, Func<TreeTile, ReadOnlyMemory<byte>?> tiles)
    {
        using var hasher = new LeafHasher();
        var hashes = new byte[ranges.Count * MerkleTree.HashSize];
        Span<byte> right = stackalloc byte[MerkleTree.HashSize];
        for (var i = 0; i < ranges.Count; i++)
        {
            var hash = hashes.AsSpan(i * MerkleTree.HashSize, MerkleTree.HashSize);
            var nodes = ranges[i].Nodes().ToArray();
            // Nodes become smaller to the right: the rightmost pair is joined first.
            for (var n = nodes.Length - 1; n >= 0; n--)
            {
                if (!TryNode(nodes[n], size, tiles, n == nodes.Length - 1 ? hash : right))
                    return null;
                if (n < nodes.Length - 1)
                    hasher.Node(right, hash, hash);
            }
        }
        return hashes;
    }

    /// <summary>The path below the log's prefix: "tile/0/x001/234.p/56".</summary>
    public string Path() => string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{IndexText(Index, Width)}");

    /// <summary>The path of the bundle of entries under a tile of level 0: "tile/entries/x001/234.p/56".</summary>
    public string EntriesPath() => Level == 0 ? $"tile/entries/{IndexText(Index, Width)}" : throw new InvalidOperationException("Entries are under level 0 alone.");

    /// <summary>Reads the part of a path behind the level: "x001/234" or "x001/234.p/56". False when it is not canonical or no tree has such a tile.</summary>
    public static bool TryParse(int level, [NotNullWhen(true)] string? indexText, out TreeTile tile)
    {
        tile = default;
        if (level is < 0 or >= Levels || indexText is null or { Length: > MaxIndexText })
            return false;
        var (groups, width) = (indexText, FullWidth);
        if (indexText.IndexOf(Partial, StringComparison.Ordinal) is >= 0 and var at)
        {
            groups = indexText[..at];
            if (!int.TryParse(indexText.AsSpan(at + Partial.Length), NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is 0 or >= FullWidth)
                return false;
        }
        var index = groups.Where(char.IsAsciiDigit).Aggregate(0L, (value, digit) => Math.Min(value * 10 + (digit - '0'), MaxIndex));
        tile = new TreeTile(level, index, width);
        return index * FullWidth + width <= MaxLeaves >> (HeightBits * level) && IndexText(index, width) == indexText;
    }

    private static string IndexText(long index, int width)
    {
        var text = new StringBuilder((index % 1000).ToString("000", CultureInfo.InvariantCulture));
        for (index /= 1000; index > 0; index /= 1000)
            text.Insert(0, string.Create(CultureInfo.InvariantCulture, $"x{index % 1000:000}/"));
        return width == FullWidth ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $"{Partial}{width}").ToString();
    }

    private static bool TryNode(TreeNode node, long size, Func<TreeTile, ReadOnlyMemory<byte>?> tiles, Span<byte> hash)
    {
        var tile = Of(node, size);
        if (tile.Width == 0 || tiles(tile) is not { } bytes || bytes.Length != tile.Width * MerkleTree.HashSize)
            return false;
        var count = 1 << (node.Height % HeightBits);
        var first = (int)((node.Index * count) % FullWidth);
        MerkleTree.Root(bytes.Span.Slice(first * MerkleTree.HashSize, count * MerkleTree.HashSize), hash);
        return true;
    }
}
