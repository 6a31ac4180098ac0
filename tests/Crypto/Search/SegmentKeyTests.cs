using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Salus.Crypto.Primitives;
using Salus.Crypto.Search;

namespace Salus.Crypto.Tests.Search;

public sealed class SegmentKeyTests : IDisposable
{
    private static readonly byte[] Context = [.. Enumerable.Range(1, SegmentKey.ContextSize).Select(i => (byte)i)];

    private readonly Secret _secret = Secret.CopyOf(SHA256.HashData("segment key"u8));
    private readonly SegmentKey _key;

    public SegmentKeyTests() => _key = new SegmentKey(_secret, Context);

    public void Dispose()
    {
        _key.Dispose();
        _secret.Dispose();
    }

    [Fact]
    public async Task IsWhatTheSpecificationSays()
    {
        Assert.SkipUnless(AesGcm.IsSupported, "A browser's framework has no AES-GCM.");
        // Built again with nothing but HKDF, HMAC and AES-GCM of the framework.
        var block = RandomNumberGenerator.GetBytes(BlockSize.Plain);
        foreach (var (token, number) in new[] { (_key.Term("w:diabet"), 0u), (_key.Term("c:loinc|4548-4"u8), 70_000u) })
        {
            var t = HMACSHA256.HashData(Derive("salus/v1/search-terms"), number == 0 ? "w:diabet"u8.ToArray() : "c:loinc|4548-4"u8.ToArray());
            var c = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(c, number);
            byte[] input = [(byte)'a', .. c];
            var address = HMACSHA256.HashData(t, input)[..16];
            var expected = new byte[BlockSize.Sealed];
            using (var aes = new AesGcm(HMACSHA256.HashData(t, "e"u8.ToArray()), 16))
                aes.Encrypt([.. new byte[8], .. c], block, expected.AsSpan(0, 240), expected.AsSpan(240), [.. Context, .. address]);

            var (at, made, opened) = (new byte[BlockSize.Address], new byte[BlockSize.Sealed], new byte[BlockSize.Plain]);
            token.Address(number, at);
            await token.SealAsync(number, block, made);
            Assert.Equal(address, at);
            Assert.Equal(expected, made);
            Assert.True(await token.OpenAsync(number, made, opened));
            Assert.Equal(block, opened);
            token.Dispose();
        }
        Assert.Equal(Derive("salus/v1/search-dictionary"), _key.DictionaryKey.Bytes.ToArray());

        byte[] Derive(string label) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret.Bytes.ToArray(), 32, salt: [],
            [.. BitConverter.GetBytes((ulong)label.Length).Reverse(), .. Encoding.ASCII.GetBytes(label), .. new byte[8]]);
    }

    [Fact]
    public async Task ABlockOpensAsItselfAlone()
    {
        var made = new byte[BlockSize.Sealed];
        using var token = _key.Term("w:a");
        await token.SealAsync(1, Filled(), made);
        Assert.True(await Opens(token, 1, made));
        Assert.False(await Opens(token, 0, made));
        Assert.False(await Opens(token, 2, made));
        Assert.False(await Opens(_key.Term("w:b"), 1, made));

        using var other = Secret.CopyOf(SHA256.HashData("another key"u8));
        Assert.False(await Opens(new SegmentKey(other, Context).Term("w:a"), 1, made));
        for (var i = 0; i < Context.Length; i++)
        {
            var context = (byte[])Context.Clone();
            context[i] ^= 1;
            Assert.False(await Opens(new SegmentKey(_secret, context).Term("w:a"), 1, made));
        }
    }

    [Fact]
    public async Task EveryFlippedBitAndEveryOtherLengthIsRefused()
    {
        var made = new byte[BlockSize.Sealed];
        using var token = _key.Term("w:a");
        await token.SealAsync(0, Filled(), made);
        for (var bit = 0; bit < made.Length * 8; bit++)
        {
            made[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(await Opens(token, 0, made));
            made[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        for (var length = 0; length < made.Length; length++)
            Assert.False(await Opens(token, 0, made[..length]));
        Assert.False(await Opens(token, 0, [.. made, 0]));
        Assert.True(await Opens(token, 0, made));
    }

    [Fact]
    public async Task ABatchIsSealedAsItsBlocksWouldBeOneByOne()
    {
        using var sealer = new BlockSealer(_key);
        using var batch = new BlockBatch();
        for (var round = 0; round < 2; round++)
        {
            var expected = new List<byte>();
            for (var term = 0; !batch.IsFull; term++)
            {
                var text = $"w:{round}-{new string('x', term % 60)}{term}";
                var first = (uint)(term % 3);
                using var token = _key.Term(text);
                batch.Begin(Encoding.UTF8.GetBytes(text), first);
                for (var i = 0; i < 1 + (term % 5) && !batch.IsFull; i++)
                {
                    var plaintext = Filled();
                    plaintext.CopyTo(batch.Next());
                    var number = first + (uint)i;
                    var entry = new byte[BlockSize.Entry];
                    token.Address(number, entry.AsSpan(0, BlockSize.Address));
                    await token.SealAsync(number, plaintext, entry.AsMemory(BlockSize.Address));
                    expected.AddRange(entry);
                }
            }
            Assert.Equal(BlockBatch.Capacity, batch.Count);
            var output = new byte[batch.Count * BlockSize.Entry];
            await sealer.SealAsync(batch, output);
            Assert.Equal(expected, output);
            batch.Clear();
        }
        batch.Begin("w:a"u8, 0);
        Assert.False(batch.Next().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void AddressesLookRandom()
    {
        using var token = _key.Term("w:a");
        var seen = new HashSet<string>();
        var ones = 0;
        for (uint block = 0; block < 4096; block++)
        {
            var address = new byte[BlockSize.Address];
            token.Address(block, address);
            Assert.True(seen.Add(Convert.ToHexString(address)));
            ones += address.Sum(b => System.Numerics.BitOperations.PopCount(b));
        }
        // 524,288 bits: six standard deviations are 2172.
        Assert.InRange(ones, 262_144 - 2172, 262_144 + 2172);
    }

    [Fact]
    public void SecretsPrintNothing()
    {
        using var token = _key.Term("w:a");
        Assert.Equal("[redacted]", _key.ToString());
        Assert.Equal("[redacted]", token.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentKey(_secret, new byte[31]));
        using var shorter = new Secret(31);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentKey(shorter, Context));
    }

    private static byte[] Filled() => RandomNumberGenerator.GetBytes(BlockSize.Plain);

    private static async Task<bool> Opens(TermToken token, uint block, byte[] made)
    {
        var plaintext = Filled();
        var opened = await token.OpenAsync(block, made, plaintext);
        if (!opened)
            Assert.Equal(new byte[BlockSize.Plain], plaintext);
        return opened;
    }
}
