using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Tests.Primitives;

public class SealedBoxTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(1, SealedBox.SeedSize).Select(i => (byte)i)];

    private static byte[] PublicKey(byte[] seed)
    {
        var publicKey = new byte[SealedBox.PublicKeySize];
        SealedBox.PublicKey(seed, publicKey);
        return publicKey;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void OpensWhatWasSealed(int size)
    {
        var message = RandomNumberGenerator.GetBytes(size);
        var box = SealedBox.Seal(PublicKey(Seed), message);
        Assert.Equal(size + SealedBox.Overhead, box.Length);
        Assert.True(SealedBox.TryOpen(Seed, box, out var opened));
        Assert.Equal(message, opened);
    }

    [Fact]
    public void OpenRejectsEveryFlippedBitAndEveryTruncation()
    {
        var box = SealedBox.Seal(PublicKey(Seed), "a finding"u8);
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            // The top bit of an X25519 key is ignored by definition (RFC 7748 section 5), but the nonce hashes all of it.
            var altered = (byte[])box.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SealedBox.TryOpen(Seed, altered, out var opened), $"bit {bit}");
            Assert.Null(opened);
        }
        for (var length = 0; length < box.Length; length++)
            Assert.False(SealedBox.TryOpen(Seed, box.AsSpan(0, length), out _), $"length {length}");
    }

    [Fact]
    public void OpenRejectsAnotherKey()
    {
        var other = (byte[])Seed.Clone();
        other[0] ^= 1;
        Assert.False(SealedBox.TryOpen(other, SealedBox.Seal(PublicKey(Seed), [1]), out _));
    }

    [Fact]
    public void TwoBoxesOfOneMessageDiffer() =>
        Assert.NotEqual(SealedBox.Seal(PublicKey(Seed), [1]), SealedBox.Seal(PublicKey(Seed), [1]));

    [Fact]
    public void SealRefusesAKeyOfSmallOrder() =>
        Assert.Throws<CryptographicException>(() => SealedBox.Seal(new byte[32], [1]));
}
