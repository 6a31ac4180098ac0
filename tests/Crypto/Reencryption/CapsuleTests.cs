using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Testing;

namespace Salus.Crypto.Tests.Reencryption;

public class CapsuleTests
{
    private readonly Scenario _s = new();

    [Fact]
    public void EveryFlippedBitIsRefused()
    {
        for (var bit = 0; bit < Capsule.Size * 8; bit++)
            Assert.False(
                Capsule.TryParse(Scenario.FlipBit(_s.Capsule.Bytes, bit), out var altered)
                    && altered.TryVerify(_s.Owner.PublicKey, _s.Context, out _),
                $"bit {bit}");
    }

    [Fact]
    public void EveryOtherLengthIsRefused()
    {
        for (var length = 0; length < Capsule.Size; length++)
            Assert.False(Capsule.TryParse(_s.Capsule.Bytes[..length], out _));
        Assert.False(Capsule.TryParse([.. _s.Capsule.Bytes, 0], out _));
    }

    [Theory]
    [InlineData("owner|partition 1|epoch 7|record 8")]
    [InlineData("owner|partition 1|epoch 6|record 9")]
    [InlineData("owner|partition 2|epoch 7|record 9")]
    [InlineData("other|partition 1|epoch 7|record 9")]
    [InlineData("owner|partition 1|epoch 7|record 9 ")]
    [InlineData("")]
    public void AnotherRecordEpochPartitionOrOwnerIsRefused(string context) =>
        Assert.False(_s.Capsule.TryVerify(_s.Owner.PublicKey, System.Text.Encoding.UTF8.GetBytes(context), out _));

    [Fact]
    public void AnotherPublicKeyIsRefused() => Assert.False(_s.Capsule.TryVerify(Scenario.NewOwner().PublicKey, _s.Context, out _));

    [Fact, Attack("K16")]
    public void IdentityPointsAreRefused()
    {
        Assert.True(PrimitivesBackEnd.Current.PointIsValid(new byte[32]), "the library's own test lets the identity pass: that is the trap");
        Assert.False(Capsule.TryParse(Scenario.Replace(_s.Capsule.Bytes, 0, new byte[32]), out _));
        Assert.False(Capsule.TryParse(Scenario.Replace(_s.Capsule.Bytes, 32, new byte[32]), out _));
    }

    [Fact]
    public void AScalarPlusTheGroupOrderIsRefused()
    {
        var s = _s.Capsule.Bytes[64..];
        byte[] left = new byte[32], right = new byte[32];
        Assert.True(Ristretto255.TryMultiplyBase(s, left) && Ristretto255.TryMultiplyBase(Scenario.PlusOrder(s), right));
        Assert.Equal(left, right);   // the trap: the library takes one for the other
        Assert.False(Capsule.TryParse(Scenario.Replace(_s.Capsule.Bytes, 64, Scenario.PlusOrder(s)), out _));
    }

    [Fact]
    public void ZeroAndTheOrderItselfAreNoScalars()
    {
        Assert.False(Capsule.TryParse(Scenario.Replace(_s.Capsule.Bytes, 64, new byte[32]), out _));
        Assert.False(Capsule.TryParse(Scenario.Replace(_s.Capsule.Bytes, 64, Scenario.Order), out _));
    }

    [Fact]
    public void ACapsuleWhoseKeyWouldBeKnownToAllIsRefused()
    {
        // V = -E passes s·G = V + h·E for s = r·(h - 1), and then a·(E + V) is the identity whoever a is.
        using var r = SecretScalar.Random();
        byte[] e = new byte[32], v = new byte[32], h = new byte[32], s = new byte[32];
        Assert.True(Ristretto255.TryMultiplyBase(r.Bytes, e));
        Assert.True(Ristretto255.TrySubtract(new byte[32], e, v));
        using (var transcript = new Transcript(Domains.Capsule))
            transcript.Append(_s.Context).Append(_s.Owner.PublicKey.Bytes).Append(e).Append(v).ToScalar(h);
        Ristretto255.Multiply(r.Bytes, h, s);
        Ristretto255.Subtract(s, r.Bytes, s);
        Assert.True(Capsule.TryParse([.. e, .. v, .. s], out var capsule));
        Assert.False(capsule.TryVerify(_s.Owner.PublicKey, _s.Context, out _));
    }

    [Fact]
    public void TwoCapsulesForOneKeyAndContextCarryDifferentKeys()
    {
        var other = Capsule.Encapsulate(_s.Owner.PublicKey, _s.Context, out var key);
        Assert.False(_s.Capsule.Bytes.SequenceEqual(other.Bytes));
        Assert.False(_s.Key.Bytes.SequenceEqual(key.Bytes));
    }
}
