using System.Security.Cryptography;
using Salus.Crypto.Merkle;
using Salus.Protocol.Audit;
using Salus.Protocol.Dispersal;

namespace Salus.Protocol.Tests.Audit;

public sealed class LeafProverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(3 * 2048 + 5)]
    [InlineData(5 * 2048)]
    public void ProofsOfWindowsAreProofsOfTheTree(int count)
    {
        var hashes = RandomNumberGenerator.GetBytes(count * 32);
        long[] leaves = [.. new long[] { 0, 1, 2, 2046, 2047, 2048, 4095, 4096, 6149, count - 1 }.Where(leaf => leaf < count).Distinct().Order()];
        var prover = new LeafProver(leaves);
        for (var at = 0; at < count; at += LeafProver.WindowLeaves)
            prover.Append(hashes.AsSpan(at * 32, Math.Min(LeafProver.WindowLeaves, count - at) * 32));
        var (root, proofs) = prover.Finish();
        Assert.Equal(new MerkleLevels(hashes).Root.ToArray(), root);
        for (var i = 0; i < leaves.Length; i++)
            Assert.True(MerkleTree.VerifyInclusion(hashes.AsSpan((int)leaves[i] * 32, 32), leaves[i], count, proofs[i], root));
    }

    [Fact]
    public void ALeafBeyondTheHashesThrows()
    {
        var prover = new LeafProver([4]);
        prover.Append(new byte[4 * 32]);
        Assert.Throws<InvalidOperationException>(() => prover.Finish());
    }

    [Fact]
    public void TheLengthOfAFileSaysWhatItsLayoutSays()
    {
        foreach (var (k, n) in ((int, int)[])[(1, 1), (4, 8), (3, 7)])
            foreach (var length in (long[])[16, 63, 64, 65, 4096 * 4, 4096 * 4 + 1, 262144, 262145, 10_000_000, 3L << 30, FragmentLayout.MaxBodyLength])
            {
                var layout = new FragmentLayout(length, k, n);
                Assert.True(FragmentShape.TryOf(layout.FileLength, out var shape), $"{length} {k}");
                Assert.Equal(layout.Leaves, shape!.Leaves);
                Assert.Equal(layout.LeafHashesOffset, shape.LeafHashesOffset);
                Assert.Equal((0, 4096), shape.Leaf(0));
                Assert.Equal((layout.NextLabelOffset, 32), shape.Leaf(layout.Leaves - 1));
                var last = shape.Leaf(layout.Leaves - 2);
                Assert.Equal(layout.LeafHashesOffset, last.Offset + last.Length);
            }
    }

    [Fact]
    public void ALengthThatNoFragmentHasHasNoShape()
    {
        foreach (var length in (long[])[long.MinValue, -1, 0, 1, 4096, 4192, 4193, long.MaxValue])
            Assert.False(FragmentShape.TryOf(length, out _), $"{length}");
        var layout = new FragmentLayout(1_000_000, 4, 8);
        for (var off = 1; off < 64; off++)
            Assert.False(FragmentShape.TryOf(layout.FileLength + off, out _), $"{off}");
    }
}
