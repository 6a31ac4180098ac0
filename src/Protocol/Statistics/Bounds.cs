using System.Numerics;
using Salus.Protocol.Studies;

namespace Salus.Protocol.Statistics;

/// <summary>
/// How far one participant can move each sum of a measure, and the noise that hides it. Variables are counted from the middle of their range, z = x - lower - centre, so that a
/// participant moves a sum by at most <see cref="Reach"/> and a product by the product of two.
/// </summary>
/// <remarks>
/// Privacy is rho-zero-concentrated (Bun, Steinke 2016) for adding or removing one participant. A sum that a participant moves by m gets discrete Gaussian noise of variance
/// d m^2 / (2 rho), where d sums share rho; in histograms and tables a participant is in one cell, so d = 1. Rational numbers only: rho is in millionths.
/// </remarks>
public static class Bounds
{
    /// <summary>Rows of one computation, at most: sums of so many products must stay apart in the field, with their noise.</summary>
    public const int MaxRows = 1 << 20;

    /// <summary>How far one row may move a sum: 2^20 rows stay below 2^59, half of what the field tells apart.</summary>
    public const long MaxMove = 1L << 39;

    /// <summary>The smallest rho that is sold, in millionths.</summary>
    public const long MinRhoMicros = 100;

    /// <summary>Buckets of the variable's histogram; 0 for none.</summary>
    public static int BucketCount(this StudyVariable variable) => variable.Bounds.Count == 0 ? 0 : variable.Bounds.Count + 1;

    /// <summary>What is taken from x - lower: half of the range.</summary>
    public static long Centre(this StudyVariable variable) => (variable.Upper - variable.Lower) / 2;

    /// <summary>The largest |z|.</summary>
    public static long Reach(this StudyVariable variable) => variable.Upper - variable.Lower - variable.Centre();

    /// <summary>How far one row moves each sum of the measure, in their order.</summary>
    public static IReadOnlyList<long> Moves(this Question question, StudyTerms terms)
    {
        var reach = question.Measure is Measure.Categories or Measure.Table ? [] : question.Operands.Select(operand => terms.Variables[operand].Reach()).ToArray();
        return question.Measure switch
        {
            Measure.Count => [1],
            Measure.Total => [1, reach[0]],
            Measure.Spread => [1, reach[0], Product(reach[0], reach[0])],
            Measure.Buckets => Ones(terms.Variables[question.Operands[0]].BucketCount()),
            Measure.Categories => Ones(terms.Attributes[question.Operands[0]].Categories.Count + 1),
            Measure.Joint => [1, reach[0], reach[1], Product(reach[0], reach[0]), Product(reach[1], reach[1]), Product(reach[0], reach[1])],
            Measure.Gram => [.. Triangle([1, .. reach[1..], reach[0]])],
            _ => Ones(terms.Attributes[question.Operands[0]].Categories.Count * terms.Attributes[question.Operands[1]].Categories.Count),
        };
    }

    /// <summary>The variance of the noise of a sum, as numerator and denominator.</summary>
    public static (BigInteger Numerator, BigInteger Denominator) NoiseVariance(this Question question, long move, int sums, long rhoMicros)
    {
        var sharing = question.Measure is Measure.Buckets or Measure.Categories or Measure.Table ? 1 : sums;
        return (new BigInteger(move) * move * sharing * 1_000_000, 2 * new BigInteger(rhoMicros));
    }

    internal static bool Hold(Question question, StudyTerms terms) => question.Moves(terms).All(move => move <= MaxMove);

    private static long[] Ones(int count) => [.. Enumerable.Repeat(1L, count)];

    private static IEnumerable<long> Triangle(long[] reach)
    {
        for (var i = 0; i < reach.Length; i++)
            for (var j = i; j < reach.Length; j++)
                yield return Product(reach[i], reach[j]);
    }

    /// <summary>Or the largest number there is, for products beyond.</summary>
    private static long Product(long a, long b) => (long)BigInteger.Min(new BigInteger(a) * b, long.MaxValue);
}
