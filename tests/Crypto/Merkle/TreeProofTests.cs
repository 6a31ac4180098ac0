using System.Security.Cryptography;
using Salus.Crypto.Merkle;
using Salus.Testing;

namespace Salus.Crypto.Tests.Merkle;

/// <summary>Proofs, frontiers and tiles of growing trees, held against the definitions of RFC 9162 and c2sp.org/tlog-tiles.</summary>
public sealed class TreeProofTests
{
    private const int Size = MerkleTree.HashSize;

    private static readonly byte[] Leaves = [.. Enumerable.Range(0, 700).SelectMany(i => SHA256.HashData([0, (byte)(i & 0xff), (byte)(i >> 8)]))];

    [Fact]
    public void AFrontierGoesOnWhereItStopped()
    {
        using var whole = new TreeHasher();
        byte[] expected = new byte[Size], root = new byte[Size];
        for (var count = 0; count < 300; count++)
        {
            Assert.True(TreeHasher.TryRestore(whole.Count, whole.Frontier, out var restored));
            whole.Append(Leaf(count));
            restored.Append(Leaf(count));
            whole.Root(expected);
            restored.Root(root);
            Assert.Equal(expected, root);
            Assert.Equal(count + 1, restored.Count);
            Assert.True(whole.Frontier.SequenceEqual(restored.Frontier));
            restored.Dispose();
        }
    }

    [Fact]
    public void AFrontierThatDoesNotFitItsCountIsRefused()
    {
        Assert.True(TreeHasher.TryRestore(0, [], out _));
        Assert.True(TreeHasher.TryRestore((1L << 62) - 1, new byte[62 * Size], out _));
        foreach (var (count, length) in new (long, int)[] { (0, Size), (1, 0), (3, Size), (3, 2 * Size - 1), (3, 3 * Size), (-1, 64 * Size), (1L << 62, Size), (long.MinValue, Size) })
            Assert.False(TreeHasher.TryRestore(count, new byte[length], out _));
    }

    [Fact]
    public void InclusionFromTilesIsTheProofOfTheDefinition()
    {
        var root = new byte[Size];
        foreach (var size in new[] { 1, 2, 3, 5, 8, 100, 255, 256, 257, 300, 511, 512, 513, 700 })
        {
            MerkleTree.Root(Leaves.AsSpan(0, size * Size), root);
            for (var index = 0; index < size; index += Sampling.Step * (1 + size / 40))
            {
                var ranges = TreeRange.Inclusion(index, size);
                var proof = TreeTile.Hashes(ranges, size, tile => Tile(tile, size))!;
                Assert.Equal(MerkleTree.Prove(Leaves.AsSpan(0, size * Size), index), proof);
                Assert.True(MerkleTree.VerifyInclusion(Leaf(index), index, size, proof, root));
                Assert.False(MerkleTree.VerifyInclusion(Leaf(index + 1), index, size, proof, root));
            }
        }
    }

    [Fact]
    public void ConsistencyHoldsBetweenAllSizesAndForNoOthers()
    {
        var roots = Enumerable.Range(0, 150).Select(Root).ToArray();
        for (var grown = 0; grown < roots.Length; grown++)
            for (var old = grown % Sampling.Step; old <= grown; old += Sampling.Step)
            {
                var proof = TreeTile.Hashes(TreeRange.Consistency(old, grown), grown, tile => Tile(tile, grown))!;
                Assert.True(MerkleTree.VerifyConsistency(old, roots[old], grown, roots[grown], proof), $"{old} {grown}");
                if (old == 0 || old == grown)
                    continue;
                Assert.False(MerkleTree.VerifyConsistency(old - 1, roots[old], grown, roots[grown], proof));
                Assert.False(MerkleTree.VerifyConsistency(old, roots[old - 1], grown, roots[grown], proof));
                Assert.False(MerkleTree.VerifyConsistency(old, roots[old], grown, roots[grown - 1], proof));
                Assert.False(MerkleTree.VerifyConsistency(grown, roots[grown], old, roots[old], proof));
            }
    }

    [Fact]
    public void AlteredConsistencyProofsAreRefused()
    {
        foreach (var (old, grown) in new[] { (1, 2), (3, 7), (4, 7), (6, 8), (64, 129), (100, 149) })
        {
            byte[] oldRoot = Root(old), root = Root(grown);
            var proof = TreeTile.Hashes(TreeRange.Consistency(old, grown), grown, tile => Tile(tile, grown))!;
            for (var at = 0; at < proof.Length; at += 3)
            {
                proof[at] ^= 1;
                Assert.False(MerkleTree.VerifyConsistency(old, oldRoot, grown, root, proof));
                proof[at] ^= 1;
            }
            for (var length = 0; length < proof.Length; length += 8)
                Assert.False(MerkleTree.VerifyConsistency(old, oldRoot, grown, root, proof.AsSpan(0, length)));
            Assert.False(MerkleTree.VerifyConsistency(old, oldRoot, grown, root, [.. proof, .. new byte[Size]]));
            Assert.False(MerkleTree.VerifyConsistency(old, oldRoot, grown, root, [.. proof, .. proof]));
        }
        var hash = new byte[Size];
        Assert.False(MerkleTree.VerifyConsistency(-1, hash, 1, hash, []));
        Assert.False(MerkleTree.VerifyConsistency(2, hash, 1, hash, []));
        Assert.False(MerkleTree.VerifyConsistency(1, hash, long.MaxValue, hash, new byte[63 * Size]));
        Assert.False(MerkleTree.VerifyConsistency(1, hash, long.MaxValue, hash, new byte[1000 * Size]));
        Assert.False(MerkleTree.VerifyConsistency(0, hash, 1, hash, []));
        Assert.False(MerkleTree.VerifyConsistency(1, new byte[31], 1, hash, []));
        Assert.False(MerkleTree.VerifyConsistency(5, hash, 5, new byte[33], []));
        Assert.False(MerkleTree.VerifyConsistency(5, hash, 5, hash, new byte[Size]));
    }

    // Seven leaves: the example of RFC 9162, section 2.1.5.
    [Fact]
    public void RangesAreThoseOfTheExampleOfTheRfc()
    {
        Assert.Equal<TreeRange>([new(1, 2), new(2, 4), new(4, 7)], TreeRange.Inclusion(0, 7));
        Assert.Equal<TreeRange>([new(2, 3), new(0, 2), new(4, 7)], TreeRange.Inclusion(3, 7));
        Assert.Equal<TreeRange>([new(5, 6), new(6, 7), new(0, 4)], TreeRange.Inclusion(4, 7));
        Assert.Equal<TreeRange>([new(4, 6), new(0, 4)], TreeRange.Inclusion(6, 7));
        Assert.Equal<TreeRange>([new(2, 3), new(3, 4), new(0, 2), new(4, 7)], TreeRange.Consistency(3, 7));
        Assert.Equal<TreeRange>([new(4, 7)], TreeRange.Consistency(4, 7));
        Assert.Equal<TreeRange>([new(4, 6), new(6, 7), new(0, 4)], TreeRange.Consistency(6, 7));
        Assert.Equal<TreeNode>([new(1, 2), new(0, 6)], new TreeRange(4, 7).Nodes());
    }

    [Fact]
    public void TilesAreThoseOfTheSpecificationsExample()
    {
        const int size = 70_000;
        Assert.Equal(new TreeTile(0, 272, 256), TreeTile.At(0, 272, size));
        Assert.Equal(new TreeTile(0, 273, 112), TreeTile.At(0, 273, size));
        Assert.Equal(0, TreeTile.At(0, 274, size).Width);
        Assert.True(TreeTile.At(1, 0, size).IsFull);
        Assert.Equal(17, TreeTile.At(1, 1, size).Width);
        Assert.Equal(new TreeTile(2, 0, 1), TreeTile.At(2, 0, size));
        Assert.Equal(0, TreeTile.At(3, 0, size).Width);
        Assert.Equal(1, TreeTile.At(1, 0, 256).Width);
        Assert.Equal(273 * 256 + 112, TreeTile.At(0, 273, size).NeededSize);
        Assert.Equal(65536 + 17 * 256, TreeTile.At(1, 1, size).NeededSize);
        Assert.Equal("tile/0/x001/x234/067", new TreeTile(0, 1234067, 256).Path());
        Assert.Equal("tile/entries/273.p/112", TreeTile.At(0, 273, size).EntriesPath());
    }

    [Theory, InlineData(0, "000"), InlineData(0, "x001/x234/067"), InlineData(3, "000.p/1"), InlineData(1, "x999/255.p/255"), InlineData(7, "000.p/64")]
    public void CanonicalPathsAreReadAsTheyAreWritten(int level, string text)
    {
        Assert.True(TreeTile.TryParse(level, text, out var tile));
        Assert.Equal($"tile/{level}/{text}", tile.Path());
    }

    [Theory, InlineData(""), InlineData("0"), InlineData("00"), InlineData("0000"), InlineData("x000/000"), InlineData("001/000"), InlineData("x1/000"), InlineData("x001"), InlineData("x001/"),
        InlineData("-01"), InlineData("+01"), InlineData("٠٠٠"), InlineData("000.p/0"), InlineData("000.p/256"), InlineData("000.p/01"), InlineData("000.p/-1"), InlineData("000.p/"),
        InlineData("000.p"), InlineData("000.p/1/2"), InlineData(".p/1"), InlineData("000 "), InlineData("000.p/1 "), InlineData("../000"), InlineData("X001/000"), InlineData("x001//000"),
        InlineData("x999/x999/x999/x999/x999/999"), InlineData("x999/x999/x999/x999/x999/x999/999"), InlineData(null)]
    public void OtherPathsAreRefused(string? text) => Assert.False(TreeTile.TryParse(0, text, out _));

    [Fact]
    public void TilesBeyondAnyTreeAreRefused()
    {
        Assert.False(TreeTile.TryParse(-1, "000", out _));
        Assert.False(TreeTile.TryParse(8, "000", out _));
        Assert.False(TreeTile.TryParse(7, "000", out _));
        Assert.False(TreeTile.TryParse(7, "000.p/65", out _));
        Assert.False(TreeTile.TryParse(7, "001.p/1", out _));
    }

    [Fact]
    public void TilesOfAnotherLengthGiveNoProof()
    {
        var ranges = TreeRange.Inclusion(3, 300);
        Assert.Null(TreeTile.Hashes(ranges, 300, _ => null));
        Assert.Null(TreeTile.Hashes(ranges, 300, tile => Tile(tile, 300).AsMemory(1)));
        Assert.Null(TreeTile.Hashes(ranges, 300, tile => (byte[])[.. Tile(tile, 300), .. new byte[Size]]));
        Assert.NotNull(TreeTile.Hashes(ranges, 300, tile => Tile(tile, 300)));
        Assert.Equal<TreeTile>([new(0, 0, 256), new(0, 1, 44)], TreeTile.Needed(ranges, 300));
    }

    private static Span<byte> Leaf(int index) => Leaves.AsSpan(index * Size, Size);

    private static byte[] Root(int count)
    {
        var root = new byte[Size];
        MerkleTree.Root(Leaves.AsSpan(0, count * Size), root);
        return root;
    }

    /// <summary>MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]) for each i.</summary>
    private static byte[] Tile(TreeTile tile, int size)
    {
        Assert.Equal(TreeTile.At(tile.Level, tile.Index, size), tile);
        var span = (int)Math.Pow(256, tile.Level);
        var hashes = new byte[tile.Width * Size];
        for (var i = 0; i < tile.Width; i++)
            MerkleTree.Root(Leaves.AsSpan(((int)tile.Index * 256 + i) * span * Size, span * Size), hashes.AsSpan(i * Size, Size));
        return hashes;
    }
}
