using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Tests.Primitives;

public sealed class AeadBatchTests : IDisposable
{
    private const int Messages = 40;
    private const int MessageSize = 75;
    private const int AadSize = 21;
    private const int Stride = 100;

    private readonly AeadBatch _batch = new(Messages, MessageSize, AadSize);
    private readonly byte[] _plaintexts = RandomNumberGenerator.GetBytes(Messages * MessageSize);
    private readonly (byte[] Key, byte[] Nonce, byte[] Aad)[] _parts = [.. Enumerable.Range(0, Messages).Select(i => (
        // Three messages in a row are under one key.
        SHA256.HashData([(byte)(i / 3)]), RandomNumberGenerator.GetBytes(12), RandomNumberGenerator.GetBytes(AadSize)))];

    public AeadBatchTests()
    {
        foreach (var (key, nonce, aad) in _parts)
            _batch.Add(key, nonce, aad);
    }

    public void Dispose() => _batch.Dispose();

    [Fact]
    public async Task SealsEachAsAKeyOfItsOwnWould()
    {
        var output = new byte[Messages * Stride];
        await _batch.SealAsync(_plaintexts, output, Stride);
        await AssertSealedAsync(output);
    }

    [Fact]
    public async Task SealsTheSameWhereTheProcessorHasNoAes()
    {
        Assert.SkipUnless(AesGcm.IsSupported, "There is one way only in a browser.");
        var output = new byte[Messages * Stride];
        NativeAeadBatch.SealPortably(_batch, _plaintexts, output, Stride);
        await AssertSealedAsync(output);
    }

    [Fact]
    public async Task ServesAgain()
    {
        _batch.Clear();
        _batch.Add(_parts[1].Key, _parts[1].Nonce, _parts[1].Aad);
        var output = new byte[MessageSize + Aead.TagSize];
        await _batch.SealAsync(_plaintexts.AsMemory(0, MessageSize), output, Stride);
        Assert.Equal(await SealedAsync(1, 0), output);
    }

    [Fact]
    public void RefusesWrongSizes()
    {
        Assert.Throws<InvalidOperationException>(() => _batch.Add(new byte[32], new byte[12], new byte[AadSize]));
        _batch.Clear();
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.Add(new byte[31], new byte[12], new byte[AadSize]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.Add(new byte[32], new byte[13], new byte[AadSize]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.Add(new byte[32], new byte[12], new byte[AadSize + 1]));
        _batch.Add(new byte[32], new byte[12], new byte[AadSize]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.SealAsync(new byte[MessageSize + 1], new byte[Stride], Stride).AsTask().GetAwaiter().GetResult());
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.SealAsync(new byte[MessageSize], new byte[MessageSize + 15], Stride).AsTask().GetAwaiter().GetResult());
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.SealAsync(new byte[MessageSize], new byte[Stride], MessageSize + 15).AsTask().GetAwaiter().GetResult());
    }

    private async Task AssertSealedAsync(byte[] output)
    {
        for (var i = 0; i < Messages; i++)
        {
            Assert.Equal(await SealedAsync(i, i), output.AsSpan(i * Stride, MessageSize + Aead.TagSize).ToArray());
            // What is between two messages is left alone.
            Assert.Equal(new byte[Stride - MessageSize - Aead.TagSize], output.AsSpan((i * Stride) + MessageSize + Aead.TagSize, Stride - MessageSize - Aead.TagSize).ToArray());
        }
    }

    private async Task<byte[]> SealedAsync(int part, int plaintext)
    {
        using var key = Secret.CopyOf(_parts[part].Key);
        var expected = new byte[MessageSize + Aead.TagSize];
        await Aead.SealAsync(key, _parts[part].Nonce, _plaintexts.AsMemory(plaintext * MessageSize, MessageSize), _parts[part].Aad, expected);
        return expected;
    }
}
