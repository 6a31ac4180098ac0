using System.Numerics;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Results;

namespace Salus.Crypto.Statistics.Noise;

/// <summary>
/// Noise of all three parties on a result in shares. Each gives a discrete Gaussian of half the declared variance, so any two honest ones together reach it; the third
/// one may give zero, or look at its own, and it changes nothing. Each noise is an input of bits that the others check, so none is larger than <see cref="Bound"/>.
/// </summary>
/// <remarks>
/// The sum of two discrete Gaussians is not quite one: Kairouz, Liu, Steinke (ICML 2021) bound the difference by 10·exp(-π²σ²/2) in the logarithm of a chance, which is
/// below 10^-33 from <see cref="LeastVariance"/> on.
/// </remarks>
public static class NoiseInput
{
    /// <summary>The least variance that may be declared.</summary>
    public const int LeastVariance = 16;

    // A draw is beyond 12 sigma with chance 2^-103; drawn again then.
    private const int Sigmas = 12;

    /// <summary>The largest magnitude of one party's noise: 12 to 24 of its standard deviations, as it is a number of whole bits.</summary>
    public static BigInteger Bound(Rational variance) => (BigInteger.One << (Width(variance) - 1)) - 1;

    /// <summary>A result with noise of a declared variance for each element, to be opened. The bits are verified with all else.</summary>
    public static async ValueTask<SecretVector> AddAsync(Computation computation, SecretVector result, IReadOnlyList<Rational> variances, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(variances);
        ArgumentOutOfRangeException.ThrowIfNotEqual(variances.Count, result.Count, nameof(variances));
        var widths = variances.Select(Width).ToArray();
        var bits = new ulong[widths.Sum()];
        for (int i = 0, at = 0; i < widths.Length; at += widths[i], i++)
            WriteBits(Draw(variances[i], RandomIntegers.System), widths[i], bits.AsSpan(at, widths[i]));
        var inputs = await computation.InputAsync(bits, cancel);
        Array.Clear(bits);
        foreach (var input in inputs)
        {
            computation.AssertBits(input);
            result = result.Add(Value(input, widths));
        }
        return result;
    }

    /// <summary>One party's noise, within the bound.</summary>
    internal static BigInteger Draw(Rational variance, RandomIntegers random)
    {
        var bound = Bound(variance);
        for (; ; )
        {
            var noise = DiscreteGaussian.Sample(variance / 2, random);
            if (BigInteger.Abs(noise) <= bound)
                return noise;
        }
    }

    /// <summary>Bits of a noise: it is their number less 2^(width - 1).</summary>
    private static int Width(Rational variance)
    {
        if (variance < LeastVariance)
            throw new ArgumentOutOfRangeException(nameof(variance), $"The variance is below {LeastVariance}.");
        var deviation = Rational.SquareRoot((variance / 2).Ceiling()) + 1;
        var width = (int)(Sigmas * deviation).GetBitLength() + 1;
        // Three of them and a result have to fit the field.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Field61.Bits - 4, nameof(variance));
        return width;
    }

    private static void WriteBits(BigInteger noise, int width, Span<ulong> bits)
    {
        var shifted = (ulong)(noise + (BigInteger.One << (width - 1)));
        for (var bit = 0; bit < width; bit++)
            bits[bit] = shifted >> bit & 1;
    }

    private static SecretVector Value(SecretVector bits, int[] widths)
    {
        var values = new List<SecretVector>();
        var at = 0;
        foreach (var width in widths)
        {
            var powers = new ulong[width];
            for (var bit = 0; bit < width; bit++)
                powers[bit] = 1UL << bit;
            values.Add(bits.Slice(at, width).Scale(powers).Sum().AddPublic(Field61.FromSigned(-(1L << (width - 1)))));
            at += width;
        }
        return SecretVector.Concat(values);
    }
}
