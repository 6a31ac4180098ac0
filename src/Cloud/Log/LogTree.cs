using Salus.Crypto.Merkle;

namespace Salus.Cloud.Log;

/// <summary>A tile that has become full.</summary>
internal sealed record FullTile(int Level, long Number, byte[] Hashes, byte[] Root);

/// <summary>
/// The right edge of the log's tree: on each level the hashes of the last tile, which is never full. It is all that appending and the root need.
/// </summary>
internal sealed class LogTree : IDisposable
{
    private const int TileSize = TreeTile.FullWidth * MerkleTree.HashSize;

    private readonly byte[][] _edges = [.. Enumerable.Range(0, TreeTile.Levels).Select(_ => new byte[TileSize])];
    private readonly LeafHasher _hasher = new();

    public long Size { get; private set; }

    /// <summary>Goes on from the last tiles of a log of <paramref name="size"/> entries, from level 0 up.</summary>
    /// <exception cref="InvalidDataException">They are not those of that size.</exception>
    public static LogTree Restore(long size, IReadOnlyList<byte[]> edges)
    {
        var tree = new LogTree { Size = size };
        for (var level = 0; level < TreeTile.Levels; level++)
        {
            if (edges[level].Length != tree.Width(level) * MerkleTree.HashSize)
                throw new InvalidDataException($"The log has {size} entries, but its tiles of level {level} are those of another size.");
            edges[level].CopyTo(tree._edges[level], 0);
        }
        return tree;
    }

    /// <summary>Hashes an entry and appends it; tiles that become full by it are added to <paramref name="full"/>.</summary>
    public byte[] Append(ReadOnlySpan<byte> entry, List<FullTile> full)
    {
        var leaf = new byte[MerkleTree.HashSize];
        _hasher.Leaf(entry, leaf);
        Append(0, leaf, full);
        Size++;
        return leaf;
    }

    /// <summary>The root of the whole tree.</summary>
    public byte[] Root()
    {
        // From the top level down, each edge's own waiting roots are those that wait in the whole tree.
        var frontier = new List<byte>();
        for (var level = TreeTile.Levels - 1; level >= 0; level--)
        {
            using var edge = new TreeHasher();
            edge.Append(_edges[level].AsSpan(0, Width(level) * MerkleTree.HashSize));
            frontier.AddRange(edge.Frontier);
        }
        if (!TreeHasher.TryRestore(Size, [.. frontier], out var whole))
            throw new InvalidOperationException("The edges do not make a tree.");
        using (whole)
        {
            var root = new byte[MerkleTree.HashSize];
            whole.Root(root);
            return root;
        }
    }

    public void Dispose() => _hasher.Dispose();

    /// <summary>The number of a level's last tile, full or not, in a tree of <paramref name="size"/> leaves and the next.</summary>
    public static long LastTile(int level, long size) => level + 1 < TreeTile.Levels ? size >> (8 * (level + 1)) : 0;

    /// <summary>Hashes of a level's last tile.</summary>
    private int Width(int level) => (int)((Size >> (8 * level)) % TreeTile.FullWidth);

    private void Append(int level, byte[] hash, List<FullTile> full)
    {
        var width = Width(level);
        hash.CopyTo(_edges[level], width * MerkleTree.HashSize);
        if (width + 1 < TreeTile.FullWidth)
            return;
        var root = new byte[MerkleTree.HashSize];
        MerkleTree.Root(_edges[level], root);
        full.Add(new FullTile(level, LastTile(level, Size), [.. _edges[level]], root));
        Append(level + 1, root, full);
    }
}
