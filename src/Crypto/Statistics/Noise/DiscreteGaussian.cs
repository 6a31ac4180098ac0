using System.Numerics;
using Salus.Crypto.Statistics.Results;

namespace Salus.Crypto.Statistics.Noise;

/// <summary>
/// The discrete Gaussian: integers n with a chance in proportion to exp(-n² / 2σ²), drawn exactly.
/// </summary>
/// <remarks>
/// Source: Canonne, Kamath, Steinke, NeurIPS 2020, algorithms 1 to 3: Bernoulli(exp(-γ)) from uniform integers, the discrete Laplace from that, and rejection. There are integers
/// and fractions of integers only, so none of the attacks on floating-point noise (Mironov, CCS 2012) has a hold. How long a draw takes depends on it: the draws are for
/// servers, which answer when all have drawn, and not for where someone counts instructions.
/// </remarks>
public static class DiscreteGaussian
{
    /// <summary>A draw of variance parameter σ² &gt; 0.</summary>
    public static BigInteger Sample(Rational variance) => Sample(variance, RandomIntegers.System);

    /// <summary>With given random bytes, for vectors and tests.</summary>
    internal static BigInteger Sample(Rational variance, RandomIntegers random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance.Sign, nameof(variance));
        BigInteger n = variance.Numerator, d = variance.Denominator;
        var t = Rational.SquareRoot(n / d) + 1;
        for (; ; )
        {
            var y = Laplace(t, random);
            // (|y| - σ²/t)² / 2σ²
            var distance = BigInteger.Abs(y) * d * t - n;
            if (BernoulliExp(distance * distance, 2 * n * d * t * t, random))
                return y;
        }
    }

    /// <summary>The discrete Laplace of scale t: a chance in proportion to exp(-|n| / t).</summary>
    internal static BigInteger Laplace(BigInteger t, RandomIntegers random)
    {
        for (; ; )
        {
            var rest = random.Below(t);
            if (!BernoulliExp(rest, t, random))
                continue;
            var whole = BigInteger.Zero;
            while (BernoulliExp(1, 1, random))
                whole++;
            var magnitude = rest + t * whole;
            var negative = random.Below(2).IsOne;
            // Zero comes once, not once with each sign.
            if (!negative || !magnitude.IsZero)
                return negative ? -magnitude : magnitude;
        }
    }

    /// <summary>True with chance exp(-numerator/denominator).</summary>
    internal static bool BernoulliExp(BigInteger numerator, BigInteger denominator, RandomIntegers random)
    {
        var whole = BigInteger.DivRem(numerator, denominator, out var rest);
        // Each of these fails with 0.63, so few of them are drawn however many there are.
        for (; whole.Sign > 0; whole--)
            if (!BernoulliExpBelowOne(1, 1, random))
                return false;
        return BernoulliExpBelowOne(rest, denominator, random);
    }

    private static bool BernoulliExpBelowOne(BigInteger numerator, BigInteger denominator, RandomIntegers random)
    {
        var k = BigInteger.One;
        while (random.Below(denominator * k) < numerator)
            k++;
        return !k.IsEven;
    }
}
