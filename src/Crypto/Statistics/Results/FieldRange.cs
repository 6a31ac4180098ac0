using System.Numerics;

namespace Salus.Crypto.Statistics.Results;

/// <summary>
/// Whether the worst case of a result still is an integer of the field. A query that may leave it has to be refused: its result would come round as another number.
/// </summary>
public static class FieldRange
{
    /// <summary>The largest magnitude that fits, 2^60 - 1.</summary>
    public static BigInteger Limit => Field61.MaxMagnitude;

    /// <summary>The magnitude that a sum over rows can reach, noise included.</summary>
    public static BigInteger Worst(long rows, BigInteger magnitudeOfRow, BigInteger noise) => rows * BigInteger.Abs(magnitudeOfRow) + BigInteger.Abs(noise);

    public static bool Fits(BigInteger worst) => BigInteger.Abs(worst) <= Limit;
}
