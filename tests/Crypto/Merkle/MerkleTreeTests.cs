using System.Security.Cryptography;
using Salus.Crypto.Merkle;

namespace Salus.Crypto.Tests.Merkle;

public sealed class MerkleTreeTests
{
    // The eight leaves and the roots of the first 0..8 of them that Certificate Transparency implementations share
    // (google/certificate-transparency, merkletree tests).
    private static readonly byte[][] Leaves =
    [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void RootsEqualThoseOfCertificateTransparency()
    {
        var root = new byte[32];
        for (var count = 0; count <= 8; count++)
        {
            MerkleTree.Root(LeafHashes(Leaves[..count]), root);
            Assert.Equal(Roots[count], Convert.ToHexStringLower(root));
        }
    }

    [Fact]
    public void RootsEqualTheDefinitionForEveryCount()
    {
        using var streaming = new TreeHasher();
        var hashes = LeafHashes([.. Enumerable.Range(0, 140).Select(i => new[] { (byte)i })]);
        var root = new byte[32];
        for (var count = 0; count <= 140; count++)
        {
            streaming.Root(root);
            Assert.Equal(count, streaming.Count);
            Assert.Equal(Definition(hashes.AsSpan(0, count * 32)), root);
            if (count < 140)
                streaming.Append(hashes.AsSpan(count * 32, 32));
        }
    }

    [Fact]
    public void AlignedWindowsAreNodesOfTheTree()
    {
        var hashes = LeafHashes([.. Enumerable.Range(0, 100).Select(i => new[] { (byte)i })]);
        for (var count = 1; count <= 100; count++)
        {
            using var top = new TreeHasher();
            var node = new byte[32];
            for (var first = 0; first < count; first += 8)
            {
                MerkleTree.Root(hashes.AsSpan(first * 32, Math.Min(8, count - first) * 32), node);
                top.Append(node);
            }
            top.Root(node);
            Assert.Equal(Definition(hashes.AsSpan(0, count * 32)), node);
        }
    }

    [Fact]
    public void ProofsVerifyForTheirLeafOnly()
    {
        var hashes = LeafHashes([.. Enumerable.Range(0, 33).Select(i => new[] { (byte)i })]);
        var root = new byte[32];
        for (var count = 1; count <= 33; count++)
        {
            var leaves = hashes[..(count * 32)];
            MerkleTree.Root(leaves, root);
            for (var index = 0; index < count; index++)
            {
                var leaf = leaves.AsSpan(index * 32, 32);
                var proof = MerkleTree.Prove(leaves, index);
                Assert.True(MerkleTree.VerifyInclusion(leaf, index, count, proof, root));

                for (var other = -1; other <= count; other++)
                    Assert.Equal(other == index, MerkleTree.VerifyInclusion(leaf, other, count, proof, root));
                Assert.False(MerkleTree.VerifyInclusion(leaf, index, count, [.. proof, .. new byte[32]], root));
                Assert.False(MerkleTree.VerifyInclusion(leaf, index, count, [.. proof, 0], root));
                for (var length = 0; length < proof.Length; length += 8)
                    Assert.False(MerkleTree.VerifyInclusion(leaf, index, count, proof.AsSpan(0, length), root));
                for (var at = 0; at < proof.Length; at += 5)
                {
                    proof[at] ^= 1;
                    Assert.False(MerkleTree.VerifyInclusion(leaf, index, count, proof, root));
                    proof[at] ^= 1;
                }
            }
        }
    }

    [Fact]
    public void HostileProofsAreRefused()
    {
        var hash = new byte[32];
        Assert.False(MerkleTree.VerifyInclusion(hash, 0, 0, [], hash));
        Assert.False(MerkleTree.VerifyInclusion(hash, -1, 1, [], hash));
        Assert.False(MerkleTree.VerifyInclusion(hash, 0, long.MinValue, [], hash));
        Assert.False(MerkleTree.VerifyInclusion(hash, long.MaxValue - 1, long.MaxValue, new byte[32 * 62], hash));
        Assert.False(MerkleTree.VerifyInclusion(hash, 0, 2, new byte[32 * 1000], hash));
        Assert.False(MerkleTree.VerifyInclusion(new byte[31], 0, 1, [], hash));
        Assert.False(MerkleTree.VerifyInclusion(hash, 0, 1, [], new byte[33]));
        Assert.True(MerkleTree.VerifyInclusion(hash, 0, 1, [], hash));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void BothBackEndsHashAlike(bool isPortable)
    {
        Assert.SkipUnless(isPortable || Salus.Crypto.Primitives.OpenSslSha256.IsSupported, "There is no libcrypto 3.");
        using var hasher = new LeafHasher(isPortable);
        var hash = new byte[32];
        for (var length = 0; length < 300; length++)
        {
            var data = RandomNumberGenerator.GetBytes(length);
            hasher.Leaf(data, hash);
            Assert.Equal(SHA256.HashData([0, .. data]), hash);
        }
        byte[] left = RandomNumberGenerator.GetBytes(32), right = RandomNumberGenerator.GetBytes(32);
        hasher.Node(left, right, hash);
        Assert.Equal(SHA256.HashData([1, .. left, .. right]), hash);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LeafHasher(false).Leaf(left, new byte[31]));
    }

    [Fact]
    public void StreamedPartsGiveTheLeavesInOrder()
    {
        var data = new byte[3 * 4096 + 1000];
        new Random(4).NextBytes(data);
        var expected = LeafHashes([.. data.Chunk(4096)]);
        foreach (var step in new[] { 1, 7, 4095, 4096, 4097, 9000, data.Length })
        {
            var delivered = new List<byte>();
            using var hasher = new FragmentTreeHasher(hash => delivered.AddRange(hash));
            foreach (var part in data.Chunk(step))
                hasher.Append(part);
            var root = new byte[32];
            hasher.Root(root);
            Assert.Equal(expected, delivered);
            Assert.Equal(Definition(expected), root);
        }
        using var leaves = new LeafHasher();
        var hashes = new byte[4 * 32];
        FragmentTreeHasher.HashLeaves(leaves, data, hashes);
        Assert.Equal(expected, hashes);
    }

    private static byte[] LeafHashes(byte[][] leaves) => [.. leaves.SelectMany(leaf => SHA256.HashData([0, .. leaf]))];

    private static byte[] Definition(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length <= 32)
            return hashes.IsEmpty ? SHA256.HashData([]) : hashes.ToArray();
        var left = 32;
        while (left * 2 < hashes.Length)
            left *= 2;
        return SHA256.HashData([1, .. Definition(hashes[..left]), .. Definition(hashes[left..])]);
    }
}
