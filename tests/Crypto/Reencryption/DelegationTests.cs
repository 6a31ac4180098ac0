using FsCheck;
using FsCheck.Fluent;
using Salus.Crypto.Primitives;
using Salus.Crypto.Reencryption;
using Salus.Testing;

namespace Salus.Crypto.Tests.Reencryption;

public class DelegationTests
{
    private readonly Scenario _s = new();

    [Fact]
    public void OwnerOpensTheirCapsule()
    {
        using var key = _s.Verified.Open(_s.Owner);
        Assert.Equal(_s.Key.Bytes, key.Bytes);
    }

    [Fact]
    public void OpenRefusesAnotherOwnersKey() => Assert.Throws<ArgumentException>(() => _s.Verified.Open(Scenario.NewOwner()));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    public void AnyTwoTrusteesOpenInEitherOrder(int first, int second)
    {
        Assert.True(_s.TryOpen(_s.Answer(_s.Shares[first]), _s.Answer(_s.Shares[second]), out var key));
        Assert.Equal(_s.Key.Bytes, key!.Bytes);
    }

    [Fact]
    public void OneTrusteeDoesNotOpenEvenWhenAskedTwice()
    {
        var first = _s.Answer(_s.Shares[0]);
        Assert.False(_s.TryOpen(first, first, out var key));
        Assert.Null(key);
        Assert.False(_s.TryOpen(first, _s.Answer(_s.Shares[0]), out _));
    }

    [Fact]
    public void OneShareUnderTwoIdentifiersDoesNotOpen()
    {
        var other = Scenario.Replace(_s.Shares[0].Public.Bytes, 0, new byte[32]);
        Assert.True(PublicShare.TryParse(other, out var relabelled));
        Assert.True(KeyShare.TryParse(relabelled, _s.Shares[0].Rk.Bytes, out var share));
        Assert.False(_s.TryOpen(_s.Answer(_s.Shares[0]), _s.Answer(share), out _));
    }

    [Fact]
    public void SharesOfTwoDelegationsDoNotMix()
    {
        var again = Delegation.Split(_s.Owner, _s.Reader.PublicKey, _s.Policy);
        Assert.False(_s.TryOpen(_s.Answer(_s.Shares[0]), _s.Answer(again[1]), out _));
        Assert.True(_s.TryOpen(_s.Answer(again[0]), _s.Answer(again[1]), out _));
    }

    [Fact, Attack("K13")]
    public void AnotherPolicyDoesNotOpen()
    {
        var (first, second) = (_s.Answer(_s.Shares[0]), _s.Answer(_s.Shares[1]));
        Assert.False(Delegation.TryOpen(_s.Verified, _s.Reader, _s.Owner.PublicKey, "another policy"u8, first, second, out _));
        Assert.False(Delegation.TryOpen(_s.Verified, _s.Reader, _s.Owner.PublicKey, [], first, second, out _));
    }

    [Fact]
    public void AnotherReaderDoesNotOpen() =>
        Assert.False(Delegation.TryOpen(
            _s.Verified, Scenario.NewReader(), _s.Owner.PublicKey, _s.Policy, _s.Answer(_s.Shares[0]), _s.Answer(_s.Shares[1]), out _));

    [Fact]
    public void AnotherDelegatorIsRefused() =>
        Assert.False(Delegation.TryOpen(
            _s.Verified, _s.Reader, Scenario.NewOwner().PublicKey, _s.Policy, _s.Answer(_s.Shares[0]), _s.Answer(_s.Shares[1]), out _));

    [Fact]
    public void AnswersForAnotherCapsuleDoNotOpenThisOne()
    {
        var other = Scenario.Verify(Capsule.Encapsulate(_s.Owner.PublicKey, _s.Context, out _), _s.Owner.PublicKey, _s.Context);
        var here = (_s.Answer(_s.Shares[0]), _s.Answer(_s.Shares[1]));
        var there = (_s.Answer(_s.Shares[0], other), _s.Answer(_s.Shares[1], other));
        Assert.False(_s.TryOpen(there.Item1, there.Item2, out _));
        Assert.False(_s.TryOpen(here.Item1, there.Item2, out _));
        Assert.False(_s.TryOpen(there.Item1, here.Item2, out _));
    }

    [Fact, Attack("K15")]
    public void SharesOfAnotherEpochsKeyDoNotOpen()
    {
        // The reader was granted epoch 6; the capsule is of epoch 7: another delegating key of the same owner.
        var earlier = Delegation.Split(Scenario.NewOwner(), _s.Reader.PublicKey, _s.Policy);
        Assert.False(_s.TryOpen(_s.Answer(earlier[0]), _s.Answer(earlier[1]), out _));
    }

    [Fact, Attack("K14")]
    public void ReaderWithTwoTrusteesLearnsOnlyTheEpochThatWasDelegated()
    {
        // What collusion gives by the algebra: sx are known to the reader, two rk give f0 and with d the key a of this epoch.
        using var nextEpoch = Scenario.NewOwner();
        var a = Collude(_s.Shares[0], _s.Shares[1]);
        Assert.Equal(_s.Owner.PublicKey, PublicKey.Of(a));
        Assert.NotEqual(nextEpoch.PublicKey, PublicKey.Of(a));

        // And one trustee with the reader gets a point of the polynomial, not its value at zero.
        Assert.NotEqual(_s.Owner.PublicKey, PublicKey.Of(Collude(_s.Shares[0], Delegation.Split(_s.Owner, _s.Reader.PublicKey, _s.Policy)[1])));
    }

    [Fact, Attack("K14")]
    public void TwoTrusteesWithoutTheReaderCannotInterpolate()
    {
        // They know their ids and rk, but sx hashes x·pkB. Interpolating over the ids themselves, or over hashes without the shared point, gives
        // another key.
        using var stranger = Scenario.NewReader();
        var a = Collude(_s.Shares[0], _s.Shares[1], stranger);
        Assert.NotEqual(_s.Owner.PublicKey, PublicKey.Of(a));
    }

    [Fact]
    public void EverySplitDiffers()
    {
        var again = Delegation.Split(_s.Owner, _s.Reader.PublicKey, _s.Policy);
        var ids = _s.Shares.Concat(again).Select(share => Convert.ToHexString(share.Public.Id)).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(2, _s.Shares.Concat(again).Select(share => Convert.ToHexString(share.Public.Bytes[32..64])).Distinct().Count());
    }

    [Fact]
    public void OpensForEveryContextPolicyAndRequest()
    {
        Prop.ForAll<byte[], byte[], byte[]>((context, policy, request) =>
        {
            using var owner = Scenario.NewOwner();
            using var reader = Scenario.NewReader();
            var capsule = Scenario.Verify(Capsule.Encapsulate(owner.PublicKey, context, out var expected), owner.PublicKey, context);
            var answers = Delegation.Split(owner, reader.PublicKey, policy).Skip(1).Select(share =>
            {
                Assert.True(Delegation.ReEncrypt(capsule, share, request).TryVerify(capsule, share.Public, request, out var verified));
                return verified;
            }).ToArray();
            return Delegation.TryOpen(capsule, reader, owner.PublicKey, policy, answers[0], answers[1], out var key)
                && key.Bytes.SequenceEqual(expected.Bytes);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>a = d·f(0) from two shares and the reader's key.</summary>
    private byte[] Collude(KeyShare first, KeyShare second, ReceivingKey? reader = null)
    {
        reader ??= _s.Reader;
        byte[] x = first.Public.Bytes[32..64].ToArray(), shared = Scenario.Multiply(reader.Scalar.Bytes, x);
        byte[] d = Hash(Domains.DelegationSecret, []);
        byte[] sx1 = Hash(Domains.ShareIndex, first.Public.Id), sx2 = Hash(Domains.ShareIndex, second.Public.Id);
        byte[] slope = new byte[32], gap = new byte[32], value = new byte[32];
        Ristretto255.Subtract(second.Rk.Bytes, first.Rk.Bytes, slope);
        Ristretto255.Subtract(sx2, sx1, gap);
        Assert.True(Ristretto255.TryInvert(gap, gap));
        Ristretto255.Multiply(slope, gap, slope);
        Ristretto255.Multiply(slope, sx1, slope);
        Ristretto255.Subtract(first.Rk.Bytes, slope, value);
        Ristretto255.Multiply(d, value, value);
        return value;

        byte[] Hash(string label, ReadOnlySpan<byte> id)
        {
            using var transcript = new Transcript(label)
                .Append(_s.Policy).Append(x).Append(reader.PublicKey.Bytes).Append(_s.Owner.PublicKey.Bytes).Append(shared);
            if (!id.IsEmpty)
                transcript.Append(id);
            var scalar = new byte[32];
            transcript.ToScalar(scalar);
            return scalar;
        }
    }
}
