using System.Security.Cryptography;
using Salus.Crypto.Sealing;
using Salus.Testing;

namespace Salus.Crypto.Tests.Sealing;

public class SealedBlobTests
{
    private const string Label = "salus/v1/test";

    private readonly Secret _key = Secret.Random(32);
    private readonly byte[] _aad = "record 9"u8.ToArray();

    public static TheoryData<Vector> All => [.. Vectors.Read("sealed-blob")];

    [Theory]
    [MemberData(nameof(All))]
    public async Task MatchesTheVectors(Vector vector)
    {
        using var key = Secret.CopyOf(vector.Bytes("key"));
        var opened = await SealedBlob.OpenAsync(key, vector["label"], vector.Bytes("blob"), vector.Bytes("aad"));
        Assert.Equal(vector.Expect == "ok", opened is not null);
        if (opened is null)
            return;
        Assert.Equal(vector.Bytes("plaintext"), opened);
        Assert.Equal(vector.Bytes("blob"),
            await SealedBlob.SealAsync(key, vector["label"], vector.Bytes("plaintext"), vector.Bytes("aad"), vector.Bytes("salt")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70000)]
    public async Task OpensWhatWasSealed(int size)
    {
        var plaintext = RandomNumberGenerator.GetBytes(size);
        var blob = await SealedBlob.SealAsync(_key, Label, plaintext, _aad);
        Assert.Equal(size + SealedBlob.Overhead, blob.Length);
        Assert.Equal(plaintext, await SealedBlob.OpenAsync(_key, Label, blob, _aad));
    }

    [Fact]
    public async Task SecretsTravelAsSecrets()
    {
        using var content = Secret.Random(32);
        var blob = await SealedBlob.SealAsync(_key, Label, content, _aad);
        using var opened = await SealedBlob.OpenSecretAsync(_key, Label, blob, _aad);
        Assert.Equal(content.Bytes, opened!.Bytes);
        Assert.Null(await SealedBlob.OpenSecretAsync(_key, Label, await SealedBlob.SealAsync(_key, Label, Array.Empty<byte>(), _aad), _aad));
    }

    [Fact]
    public async Task EveryFlippedBitAndEveryTruncationIsRefused()
    {
        var blob = await SealedBlob.SealAsync(_key, Label, new byte[20], _aad);
        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(await SealedBlob.OpenAsync(_key, Label, blob, _aad));
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        for (var length = 0; length < blob.Length; length++)
            Assert.Null(await SealedBlob.OpenAsync(_key, Label, blob.AsMemory(0, length), _aad));
    }

    [Fact, Attack("S19")]
    public async Task AnotherKeyLabelOrAadIsRefusedByTheCommitment()
    {
        using var other = Secret.Random(32);
        var blob = await SealedBlob.SealAsync(_key, Label, new byte[20], _aad);
        Assert.Null(await SealedBlob.OpenAsync(other, Label, blob, _aad));
        Assert.Null(await SealedBlob.OpenAsync(_key, Label + "x", blob, _aad));
        Assert.Null(await SealedBlob.OpenAsync(_key, Label, blob, "record 8"u8.ToArray()));
        Assert.Null(await SealedBlob.OpenAsync(_key, Label, blob, default));
    }

    [Fact]
    public async Task TwoBlobsOfOnePlaintextDiffer() =>
        Assert.NotEqual(await SealedBlob.SealAsync(_key, Label, _aad, _aad), await SealedBlob.SealAsync(_key, Label, _aad, _aad));
}
