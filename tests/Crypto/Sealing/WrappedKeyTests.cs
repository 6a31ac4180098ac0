using Salus.Crypto.Sealing;
using Salus.Testing;

namespace Salus.Crypto.Tests.Sealing;

public class WrappedKeyTests
{
    private readonly Secret _key = Secret.Random(32);
    private readonly Secret _contentKey = Secret.Random(32);
    private readonly byte[] _context = "owner|1|7|record 9"u8.ToArray();

    public static TheoryData<Vector> All => [.. Vectors.Read("wrapped-key")];

    [Theory]
    [MemberData(nameof(All))]
    public async Task MatchesTheVectors(Vector vector)
    {
        using var key = Secret.CopyOf(vector.Bytes("key"));
        using var contentKey = Secret.CopyOf(vector.Bytes("content-key"));
        Assert.True(WrappedKey.TryParse(vector.Bytes("wrapped"), out var wrapped));
        using var opened = await wrapped.UnwrapAsync(key, vector.Bytes("context"));
        Assert.Equal(vector.Expect == "ok", opened is not null);
        if (opened is null)
            return;
        Assert.Equal(contentKey.Bytes, opened.Bytes);
        Assert.Equal(vector.Bytes("wrapped"), (await WrappedKey.WrapAsync(key, contentKey, vector.Bytes("context"))).Bytes.ToArray());
    }

    [Fact]
    public async Task EveryFlippedBitIsRefused()
    {
        var bytes = (await WrappedKey.WrapAsync(_key, _contentKey, _context)).Bytes.ToArray();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(WrappedKey.TryParse(bytes, out var wrapped));
            Assert.Null(await wrapped.UnwrapAsync(_key, _context));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void EveryOtherLengthIsRefused()
    {
        for (var length = 0; length < 200; length++)
            Assert.Equal(length == WrappedKey.Size, WrappedKey.TryParse(new byte[length], out _));
    }

    [Fact]
    public async Task AnotherRecordsContextOrKeyIsRefused()
    {
        var wrapped = await WrappedKey.WrapAsync(_key, _contentKey, _context);
        Assert.Null(await wrapped.UnwrapAsync(_key, "owner|1|7|record 8"u8.ToArray()));
        Assert.Null(await wrapped.UnwrapAsync(_contentKey, _context));
        Assert.NotNull(await wrapped.UnwrapAsync(_key, _context));
    }

    [Fact]
    public async Task OneKeyMayWrapTwoContentKeysWithoutReusingAKeyStream()
    {
        using var other = Secret.Random(32);
        var first = (await WrappedKey.WrapAsync(_key, _contentKey, _context)).Bytes.ToArray();
        var second = (await WrappedKey.WrapAsync(_key, other, _context)).Bytes.ToArray();
        var streams = Enumerable.Range(0, 32).Count(i => (first[32 + i] ^ _contentKey.Bytes[i]) == (second[32 + i] ^ other.Bytes[i]));
        Assert.True(streams < 8, $"{streams} of 32 bytes of key stream agree");
    }
}
