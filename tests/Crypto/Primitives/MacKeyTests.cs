using System.Security.Cryptography;
using Salus.Crypto.Primitives;
using Salus.Testing;

namespace Salus.Crypto.Tests.Primitives;

public class MacKeyTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void AgreesWithTheOneShotFunction(bool isPortable)
    {
        for (var length = 0; length < 200; length++)
        {
            var key = RandomNumberGenerator.GetBytes(MacKey.KeySize);
            var data = RandomNumberGenerator.GetBytes(length);
            using var mac = new MacKey(key, isPortable);
            var (first, again, expected) = (new byte[Mac.Size], new byte[Mac.Size], new byte[Mac.Size]);
            Mac.HmacSha256(key, data, expected);
            mac.Compute(data, first);
            mac.Compute(data, again);
            Assert.Equal(expected, first);
            Assert.Equal(expected, again);
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void MatchesTheVectorsOfItsKeySize(bool isPortable)
    {
        var seen = 0;
        foreach (var vector in Vectors.Read("hmac-sha256").Where(vector => vector.Expect == "ok" && vector.Bytes("key").Length <= MacKey.KeySize))
        {
            // A shorter key is the same as one with zeros behind it (RFC 2104, section 2).
            var key = new byte[MacKey.KeySize];
            vector.Bytes("key").CopyTo(key, 0);
            using var mac = new MacKey(key, isPortable);
            var computed = new byte[Mac.Size];
            mac.Compute(vector.Bytes("data"), computed);
            Assert.Equal(vector.Bytes("mac"), computed.AsSpan(0, vector.Bytes("mac").Length).ToArray());
            seen++;
        }
        Assert.True(seen > 2);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void BecomesAnotherKey(bool isPortable)
    {
        using var mac = new MacKey(new byte[MacKey.KeySize], isPortable);
        var key = RandomNumberGenerator.GetBytes(MacKey.KeySize);
        var (computed, expected) = (new byte[Mac.Size], new byte[Mac.Size]);
        mac.Compute("a"u8, computed);
        mac.Import(key);
        mac.Compute("a"u8, computed);
        Mac.HmacSha256(key, "a"u8, expected);
        Assert.Equal(expected, computed);
    }

    [Fact]
    public void ManyThreadsComputeUnderOneKey()
    {
        var key = RandomNumberGenerator.GetBytes(MacKey.KeySize);
        using var mac = new MacKey(key);
        Parallel.For(0, 2000, i =>
        {
            var (computed, expected) = (new byte[Mac.Size], new byte[Mac.Size]);
            mac.Compute(BitConverter.GetBytes(i), computed);
            Mac.HmacSha256(key, BitConverter.GetBytes(i), expected);
            Assert.Equal(expected, computed);
        });
    }

    [Fact]
    public void IsGoneWhenItIsDisposed()
    {
        var mac = new MacKey(new byte[MacKey.KeySize]);
        mac.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mac.Compute("a"u8, new byte[Mac.Size]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MacKey(new byte[31]));
    }
}
