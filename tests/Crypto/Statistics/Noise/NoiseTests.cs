using System.Globalization;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;
using Salus.Crypto.Statistics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Noise;
using Salus.Crypto.Statistics.Results;
using Salus.Crypto.Tests.Statistics.Computing;
using Salus.Testing;
using BigInteger = System.Numerics.BigInteger;

namespace Salus.Crypto.Tests.Statistics.Noise;

public sealed class NoiseTests
{
    // Far out in the tails of the statistics: these tests fail once in 10^7 runs.
    private const double Deviations = 5.5;

    public static TheoryData<Vector> All => [.. Vectors.Read("noise")];

    [Theory]
    [MemberData(nameof(All))]
    public void DrawsFromAFixedStreamAreThoseOfTheVectors(Vector vector)
    {
        var random = new RandomIntegers(Stream(vector.Bytes("seed")));
        foreach (var draw in vector["draws"].Split(','))
            Assert.Equal(BigInteger.Parse(draw, CultureInfo.InvariantCulture), DiscreteGaussian.Sample(Fraction(vector["variance"]), random));
    }

    [Theory]
    [InlineData(1, 3), InlineData(1, 1), InlineData(8, 1), InlineData(25, 2), InlineData(200, 1)]
    public void DrawsAreDistributedAsTheyShould(int numerator, int denominator)
    {
        const int Draws = 40_000;
        var variance = (double)numerator / denominator;
        var reach = (int)Math.Ceiling(4 * Math.Sqrt(variance)) + 1;
        var weights = Enumerable.Range(-12 * reach, 24 * reach + 1).ToDictionary(n => n, n => Math.Exp(-(double)n * n / (2 * variance)));
        var total = weights.Values.Sum();
        var random = new RandomIntegers(Stream(RandomNumberGenerator.GetBytes(32)));
        var draws = Enumerable.Range(0, Draws).Select(_ => (int)DiscreteGaussian.Sample(new Rational(numerator, denominator), random)).ToArray();

        // The cells within reach, those expected less than ten times put together with the tails.
        var counts = draws.CountBy(n => n).ToDictionary();
        double chi = 0, restExpected = Draws, rest = Draws;
        var cells = 0;
        for (var n = -reach; n <= reach; n++)
        {
            var expected = Draws * weights[n] / total;
            if (expected < 10)
                continue;
            var count = counts.GetValueOrDefault(n);
            chi += (count - expected) * (count - expected) / expected;
            (restExpected, rest, cells) = (restExpected - expected, rest - count, cells + 1);
        }
        chi += restExpected > 1 ? (rest - restExpected) * (rest - restExpected) / restExpected : 0;
        // Chi-squared by Wilson and Hilferty: its cube root is nearly normal.
        var freedom = (double)cells;
        var normal = (Math.Cbrt(chi / freedom) - (1 - 2 / (9 * freedom))) / Math.Sqrt(2 / (9 * freedom));
        Assert.True(normal < Deviations, $"chi-squared {chi} of {freedom}");

        var exact = weights.Sum(pair => pair.Key * (double)pair.Key * pair.Value) / total;
        Assert.InRange(draws.Average(), -Deviations * Math.Sqrt(exact / Draws), Deviations * Math.Sqrt(exact / Draws));
        var spread = Deviations * exact * Math.Sqrt(2.5 / Draws) + 0.02 * exact;
        Assert.InRange(draws.Average(n => (double)n * n), exact - spread, exact + spread);
    }

    [Fact]
    public void ADrawTakesNoMoreMemoryThanItsNumbersWhateverTheVariance()
    {
        var variance = new Rational(BigInteger.One << 100, 3);
        DiscreteGaussian.Sample(variance);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            DiscreteGaussian.Sample(variance);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * 200_000);
        // What is drawn is kept nowhere.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 200_000_000);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(255), InlineData(256), InlineData(257), InlineData(1000)]
    public void UniformIntegersTakeEveryValueAndNoOther(int below)
    {
        var counts = new int[below];
        for (var i = 0; i < 100 * below; i++)
            counts[(int)RandomIntegers.System.Below(below)]++;
        var chi = counts.Sum(count => (count - 100.0) * (count - 100.0) / 100);
        Assert.InRange(chi, 0, below + Deviations * Math.Sqrt(2.0 * below) + 30);
        Assert.All(counts, count => Assert.True(count > 0));
    }

    [Fact]
    public async Task NoiseOfThreeIsAddedAndBounded()
    {
        Rational[] variances = [16, 10_000, new(1_000_001, 2)];
        var shared = Ring.Share(1000, -5, 0);
        var results = await Ring.ResultsAsync(async computation =>
            await computation.OpenAsync(await NoiseInput.AddAsync(computation, shared[computation.Party], variances, default), default));
        Assert.All(results, result => Assert.Equal(results[0], result));
        long[] plain = [1000, -5, 0];
        for (var i = 0; i < plain.Length; i++)
            Assert.True(BigInteger.Abs(Field61.ToSigned(results[0][i]) - plain[i]) <= 3 * NoiseInput.Bound(variances[i]));
        Assert.NotEqual(plain, results[0].Select(Field61.ToSigned));
    }

    [Fact]
    public async Task EachOfThreeGivesHalfOfTheDeclaredVariance()
    {
        const int Count = 1500;
        var shared = Ring.Share(new long[Count]);
        var results = await Ring.ResultsAsync(async computation =>
            await computation.OpenAsync(await NoiseInput.AddAsync(computation, shared[computation.Party], [.. Enumerable.Repeat<Rational>(100, Count)], default), default));
        var variance = results[0].Average(element => Math.Pow(Field61.ToSigned(element), 2));
        Assert.InRange(variance, 150 - Deviations * 150 * Math.Sqrt(2.0 / Count), 150 + Deviations * 150 * Math.Sqrt(2.0 / Count));
    }

    [Fact]
    public void NoiseStaysWithinItsBoundWhichIsTwelveDeviations()
    {
        foreach (var variance in new Rational[] { 16, 17, 1000, new(99999, 7), BigInteger.Pow(10, 20) })
        {
            var bound = NoiseInput.Bound(variance);
            Assert.True(bound * bound >= 144 * (variance / 2).Floor());
            for (var i = 0; i < 50; i++)
                Assert.True(BigInteger.Abs(NoiseInput.Draw(variance, RandomIntegers.System)) <= bound);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseInput.Bound(new Rational(31, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => NoiseInput.Bound(BigInteger.Pow(10, 40)));
    }

    [Fact]
    public void PrivacyCostIsExactAndNeverRoundedDown()
    {
        Assert.Equal(new Rational(1, 32), PrivacyCost.Rho(1, 16));
        Assert.Equal(new Rational(50, 1), PrivacyCost.VarianceFor(100, 1));
        Assert.Equal(16, PrivacyCost.VarianceFor(1, 1000));
        Assert.Equal(new Rational(1, 10), PrivacyCost.Rho(12345, PrivacyCost.VarianceFor(12345, new Rational(1, 10))));
        Assert.Equal(31250, PrivacyCost.ToMicro(new Rational(1, 32)));
        Assert.Equal(1, PrivacyCost.ToMicro(new Rational(1, 1_000_000_000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivacyCost.VarianceFor(1, 0));
    }

    private static RandomBytes Stream(byte[] seed)
    {
        var left = new Queue<byte>();
        uint block = 0;
        return bytes =>
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                if (left.Count == 0)
                {
                    var next = new byte[ChaCha20.BlockSize];
                    ChaCha20.Stream(seed, new byte[ChaCha20.NonceSize], block++, next);
                    foreach (var b in next)
                        left.Enqueue(b);
                }
                bytes[i] = left.Dequeue();
            }
        };
    }

    private static Rational Fraction(string text)
    {
        var parts = text.Split('/').Select(part => BigInteger.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new Rational(parts[0], parts[1]);
    }
}
