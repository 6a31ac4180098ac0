using System.Numerics;
using Salus.Crypto.Statistics.Results;

namespace Salus.Crypto.Statistics.Noise;

/// <summary>
/// What an answer costs in zero-concentrated differential privacy (Bun and Steinke, TCC 2016): ρ = Δ² / 2σ², exactly. Costs of answers add up. One row more or less,
/// or another in its place, moves the answers by Δ in Euclidean length at most.
/// </summary>
public static class PrivacyCost
{
    /// <summary>Millionths of ρ in one.</summary>
    public const long Micro = 1_000_000;

    /// <summary>ρ of an answer with noise of variance σ² on each of its numbers.</summary>
    /// <param name="squaredSensitivity">Δ²: the sum of squares of what a row moves each number by, at most.</param>
    /// <param name="variance">σ².</param>
    public static Rational Rho(BigInteger squaredSensitivity, Rational variance) => squaredSensitivity / (2 * variance);

    /// <summary>The least variance at which an answer costs no more than ρ &gt; 0; not below <see cref="NoiseInput.LeastVariance"/>.</summary>
    public static Rational VarianceFor(BigInteger squaredSensitivity, Rational rho)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rho.Sign, nameof(rho));
        var variance = squaredSensitivity / (2 * rho);
        return variance < NoiseInput.LeastVariance ? NoiseInput.LeastVariance : variance;
    }

    /// <summary>ρ in millionths, rounded up: a ledger of whole numbers never takes too little.</summary>
    public static BigInteger ToMicro(Rational rho) => (rho * Micro).Ceiling();
}
