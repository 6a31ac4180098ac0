using System.Numerics;
using System.Security.Cryptography;

namespace Salus.Crypto.Statistics.Noise;

/// <summary>Fills a span with random bytes.</summary>
internal delegate void RandomBytes(Span<byte> bytes);

/// <summary>
/// Uniform integers from random bytes, without any bias: as many bytes as the largest one has, little-endian, cut to its bits, and again when that is too large. One that
/// can only be zero takes no bytes.
/// </summary>
internal sealed class RandomIntegers(RandomBytes source)
{
    public static RandomIntegers System { get; } = new(RandomNumberGenerator.Fill);

    /// <summary>0 &lt;= result &lt; <paramref name="below"/>.</summary>
    public BigInteger Below(BigInteger below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        var bits = (int)(below - 1).GetBitLength();
        if (bits == 0)
            return BigInteger.Zero;
        Span<byte> bytes = bits <= 2048 ? stackalloc byte[(bits + 7) / 8] : new byte[(bits + 7) / 8];
        for (; ; )
        {
            source(bytes);
            bytes[^1] &= (byte)(0xff >> (8 * bytes.Length - bits));
            var drawn = new BigInteger(bytes, isUnsigned: true);
            if (drawn < below)
                return drawn;
        }
    }
}
