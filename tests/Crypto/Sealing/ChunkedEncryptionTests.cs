using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Salus.Crypto.Primitives;
using Salus.Crypto.Sealing;
using Salus.Testing;

namespace Salus.Crypto.Tests.Sealing;

public class ChunkedEncryptionTests
{
    private const int Chunk = ChunkedEncryption.ChunkSize;
    private const int SealedChunk = ChunkedEncryption.SealedChunkSize;

    private readonly Secret _key = Secret.Random(32);
    private readonly byte[] _context = "record 9|version 1|suite 1"u8.ToArray();

    public static TheoryData<Vector> All => [.. Vectors.Read("chunked-encryption")];

    [Theory]
    [MemberData(nameof(All))]
    public async Task MatchesTheSpecification(Vector vector)
    {
        using var key = Secret.CopyOf(vector.Bytes("input-key"));
        if (vector.Expect != "ok")
        {
            Assert.Equal(vector.Expect, (await Open(key, vector.Bytes("context"), vector.Bytes("message"))).Outcome);
            return;
        }
        using var message = new ChunkedEncryption(key, vector.Bytes("salt"), vector.Bytes("context"));
        Assert.Equal(vector.Bytes("commitment"), message.Prefix[24..].ToArray());
        var bytes = await Seal(message, vector.Bytes("plaintext"));
        Assert.Equal(vector.Bytes("sha256"), SHA256.HashData(bytes));
        if (vector.Has("message"))
            Assert.Equal(vector.Bytes("message"), bytes);
        var (outcome, plaintext) = await Open(key, vector.Bytes("context"), bytes);
        Assert.Equal("ok", outcome);
        Assert.Equal(vector.Bytes("plaintext"), plaintext);
    }

    [Fact]
    public async Task ChunksSealedInAnyOrderAndAnyGroupingGiveTheSameMessage()
    {
        var plaintext = RandomNumberGenerator.GetBytes((5 * Chunk) + 77);
        using var message = ChunkedEncryption.Create(_key, _context);
        var whole = await Seal(message, plaintext);

        var pieces = new byte[whole.Length];
        message.Prefix.CopyTo(pieces);
        await message.SealFinalAsync(4, plaintext.AsMemory(4 * Chunk), Part(pieces, 4, pieces.Length));
        await message.SealAsync(1, plaintext.AsMemory(Chunk, 3 * Chunk), Part(pieces, 1, (int)ChunkedEncryption.ChunkOffset(4)));
        await message.SealAsync(0, plaintext.AsMemory(0, Chunk), Part(pieces, 0, (int)ChunkedEncryption.ChunkOffset(1)));
        Assert.Equal(whole, pieces);

        var opened = new byte[2 * Chunk];
        Assert.True(await message.OpenAsync(2, Part(whole, 2, (int)ChunkedEncryption.ChunkOffset(4)), opened));
        Assert.Equal(plaintext[(2 * Chunk)..(4 * Chunk)], opened);

        static Memory<byte> Part(byte[] bytes, long chunk, int end) => bytes.AsMemory((int)ChunkedEncryption.ChunkOffset(chunk)..end);
    }

    [Fact]
    public async Task ManyThreadsMayUseOneMessage()
    {
        var plaintext = RandomNumberGenerator.GetBytes(64 * Chunk);
        using var message = ChunkedEncryption.Create(_key, _context);
        var expected = new byte[64 * SealedChunk];
        await message.SealAsync(0, plaintext, expected);
        var pieces = new byte[expected.Length];
        await Parallel.ForAsync(0, 64, async (i, _) =>
        {
            await message.SealAsync((ulong)i, plaintext.AsMemory(i * Chunk, Chunk), pieces.AsMemory(i * SealedChunk, SealedChunk));
            var back = new byte[Chunk];
            Assert.True(await message.OpenAsync((ulong)i, pieces.AsMemory(i * SealedChunk, SealedChunk), back));
            Assert.Equal(plaintext[(i * Chunk)..((i + 1) * Chunk)], back);
        });
        Assert.Equal(expected, pieces);
    }

    [Fact]
    public async Task EveryTruncationIsRefused()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        var bytes = await Seal(message, RandomNumberGenerator.GetBytes(200));
        for (var length = 0; length < bytes.Length; length++)
            Assert.NotEqual("ok", (await Open(_key, _context, bytes.AsMemory(0, length))).Outcome);
    }

    [Theory]
    [InlineData(2 * Chunk)]
    [InlineData((2 * Chunk) + 9)]
    public async Task CuttingAfterAFullChunkIsTruncation(int size)
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        var bytes = await Seal(message, RandomNumberGenerator.GetBytes(size));
        foreach (var chunks in new[] { 0, 1, 2 })
            Assert.Equal("length", (await Open(_key, _context, bytes.AsMemory(0, (int)ChunkedEncryption.ChunkOffset(chunks)))).Outcome);
        // And a shortened message whose length is that of a shorter one fails by its tag: a full chunk is no last chunk.
        Assert.Equal("not-authentic", (await Open(_key, _context, bytes.AsMemory(0, (int)ChunkedEncryption.ChunkOffset(1) + 100))).Outcome);
    }

    [Fact]
    public async Task TheEndWithoutALastChunkAndTheMiddleWithAShortOneAreRefused()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        var bytes = (await Seal(message, RandomNumberGenerator.GetBytes(Chunk + 9))).AsMemory(ChunkedEncryption.PrefixSize);
        Assert.False(await message.OpenFinalAsync(0, bytes[..SealedChunk], new byte[Chunk]));
        Assert.False(await message.OpenFinalAsync(0, bytes[..(SealedChunk + 15)], new byte[Chunk]));
        Assert.False(await message.OpenFinalAsync(0, default, default));
        Assert.False(await message.OpenAsync(0, bytes, new byte[Chunk + 9]));
        Assert.False(await message.OpenAsync(1, bytes[SealedChunk..], new byte[9]));
        Assert.True(await message.OpenAsync(0, bytes[..SealedChunk], new byte[Chunk]));
        Assert.True(await message.OpenFinalAsync(1, bytes[SealedChunk..], new byte[9]));
    }

    [Fact]
    public async Task EveryFlippedBitIsRefusedAndGivesOutNothing()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        var bytes = await Seal(message, new byte[40]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var (outcome, plaintext) = await Open(_key, _context, bytes);
            Assert.Equal(bit < ChunkedEncryption.PrefixSize * 8 ? "commitment" : "not-authentic", outcome);
            Assert.All(plaintext, b => Assert.Equal(0, b));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task ReorderedRepeatedAndSplicedChunksAreRefused()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        using var other = ChunkedEncryption.Create(_key, _context);
        var plaintext = RandomNumberGenerator.GetBytes((3 * Chunk) + 5);
        var bytes = await Seal(message, plaintext);
        var foreign = await Seal(other, plaintext);
        Memory<byte> At(byte[] all, int chunk) => all.AsMemory((int)ChunkedEncryption.ChunkOffset(chunk), SealedChunk);
        var opened = new byte[Chunk];
        Assert.False(await message.OpenAsync(0, At(bytes, 1), opened));
        Assert.False(await message.OpenAsync(2, At(bytes, 1), opened));
        Assert.False(await message.OpenAsync(1, At(foreign, 1), opened));
        Assert.True(await message.OpenAsync(1, At(bytes, 1), opened));
    }

    [Fact]
    public async Task OneBadChunkOfABatchGivesOutNoneOfIt()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        var bytes = await Seal(message, RandomNumberGenerator.GetBytes(3 * Chunk));
        bytes[ChunkedEncryption.ChunkOffset(2)] ^= 1;
        var opened = new byte[3 * Chunk];
        Array.Fill(opened, (byte)0xEE);
        Assert.False(await message.OpenAsync(0, bytes.AsMemory(56, 3 * SealedChunk), opened));
        Assert.All(opened, b => Assert.Equal(0, b));
    }

    [Fact, Attack("S19")]
    public void AnotherKeyOrContextIsRefusedByTheCommitment()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        using var otherKey = Secret.Random(32);
        Assert.True(ChunkedEncryption.TryOpen(_key, message.Prefix, _context, out _));
        Assert.False(ChunkedEncryption.TryOpen(otherKey, message.Prefix, _context, out _));
        Assert.False(ChunkedEncryption.TryOpen(_key, message.Prefix, "record 9|version 2|suite 1"u8, out _));
        Assert.False(ChunkedEncryption.TryOpen(_key, message.Prefix[..55], _context, out _));
    }

    [Fact]
    public void LengthsAreThoseOfTheSpecification()
    {
        Assert.Equal(56 + 16, ChunkedEncryption.CiphertextLength(0));
        Assert.Equal(56 + 16383 + 16, ChunkedEncryption.CiphertextLength(16383));
        Assert.Equal(56 + 16384 + 32, ChunkedEncryption.CiphertextLength(16384));
        foreach (var length in new[] { -1, 0, 56, 71, 56 + 16400, 56 + 16400 + 15, long.MaxValue })
            Assert.False(ChunkedEncryption.TryPlaintextLength(length, out _), $"length {length}");
        Assert.True(ChunkedEncryption.TryPlaintextLength(
            ChunkedEncryption.CiphertextLength(ChunkedEncryption.MaximumPlaintextLength), out var longest));
        Assert.Equal(ChunkedEncryption.MaximumPlaintextLength, longest);
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkedEncryption.CiphertextLength(ChunkedEncryption.MaximumPlaintextLength + 1));
        Prop.ForAll<uint, uint>((high, low) =>
        {
            var length = (long)((((ulong)high << 32) | low) % (ulong)ChunkedEncryption.MaximumPlaintextLength);
            return ChunkedEncryption.TryPlaintextLength(ChunkedEncryption.CiphertextLength(length), out var back) && back == length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task CallersMistakesThrow()
    {
        using var message = ChunkedEncryption.Create(_key, _context);
        await Assert.ThrowsAsync<ArgumentException>(async () => await message.SealAsync(0, new byte[Chunk - 1], new byte[SealedChunk - 1]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await message.SealFinalAsync(0, new byte[5], new byte[5]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await message.SealFinalAsync(1UL << 38, new byte[5], new byte[21]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await message.SealAsync(ulong.MaxValue, new byte[Chunk], new byte[SealedChunk]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkedEncryption(_key, new byte[23], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChunkedEncryption(Secret.Random(16), new byte[24], default));
    }

    [Fact]
    public void NoncesAreTheBaseXorTheChunkNumber()
    {
        var nonce = new byte[12];
        new ChunkBatch(Enumerable.Repeat((byte)0xff, 12).ToArray(), 0x2_0000_0001, 3, Chunk).Nonce(1, nonce);
        Assert.Equal("fffffffffffffffdfffffffd", Convert.ToHexStringLower(nonce));
    }

    private static async Task<byte[]> Seal(ChunkedEncryption message, byte[] plaintext)
    {
        var bytes = new byte[ChunkedEncryption.CiphertextLength(plaintext.Length)];
        message.Prefix.CopyTo(bytes);
        await message.SealFinalAsync(0, plaintext, bytes.AsMemory(ChunkedEncryption.PrefixSize));
        return bytes;
    }

    private static async Task<(string Outcome, byte[] Plaintext)> Open(Secret key, byte[] context, ReadOnlyMemory<byte> bytes)
    {
        if (!ChunkedEncryption.TryPlaintextLength(bytes.Length, out var length))
            return ("length", []);
        if (!ChunkedEncryption.TryOpen(key, bytes.Span[..ChunkedEncryption.PrefixSize], context, out var message))
            return ("commitment", []);
        using (message)
        {
            var plaintext = new byte[length];
            return (await message.OpenFinalAsync(0, bytes[ChunkedEncryption.PrefixSize..], plaintext) ? "ok" : "not-authentic", plaintext);
        }
    }
}
