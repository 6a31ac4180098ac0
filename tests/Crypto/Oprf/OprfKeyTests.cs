using Salus.Crypto.Oprf;

namespace Salus.Crypto.Tests.Oprf;

public class OprfKeyTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly OprfKey Key = OprfKey.Derive(Seed, "study 1"u8);

    [Fact]
    public void WhoBlindsHasWhatTheHolderComputes()
    {
        for (var i = 0; i < 20; i++)
        {
            byte[] nonce = [(byte)i, 1, 2, 3];
            using var input = BlindedInput.Blind(nonce);
            Assert.True(input.TryFinish(Key.PublicKey, Key.Evaluate(input.Element), out var output));
            using var computed = Key.Compute(nonce);
            using (output)
                Assert.Equal(computed.Bytes.ToArray(), output.Bytes.ToArray());
        }
    }

    [Fact]
    public void AnAnswerUnderAnotherKeyIsCaught()
    {
        using var other = OprfKey.Derive(Seed, "study 2"u8);
        using var again = OprfKey.Derive(Seed, "study 1"u8);
        Assert.Equal(Key.PublicKey, again.PublicKey);
        Assert.NotEqual(Key.PublicKey, other.PublicKey);
        using var input = BlindedInput.Blind("nonce"u8);
        using var another = BlindedInput.Blind("other"u8);
        Assert.False(input.TryFinish(Key.PublicKey, other.Evaluate(input.Element), out _));
        Assert.False(input.TryFinish(other.PublicKey, Key.Evaluate(input.Element), out _));
        Assert.False(input.TryFinish(Key.PublicKey, Key.Evaluate(another.Element), out _));
        var answer = Key.Evaluate(input.Element).Bytes.ToArray();
        for (var bit = 0; bit < 8 * answer.Length; bit++)
        {
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Evaluation.TryParse(answer, out var altered) && input.TryFinish(Key.PublicKey, altered, out _), $"bit {bit} may be flipped");
            answer[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void ABlindOfASeedIsTheSameAgainAndOfAnotherNot()
    {
        using var one = BlindedInput.Blind("nonce"u8, Seed);
        using var same = BlindedInput.Blind("nonce"u8, Seed);
        using var otherInput = BlindedInput.Blind("other"u8, Seed);
        using var otherSeed = BlindedInput.Blind("nonce"u8, new byte[32]);
        Assert.Equal(one.Element, same.Element);
        Assert.NotEqual(one.Element, otherInput.Element);
        Assert.NotEqual(one.Element, otherSeed.Element);
        Assert.True(same.TryFinish(Key.PublicKey, Key.Evaluate(one.Element), out var output));
        using var computed = Key.Compute("nonce"u8);
        using (output)
            Assert.Equal(computed.Bytes.ToArray(), output.Bytes.ToArray());
    }
}
