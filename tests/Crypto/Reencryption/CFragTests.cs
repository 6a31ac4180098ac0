using Salus.Crypto.Reencryption;

namespace Salus.Crypto.Tests.Reencryption;

public class CFragTests
{
    private readonly Scenario _s = new();
    private readonly CFrag _cfrag;

    public CFragTests() => _cfrag = Delegation.ReEncrypt(_s.Verified, _s.Shares[0], _s.Request);

    private bool Verifies(ReadOnlySpan<byte> bytes) =>
        CFrag.TryParse(bytes, out var cfrag) && cfrag.TryVerify(_s.Verified, _s.Shares[0].Public, _s.Request, out _);

    [Fact]
    public void AnHonestAnswerVerifies() => Assert.True(Verifies(_cfrag.Bytes));

    [Fact]
    public void EveryFlippedBitIsRefused()
    {
        for (var bit = 0; bit < CFrag.Size * 8; bit++)
            Assert.False(Verifies(Scenario.FlipBit(_cfrag.Bytes, bit)), $"bit {bit}");
    }

    [Fact]
    public void EveryOtherLengthIsRefused()
    {
        for (var length = 0; length < CFrag.Size; length++)
            Assert.False(CFrag.TryParse(_cfrag.Bytes[..length], out _));
        Assert.False(CFrag.TryParse([.. _cfrag.Bytes, 0], out _));
    }

    [Fact]
    public void AnAnswerToAnotherRequestIsRefused()
    {
        Assert.False(_cfrag.TryVerify(_s.Verified, _s.Shares[0].Public, "grant 3|record 9|nonce 2|12:00"u8, out _));
        Assert.False(_cfrag.TryVerify(_s.Verified, _s.Shares[0].Public, "grant 3|record 9|nonce 1|12:01"u8, out _));
        Assert.False(_cfrag.TryVerify(_s.Verified, _s.Shares[0].Public, [], out _));
    }

    [Fact]
    public void AnAnswerForAnotherCapsuleIsRefused()
    {
        var other = Scenario.Verify(Capsule.Encapsulate(_s.Owner.PublicKey, _s.Context, out _), _s.Owner.PublicKey, _s.Context);
        Assert.False(_cfrag.TryVerify(other, _s.Shares[0].Public, _s.Request, out _));
    }

    [Fact]
    public void AnAnswerOfAnotherShareIsRefused()
    {
        Assert.False(_cfrag.TryVerify(_s.Verified, _s.Shares[1].Public, _s.Request, out _));
        var otherId = Scenario.Replace(_s.Shares[0].Public.Bytes, 0, _s.Shares[1].Public.Id);
        Assert.True(PublicShare.TryParse(otherId, out var relabelled));
        Assert.False(_cfrag.TryVerify(_s.Verified, relabelled, _s.Request, out _));
    }

    [Fact]
    public void ATrusteeThatUsesAnotherScalarIsCaught()
    {
        // rk of share 1 under the public part of share 0: the proof is about U1 and fails.
        Assert.False(KeyShare.TryParse(_s.Shares[0].Public, _s.Shares[1].Rk.Bytes, out _));
        var forged = Delegation.ReEncrypt(_s.Verified, _s.Shares[1], _s.Request);
        Assert.False(forged.TryVerify(_s.Verified, _s.Shares[0].Public, _s.Request, out _));
    }

    [Fact]
    public void SwappedPointsAndHalvesOfTwoAnswersAreRefused()
    {
        var again = Delegation.ReEncrypt(_s.Verified, _s.Shares[0], _s.Request).Bytes.ToArray();
        var bytes = _cfrag.Bytes.ToArray();
        Assert.False(Verifies([.. bytes[32..64], .. bytes[..32], .. bytes[64..]]));
        Assert.True(Verifies(again));
        Assert.False(Verifies([.. bytes[..96], .. again[96..]]));
        Assert.False(Verifies([.. bytes[..64], .. again[64..96], .. bytes[96..]]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(96)]
    public void IdentityPointsAndZeroScalarsAreRefused(int at) =>
        Assert.False(CFrag.TryParse(Scenario.Replace(_cfrag.Bytes, at, new byte[32]), out _));

    [Theory]
    [InlineData(64)]
    [InlineData(96)]
    public void AScalarPlusTheGroupOrderIsRefused(int at) =>
        Assert.False(CFrag.TryParse(Scenario.Replace(_cfrag.Bytes, at, Scenario.PlusOrder(_cfrag.Bytes.Slice(at, 32))), out _));

    [Fact]
    public void NoTwoAnswersShareANonce()
    {
        // Also with the same entropy, as after a restored snapshot: the request alone must change the nonce.
        var entropy = new byte[32];
        var first = CFrag.Make(_s.Verified, _s.Shares[0], "request 1"u8, entropy);
        var second = CFrag.Make(_s.Verified, _s.Shares[0], "request 2"u8, entropy);
        Assert.NotEqual(Nonce(first), Nonce(second));

        byte[] Nonce(CFrag cfrag)
        {
            byte[] product = new byte[32], nonce = new byte[32];
            Salus.Crypto.Primitives.Ristretto255.Multiply(cfrag.Bytes[64..96], _s.Shares[0].Rk.Bytes, product);
            Salus.Crypto.Primitives.Ristretto255.Subtract(cfrag.Bytes[96..], product, nonce);
            return nonce;
        }
    }
}
