using System.Security.Cryptography;
using Salus.Crypto.Primitives;
using Salus.Testing;

namespace Salus.Crypto.Tests.Primitives;

/// <summary>The published vectors of every primitive, through the boundary that the schemes use.</summary>
public class VectorTests
{
    public static TheoryData<Vector> Of(string name) => [.. Vectors.Read(name)];

    [Theory]
    [MemberData(nameof(Of), "sha256")]
    public void Sha256OfFips180(Vector vector) => Assert.Equal(vector.Bytes("hash"), Sha256.Hash(vector.Bytes("message")));

    [Theory]
    [MemberData(nameof(Of), "hmac-sha256")]
    public void HmacOfRfc4231(Vector vector)
    {
        var mac = new byte[Mac.Size];
        Mac.HmacSha256(vector.Bytes("key"), vector.Bytes("data"), mac);
        Assert.Equal(vector.Bytes("mac"), mac);
        Assert.True(Mac.Verify(vector.Bytes("key"), vector.Bytes("data"), mac));
        mac[31] ^= 1;
        Assert.False(Mac.Verify(vector.Bytes("key"), vector.Bytes("data"), mac));
        Assert.False(Mac.Verify(vector.Bytes("key"), vector.Bytes("data"), mac.AsSpan(0, 31)));
    }

    [Theory]
    [MemberData(nameof(Of), "hkdf-sha256")]
    public void HkdfOfRfc5869(Vector vector)
    {
        var okm = new byte[vector.Bytes("okm").Length];
        Kdf.Expand(vector.Bytes("prk"), vector.Bytes("info"), okm);
        Assert.Equal(vector.Bytes("okm"), okm);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, vector.Bytes("ikm"), okm, vector.Bytes("salt"), vector.Bytes("info"));
        Assert.Equal(vector.Bytes("okm"), okm);
    }

    [Theory]
    [MemberData(nameof(Of), "chacha20")]
    public void ChaCha20OfRfc8439(Vector vector)
    {
        var stream = RandomNumberGenerator.GetBytes(vector.Bytes("stream").Length);
        ChaCha20.Stream(vector.Bytes("key"), vector.Bytes("nonce"), (uint)vector.Int("block"), stream);
        Assert.Equal(vector.Bytes("stream"), stream);
        ChaCha20.Stream(vector.Bytes("key"), vector.Bytes("nonce"), uint.MaxValue, stream.AsSpan(0, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChaCha20.Stream(vector.Bytes("key"), vector.Bytes("nonce"), uint.MaxValue, new byte[65]));
    }

    [Fact]
    public void KdfIsHkdfOfTheLengthPrefixedLabelAndInfo()
    {
        byte[] info = [0, 0, 0, 0, 0, 0, 0, 1, (byte)'l', 0, 0, 0, 0, 0, 0, 0, 2, 8, 9];
        using var derived = Kdf.Derive([1, 2, 3], "l", 42, [8, 9]);
        Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, [1, 2, 3], 42, null, info), derived.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Of), "aes-256-gcm")]
    public async Task AesGcmOfItsSpecification(Vector vector)
    {
        using var key = Secret.CopyOf(vector.Bytes("key"));
        byte[] expected = [.. vector.Bytes("ciphertext"), .. vector.Bytes("tag")];
        var plaintext = new byte[expected.Length - Aead.TagSize];
        if (vector.Expect == "ok")
        {
            var sealedBytes = new byte[expected.Length];
            await Aead.SealAsync(key, vector.Bytes("nonce"), vector.Bytes("plaintext"), vector.Bytes("aad"), sealedBytes);
            Assert.Equal(expected, sealedBytes);
            Assert.True(await Aead.OpenAsync(key, vector.Bytes("nonce"), expected, vector.Bytes("aad"), plaintext));
            Assert.Equal(vector.Bytes("plaintext"), plaintext);
        }
        else
        {
            Array.Fill(plaintext, (byte)0xEE);
            Assert.False(await Aead.OpenAsync(key, vector.Bytes("nonce"), expected, vector.Bytes("aad"), plaintext));
            Assert.All(plaintext, b => Assert.Equal(0, b));
        }
    }

    [Theory]
    [MemberData(nameof(Of), "ed25519")]
    public void Ed25519OfRfc8032(Vector vector)
    {
        var verified = Ed25519.Verify(vector.Bytes("public-key"), vector.Bytes("message"), vector.Bytes("signature"));
        Assert.Equal(vector.Expect == "ok", verified);
        if (!vector.Has("seed"))
            return;
        byte[] publicKey = new byte[32], signature = new byte[64];
        Ed25519.PublicKey(vector.Bytes("seed"), publicKey);
        Ed25519.Sign(vector.Bytes("seed"), vector.Bytes("message"), signature);
        Assert.Equal(vector.Bytes("public-key"), publicKey);
        Assert.Equal(vector.Bytes("signature"), signature);
        for (var bit = 0; bit < 512; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ed25519.Verify(publicKey, vector.Bytes("message"), signature), $"bit {bit}");
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [MemberData(nameof(Of), "argon2id")]
    public void Argon2idOfLibsodium(Vector vector)
    {
        var output = new byte[vector.Bytes("output").Length];
        var parameters = new Argon2Parameters((uint)vector.Int("memory-kib"), (uint)vector.Int("passes"));
        Argon2id.DeriveAtAnyCost(vector.Bytes("passphrase"), vector.Bytes("salt"), parameters, output);
        Assert.Equal(vector.Bytes("output"), output);
        if (parameters.IsAcceptable)
            Argon2id.Derive(vector.Bytes("passphrase"), vector.Bytes("salt"), parameters, output);
        else
            Assert.Throws<ArgumentOutOfRangeException>(() => Argon2id.Derive(vector.Bytes("passphrase"), vector.Bytes("salt"), parameters, output));
    }

    [Theory]
    [InlineData(65535, 3, false)]
    [InlineData(65536, 2, false)]
    [InlineData(65536, 3, true)]
    [InlineData(1048576, 32, true)]
    [InlineData(1048577, 3, false)]
    [InlineData(65536, 33, false)]
    [InlineData(0, 0, false)]
    public void PasswordHashCostHasAFloorAndACeiling(uint memory, uint passes, bool acceptable) =>
        Assert.Equal(acceptable, new Argon2Parameters(memory, passes).IsAcceptable);

    [Theory]
    [MemberData(nameof(Of), "ristretto255")]
    public void Ristretto255OfRfc9496(Vector vector)
    {
        var point = vector.Bytes("point");
        var result = new byte[32];
        if (vector.Has("hash"))
        {
            Ristretto255.FromHash(vector.Bytes("hash"), result);
            Assert.Equal(point, result);
        }
        else if (vector.Has("scalar"))
        {
            Assert.Equal(vector.Expect == "ok", Ristretto255.TryMultiplyBase(vector.Bytes("scalar"), result));
            Assert.Equal(vector.Expect == "ok", Ristretto255.IsPoint(point));
            Assert.Equal(vector.Expect == "ok", Ristretto255.IsScalar(vector.Bytes("scalar")));
            if (vector.Expect == "ok")
                Assert.Equal(point, result);
        }
        else
            Assert.False(Ristretto255.IsPoint(point), vector.Expect);
    }
}
