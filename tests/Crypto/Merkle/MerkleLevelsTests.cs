using System.Security.Cryptography;
using Salus.Crypto.Merkle;

namespace Salus.Crypto.Tests.Merkle;

public sealed class MerkleLevelsTests
{
    [Fact]
    public void RootAndProofsAreThoseOfTheTreeForEveryCount()
    {
        var hashes = RandomNumberGenerator.GetBytes(70 * 32);
        var root = new byte[32];
        for (var count = 1; count <= 70; count++)
        {
            var leaves = hashes[..(count * 32)];
            var levels = new MerkleLevels(leaves);
            MerkleTree.Root(leaves, root);
            Assert.Equal(root, levels.Root.ToArray());
            for (var index = 0; index < count; index++)
                Assert.Equal(MerkleTree.Prove(leaves, index), levels.Prove(index));
        }
    }

    [Fact]
    public void MistakesThrow()
    {
        Assert.Throws<ArgumentException>(() => new MerkleLevels([]));
        Assert.Throws<ArgumentException>(() => new MerkleLevels(new byte[33]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MerkleLevels(new byte[64]).Prove(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MerkleLevels(new byte[64]).Prove(-1));
    }

    [Fact]
    public void LeadingLeavesVerifyWithoutTheCountAndNoOtherPlaceDoes()
    {
        var hashes = RandomNumberGenerator.GetBytes(40 * 32);
        for (var count = 2; count <= 40; count++)
        {
            var levels = new MerkleLevels(hashes.AsSpan(0, count * 32));
            var root = levels.Root.ToArray();
            var leading = LeadingLeaves.Of(count);
            Assert.True(leading < count && leading * 2 >= count);
            for (var index = 0; index < count; index++)
            {
                var leaf = hashes.AsSpan(index * 32, 32).ToArray();
                var proof = levels.Prove(index);
                for (var place = -1; place <= leading; place++)
                    Assert.Equal(place == index && index < leading, LeadingLeaves.Verify(leaf, place, leading, proof, root));
                if (index >= leading)
                    continue;
                Assert.False(LeadingLeaves.Verify(leaf, index, leading, [.. proof, .. new byte[32]], root));
                Assert.False(LeadingLeaves.Verify(leaf, index, leading, [.. proof, 0], root));
                Assert.False(LeadingLeaves.Verify(leaf, index, leading * 4, proof, root));
                for (var at = 0; at < proof.Length; at += 7)
                {
                    proof[at] ^= 1;
                    Assert.False(LeadingLeaves.Verify(leaf, index, leading, proof, root));
                    proof[at] ^= 1;
                }
            }
        }
    }

    [Fact]
    public void WhatIsNoProofOfALeadingLeafIsRefused()
    {
        var levels = new MerkleLevels(RandomNumberGenerator.GetBytes(8 * 32));
        var proof = levels.Prove(1);
        foreach (var leading in (long[])[long.MinValue, -4, 0, 3, 8, 1L << 62])
            Assert.False(LeadingLeaves.Verify(levels.Root, 0, leading, proof, levels.Root));
        Assert.False(LeadingLeaves.Verify(levels.Root, 0, 4, [], levels.Root));
        Assert.False(LeadingLeaves.Verify(new byte[31], 0, 4, proof, levels.Root));
        Assert.Throws<ArgumentOutOfRangeException>(() => LeadingLeaves.Of(1));
    }
}
