using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;

namespace Salus.Crypto.Tests.Reencryption;

public class ShareTests
{
    private readonly Scenario _s = new();

    [Fact]
    public void AShareSurvivesItsEncoding()
    {
        Assert.True(PublicShare.TryParse(_s.Shares[0].Public.Bytes, out var share));
        Assert.True(KeyShare.TryParse(share, _s.Shares[0].Rk.Bytes, out var parsed));
        Assert.True(_s.TryOpen(_s.Answer(parsed), _s.Answer(_s.Shares[2]), out _));
    }

    [Fact]
    public void EveryFlippedBitOfTheScalarIsRefused()
    {
        for (var bit = 0; bit < KeyShare.RkSize * 8; bit++)
            Assert.False(KeyShare.TryParse(_s.Shares[0].Public, Scenario.FlipBit(_s.Shares[0].Rk.Bytes, bit), out _), $"bit {bit}");
    }

    [Fact]
    public void EveryFlippedBitOfThePublicPartIsRefusedOrDoesNotOpen()
    {
        var second = _s.Answer(_s.Shares[1]);
        for (var bit = 0; bit < PublicShare.Size * 8; bit++)
        {
            if (!PublicShare.TryParse(Scenario.FlipBit(_s.Shares[0].Public.Bytes, bit), out var altered)
                || !KeyShare.TryParse(altered, _s.Shares[0].Rk.Bytes, out var share))
                continue;
            Assert.True(bit < 64 * 8, "a flipped U1 is no longer rk·U");
            Assert.False(_s.TryOpen(_s.Answer(share), second, out _), $"bit {bit}");
        }
    }

    [Fact]
    public void EveryOtherLengthIsRefused()
    {
        for (var length = 0; length < PublicShare.Size; length++)
            Assert.False(PublicShare.TryParse(_s.Shares[0].Public.Bytes[..length], out _));
        Assert.False(PublicShare.TryParse([.. _s.Shares[0].Public.Bytes, 0], out _));
        for (var length = 0; length < KeyShare.RkSize; length++)
            Assert.False(KeyShare.TryParse(_s.Shares[0].Public, _s.Shares[0].Rk.Bytes[..length], out _));
        Assert.False(KeyShare.TryParse(_s.Shares[0].Public, [.. _s.Shares[0].Rk.Bytes, 0], out _));
    }

    [Fact]
    public void IdentityPointsAreRefused()
    {
        Assert.False(PublicShare.TryParse(Scenario.Replace(_s.Shares[0].Public.Bytes, 32, new byte[32]), out _));
        Assert.False(PublicShare.TryParse(Scenario.Replace(_s.Shares[0].Public.Bytes, 64, new byte[32]), out _));
    }

    [Fact]
    public void ZeroAndUnreducedScalarsAreRefused()
    {
        var share = _s.Shares[0].Public;
        var rk = _s.Shares[0].Rk.Bytes;
        Assert.False(KeyShare.TryParse(share, new byte[32], out _));
        Assert.False(KeyShare.TryParse(share, Scenario.Order, out _));
        Assert.False(KeyShare.TryParse(share, Scenario.PlusOrder(rk), out _));
    }

    [Fact]
    public void SecretsPrintNothing()
    {
        Assert.Equal("[redacted]", _s.Shares[0].ToString());
        Assert.Equal("[redacted]", _s.Owner.ToString());
        Assert.Equal("[redacted]", _s.Reader.ToString());
    }

    [Fact]
    public void ASeedThatReducesToZeroIsRefused()
    {
        var seed = new byte[64];
        Assert.Throws<ArgumentException>(() => DelegatingKey.FromSeed(seed));
        Assert.Throws<ArgumentException>(() => ReceivingKey.FromSeed([.. Scenario.Order, .. new byte[32]]));
    }

    [Fact]
    public void PublicKeysCompareByTheirBytes()
    {
        Assert.True(PublicKey.TryParse(_s.Owner.PublicKey.Bytes, out var same));
        Assert.Equal(_s.Owner.PublicKey, same);
        Assert.Equal(_s.Owner.PublicKey.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(_s.Owner.PublicKey, _s.Reader.PublicKey);
        Assert.False(PublicKey.TryParse(new byte[32], out _));
        Assert.False(PublicKey.TryParse(_s.Owner.PublicKey.Bytes[..31], out _));
    }
}
