using System.Security.Cryptography;
using Salus.Protocol.Audit;

namespace Salus.Protocol.Tests.Audit;

public sealed class LeafMessageTests
{
    private static readonly byte[] Root = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void ChallengesAreReadAsTheyWereWritten()
    {
        foreach (var leaves in (long[][])[[0], [0, 1, 2], [5, 1L << 39], [.. Enumerable.Range(0, Limits.MaxChallengeLeaves).Select(i => 3L * i)]])
        {
            var bytes = LeafChallenge.Of(leaves).ToBytes();
            Assert.True(bytes.Length <= LeafChallenge.MaxSize);
            Assert.True(LeafChallenge.TryRead(bytes, out var read));
            Assert.Equal(leaves, read.Leaves);
        }
    }

    [Fact]
    public void AChallengeIsTheBytesOfTheSpecification() =>
        Assert.Equal([.. "salus challenge 1\n"u8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 1, 0], LeafChallenge.Of([7, 256]).ToBytes());

    [Fact]
    public void NoOtherChallengeIsReadOrMade()
    {
        foreach (var leaves in (long[][])[[], [1, 1], [2, 1], [-1], [long.MaxValue], [.. Enumerable.Range(0, Limits.MaxChallengeLeaves + 1).Select(i => (long)i)]])
            Assert.Throws<ArgumentException>(() => LeafChallenge.Of(leaves));
        var bytes = LeafChallenge.Of([3, 9]).ToBytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(LeafChallenge.TryRead(bytes.AsSpan(0, length), out _));
        Assert.False(LeafChallenge.TryRead([.. bytes, 0], out _));
        for (var bit = 0; bit < 22 * 8; bit++)
            Assert.False(LeafChallenge.TryRead(Flipped(bytes, bit), out _), $"bit {bit}");
    }

    [Fact]
    public void AnswersAreReadAsTheyWereWritten()
    {
        ProvenLeaf[] leaves = [new([1], []), new(RandomNumberGenerator.GetBytes(4096), RandomNumberGenerator.GetBytes(62 * 32))];
        var bytes = LeafAnswer.Write(Root, leaves);
        Assert.True(bytes.Length <= LeafAnswer.MaxSize(2));
        Assert.True(LeafAnswer.TryRead(bytes, 2, out var read));
        Assert.Equal(Root, read.Root);
        Assert.Equal(leaves.Select(leaf => leaf.Data), read.Leaves.Select(leaf => leaf.Data));
        Assert.Equal(leaves.Select(leaf => leaf.Proof), read.Leaves.Select(leaf => leaf.Proof));
    }

    [Fact]
    public void NoOtherAnswerIsRead()
    {
        var bytes = LeafAnswer.Write(Root, [new([1, 2, 3], RandomNumberGenerator.GetBytes(64)), new([4], [])]);
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(LeafAnswer.TryRead(bytes.AsSpan(0, length), 2, out _));
        Assert.False(LeafAnswer.TryRead([.. bytes, 0], 2, out _));
        foreach (var asked in (int[])[0, 1, 3, 256])
            Assert.False(LeafAnswer.TryRead(bytes, asked, out _));
        Assert.False(LeafAnswer.TryRead(LeafAnswer.Write(Root, [new([], [])]), 1, out _));
        Assert.False(LeafAnswer.TryRead(LeafAnswer.Write(Root, [new(new byte[4097], [])]), 1, out _));
        Assert.False(LeafAnswer.TryRead(LeafAnswer.Write(Root, [new([1], new byte[63 * 32])]), 1, out _));
    }

    [Fact]
    public void AnyBitOfAnAnswerIsReadOrRefusedAndNeverThrows()
    {
        var bytes = LeafAnswer.Write(Root, [new(RandomNumberGenerator.GetBytes(40), RandomNumberGenerator.GetBytes(64))]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
            if (LeafAnswer.TryRead(Flipped(bytes, bit), 1, out var read))
                Assert.Equal(Flipped(bytes, bit), LeafAnswer.Write(read.Root, read.Leaves));
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var copy = bytes.ToArray();
        copy[bit / 8] ^= (byte)(1 << (bit % 8));
        return copy;
    }
}
