using Salus.Cloud.Log;
using Salus.Crypto.Merkle;

namespace Salus.Cloud.Tests.Log;

public class LogTreeTests
{
    [Fact]
    public void RootsTilesAndEdgesAreThoseOfTheWholeTree()
    {
        using var tree = LogTree.Restore(0, Edges([], 0));
        using var whole = new TreeHasher();
        var (full, leaves) = (new List<FullTile>(), new List<byte>());
        var root = new byte[32];
        for (var size = 1; size <= 66_000; size++)
        {
            var leaf = tree.Append([(byte)(size & 0xff), (byte)((size >> 8) & 0xff), (byte)(size >> 16)], full);
            whole.Append(leaf);
            leaves.AddRange(leaf);
            if (size > 600 && size % 256 > 1 && size % 4099 != 0)
                continue;
            whole.Root(root);
            Assert.Equal(size, tree.Size);
            Assert.Equal(root, tree.Root());
        }
        Assert.Equal(66_000 / 256 + 1, full.Count);
        Assert.Equal(new byte[] { 0, 1 }, full.Select(tile => (byte)tile.Level).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 257).Select(i => (long)i), full.Where(tile => tile.Level == 0).Select(tile => tile.Number));
        foreach (var tile in full)
        {
            MerkleTree.Root(tile.Hashes, root);
            Assert.Equal(root, tile.Root);
        }

        using var restored = LogTree.Restore(66_000, Edges(full, 66_000, [.. leaves]));
        Assert.Equal(tree.Root(), restored.Root());
        restored.Append([1], full);
        tree.Append([1], full);
        Assert.Equal(tree.Root(), restored.Root());
    }

    [Fact]
    public void EdgesOfAnotherSizeAreRefused()
    {
        Assert.Throws<InvalidDataException>(() => LogTree.Restore(1, Edges([], 0)));
        Assert.Throws<InvalidDataException>(() => LogTree.Restore(256, Edges([], 0)));
        Assert.Throws<InvalidDataException>(() => LogTree.Restore(0, [new byte[32], .. Edges([], 0).Skip(1)]));
    }

    private static IReadOnlyList<byte[]> Edges(List<FullTile> full, long size, byte[]? leaves = null) => [.. Enumerable.Range(0, TreeTile.Levels).Select(level =>
    {
        var tile = TreeTile.At(level, LogTree.LastTile(level, size), size);
        return level == 0
            ? (leaves ?? []).AsSpan((int)(tile.Index * TreeTile.FullWidth) * 32).ToArray()
            : [.. full.Where(below => below.Level == level - 1 && below.Number >= tile.Index * TreeTile.FullWidth).SelectMany(below => below.Root)];
    })];
}
