using Salus.Crypto;

namespace Salus.Protocol.Tests;

public class IdentifierTests
{
    [Fact]
    public void IsWrittenAndReadAsBytesAndAsDigits()
    {
        for (var i = 0; i < 200; i++)
        {
            var id = Identifier.Random<RecordId>();
            Assert.Equal(32, id.ToString().Length);
            Assert.True(Identifier.TryParse(id.ToString(), out RecordId fromText));
            Assert.Equal((id, id), (fromText, Identifier.Read<RecordId>(id.ToBytes())));
            Assert.Equal(id.ToString(), Convert.ToHexStringLower(id.ToBytes()));
        }
        Assert.Equal("000102030405060708090a0b0c0d0e0f", Identifier.Read<GrantId>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("000102030405060708090a0b0c0d0e0")]
    [InlineData("000102030405060708090a0b0c0d0e0f0")]
    [InlineData("000102030405060708090a0b0c0d0e0g")]
    [InlineData("000102030405060708090A0b0c0d0e0f")]
    [InlineData(" 00102030405060708090a0b0c0d0e0f")]
    [InlineData("000102030405060708090a0b0c0d0e0 ")]
    [InlineData("+00102030405060708090a0b0c0d0e0f")]
    [InlineData("-00102030405060708090a0b0c0d0e0f")]
    [InlineData("0x0102030405060708090a0b0c0d0e0f")]
    [InlineData("000102030405060708090a0b0c0d0e0\0")]
    [InlineData("٠٠٠102030405060708090a0b0c0d0e0f")]
    public void RefusesWhatIsNot32Digits(string? text) => Assert.False(Identifier.TryParse(text, out RecordId _));

    [Fact]
    public void AnAccountIsTheHashOfItsIdentityKey()
    {
        var key = Parts.Signing(1).PublicKey;
        using var transcript = new Transcript(Domains.AccountId);
        Assert.Equal(Convert.ToHexStringLower(transcript.Append(key.Bytes).ToHash()[..16]), key.Account.ToString());
        Assert.NotEqual(key.Account, Parts.Signing(2).PublicKey.Account);
    }
}
