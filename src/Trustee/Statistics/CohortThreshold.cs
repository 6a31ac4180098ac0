using Salus.Crypto.Statistics.Results;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Statistics;

/// <summary>
/// When enough rows took part. Only a number with noise tells, so it must be above the study's minimum by some standard deviations of that noise: with four of them, fewer
/// than the minimum pass in one question of 30,000.
/// </summary>
/// <param name="Deviations">How many.</param>
internal sealed record CohortThreshold(double Deviations)
{
    /// <summary>Noise of all three trustees has 3/2 of the declared variance.</summary>
    private const double Threefold = 1.5;

    public static CohortThreshold Usual { get; } = new(4);

    /// <param name="variances">Declared, of each sum.</param>
    public bool IsReached(Question question, StudyTerms terms, IReadOnlyList<Rational> variances, long[] sums)
    {
        var (counted, variance) = question.Measure is Measure.Buckets or Measure.Categories or Measure.Table
            ? (sums.Sum(), variances.Sum(ToDouble)) : (sums[0], ToDouble(variances[0]));
        return counted >= terms.Release.MinimumCohort + Deviations * Math.Sqrt(Threefold * variance);
    }

    private static double ToDouble(Rational number) => (double)number.Numerator / (double)number.Denominator;
}
