using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Tests.Oprf;

public sealed class ThresholdTests : IDisposable
{
    private readonly ThresholdKey _key;
    private readonly ThresholdShare[] _shares;
    private readonly Secret _whole;

    public ThresholdTests()
    {
        var made = Enumerable.Range(0, 3).Select(_ => (Contribution: KeyContribution.Make(out var values), Values: values)).ToArray();
        Assert.True(KeyContribution.TryAdd([.. made.Select(m => m.Contribution)], out var key));
        _key = key;
        _shares = [.. Enumerable.Range(0, 3).Select(index =>
        {
            Assert.All(made, m => Assert.True(m.Contribution.Fits(index, m.Values[index].Bytes)));
            Assert.True(KeyContribution.TryShare(key, index, [.. made.Select(m => m.Values[index])], out var share));
            return share;
        })];
        // The key that nobody holds: 2·f(1) - f(2).
        _whole = new Secret(Voprf.ScalarSize);
        Ristretto255.Add(_shares[0].Scalar.Bytes, _shares[0].Scalar.Bytes, _whole.Writable);
        Ristretto255.Subtract(_whole.Bytes, _shares[1].Scalar.Bytes, _whole.Writable);
    }

    [Fact]
    public void TheSharesAreOfTheGroupKey()
    {
        var group = new byte[OprfElement.Size];
        Assert.True(Ristretto255.TryMultiplyBase(_whole.Bytes, group));
        Assert.Equal(_key.Group.Bytes.ToArray(), group);
        Assert.True(ThresholdKey.TryParse(_key.ToBytes(), out var again));
        Assert.True(_key.Equals(again));
    }

    [Fact]
    public void AnyTwoGiveWhatTheWholeKeyGives()
    {
        using var input = BlindedInput.Blind("+41790000000"u8);
        using var expected = input.Finish(Evaluation.Make(_whole.Bytes, _key.Group.Bytes, input.Element, Random()).Element);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
            {
                var finished = input.TryFinish(Verified(i, input), Verified(j, input), out var output);
                Assert.Equal(i != j, finished);
                using (output)
                    Assert.True(!finished || output!.Bytes.SequenceEqual(expected.Bytes));
            }
    }

    [Fact]
    public void TheBlindDoesNotShowInTheOutputAndTheInputDoes()
    {
        using var one = BlindedInput.Blind("one"u8);
        using var again = BlindedInput.Blind("one"u8);
        using var other = BlindedInput.Blind("other"u8);
        Assert.False(one.Element.Equals(again.Element));
        using var first = Finish(one);
        using var second = Finish(again);
        using var third = Finish(other);
        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
        Assert.NotEqual(first.Bytes.ToArray(), third.Bytes.ToArray());
    }

    [Fact]
    public void AnAnswerOfAnotherShareOrForAnotherInputIsRefused()
    {
        using var input = BlindedInput.Blind("one"u8);
        using var other = BlindedInput.Blind("other"u8);
        Assert.False(_shares[0].Evaluate(input.Element).TryVerify(_key, 1, input.Element, out _));
        Assert.False(_shares[0].Evaluate(input.Element).TryVerify(_key, 0, other.Element, out _));
        Assert.False(input.TryFinish(Verified(0, other), Verified(1, other), out _));
        Assert.False(input.TryFinish(Verified(0, input), Verified(1, other), out _));
    }

    [Fact]
    public void AnswersOfTwoKeysDoNotGoTogether()
    {
        using var others = new ThresholdTests();
        using var input = BlindedInput.Blind("one"u8);
        Assert.False(input.TryFinish(Verified(0, input), others.Verified(1, input), out _));
    }

    [Fact]
    public void EveryFlippedBitOfAnAnswerIsRefused()
    {
        using var input = BlindedInput.Blind("one"u8);
        var bytes = _shares[0].Evaluate(input.Element).Bytes.ToArray();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Evaluation.TryParse(changed, out var evaluation) && evaluation.TryVerify(_key, 0, input.Element, out _));
        }
    }

    [Fact]
    public void AWrongValueOfAContributionIsNoticed()
    {
        var contribution = KeyContribution.Make(out var values);
        Assert.True(contribution.Fits(1, values[1].Bytes));
        Assert.False(contribution.Fits(0, values[1].Bytes));
        Assert.False(KeyContribution.Make(out _).Fits(1, values[1].Bytes));
        var unreduced = values[1].Bytes.ToArray();
        unreduced[^1] |= 0x80;
        Assert.False(contribution.Fits(1, unreduced));
        Assert.False(contribution.Fits(1, new byte[32]));
        Assert.False(contribution.Fits(1, new byte[31]));
        Assert.False(KeyContribution.TryShare(_key, 0, [.. values], out _));
        foreach (var value in values)
            value.Dispose();
    }

    [Fact]
    public void KeysThatAreNotOnOneLineAreRefused()
    {
        var bytes = _key.ToBytes();
        for (var i = 0; i < 4; i++)
        {
            var changed = bytes.ToArray();
            KeyContribution.Make(out _).Bytes[..OprfElement.Size].CopyTo(changed.AsSpan(i * OprfElement.Size));
            Assert.False(ThresholdKey.TryParse(changed, out _));
        }
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.False(ThresholdKey.TryParse(bytes.AsSpan(0, length), out _)));
        byte[] same = [.. _key.Group.Bytes, .. _key.Group.Bytes, .. _key.Group.Bytes, .. _key.Group.Bytes];
        Assert.False(ThresholdKey.TryParse(same, out _)); // a line without slope: every share would be the key
    }

    [Fact]
    public void TheIdentityAndForeignEncodingsAreNoElements()
    {
        Assert.False(OprfElement.TryParse(new byte[32], out _));
        Assert.False(OprfElement.TryParse(Enumerable.Repeat((byte)0xff, 32).ToArray(), out _));
        Assert.False(OprfElement.TryParse(_key.Group.Bytes[..31], out _));
        Assert.False(KeyContribution.TryParse([.. new byte[32], .. _key.Group.Bytes], out _));
        Assert.False(KeyContribution.TryParse([.. _key.Group.Bytes, .. new byte[32]], out _));
        Assert.False(Evaluation.TryParse([.. new byte[32], .. Random(), .. Random()], out _));
        Assert.False(ThresholdShare.TryParse(_key, 1, _shares[0].Scalar.Bytes, out _));
    }

    [Fact]
    public void ContributionsThatCancelAreRefused()
    {
        // Two whose commitments add up to nothing, and the third: the sum is the third alone. Negate half of it in each, and nothing is left.
        var negative = new byte[OprfElement.Size];
        var twice = new byte[OprfElement.Size];
        Assert.True(Ristretto255.TrySubtract(new byte[32], _key.Group.Bytes, negative));
        Assert.True(Ristretto255.TryAdd(negative, negative, twice));
        Assert.True(KeyContribution.TryParse([.. _key.Group.Bytes, .. _key.Group.Bytes], out var one));
        Assert.True(KeyContribution.TryParse([.. twice, .. _key.Group.Bytes], out var constant));
        Assert.True(KeyContribution.TryParse([.. _key.Group.Bytes, .. twice], out var slope));
        Assert.False(KeyContribution.TryAdd([one, one, constant], out _));
        Assert.False(KeyContribution.TryAdd([one, one, slope], out _));
    }

    public void Dispose()
    {
        _whole.Dispose();
        foreach (var share in _shares)
            share.Dispose();
    }

    private VerifiedEvaluation Verified(int index, BlindedInput input)
    {
        Assert.True(_shares[index].Evaluate(input.Element).TryVerify(_key, index, input.Element, out var verified));
        return verified;
    }

    private Secret Finish(BlindedInput input)
    {
        Assert.True(input.TryFinish(Verified(2, input), Verified(0, input), out var output));
        return output;
    }

    private static byte[] Random()
    {
        var scalar = new byte[Voprf.ScalarSize];
        Ristretto255.Random(scalar);
        return scalar;
    }
}
