using System.Numerics;
using Salus.Crypto.Statistics.Noise;
using Salus.Crypto.Statistics.Results;
using Salus.Protocol.Studies;

namespace Salus.Protocol.Statistics;

/// <summary>
/// How far one participant can move each sum of a measure, and the noise that hides it. Variables are counted from the middle of their range, so that a
/// participant moves a sum by at most <see cref="Reach"/> and a product by the product of two.
/// </summary>
/// <remarks>
/// Privacy is rho-zero-concentrated (Bun, Steinke 2016) for adding or removing one participant. A sum that a participant moves by m gets discrete Gaussian noise of variance
/// d m^2 / (2 rho), where d sums share rho; in histograms and tables a participant is in one cell, so d = 1. Numbers are fractions: rho is in millionths.
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

    /// <summary>The middle of the range, from which the variable is counted.</summary>
    public static long Middle(this StudyVariable variable) => variable.Lower + (variable.Upper - variable.Lower) / 2;

    /// <summary>How far from the middle it can be.</summary>
    public static long Reach(this StudyVariable variable) => variable.Upper - variable.Middle();

    /// <summary>How far one row moves each sum of the measure, in their order.</summary>
    public static IReadOnlyList<long> Moves(this Question question, StudyTerms terms)
    {
        var reach = question.Measure is Measure.Categories or Measure.Table ? [] : question.Operands.Select(operand => terms.Variables[operand].Reach()).ToArray();
        return question.Measure switch
        {
            Measure.Count => [1],
            Measure.Total => [1, reach[0]],
            Measure.Buckets => Ones(terms.Variables[question.Operands[0]].BucketCount()),
            Measure.Categories => Ones(terms.Attributes[question.Operands[0]].Categories.Count + 1),
            Measure.Spread or Measure.Joint => [.. Triangle([1, .. reach])],
            Measure.Gram => [.. Triangle([1, .. reach[1..], reach[0]])],
            _ => Ones(terms.Attributes[question.Operands[0]].Categories.Count * terms.Attributes[question.Operands[1]].Categories.Count),
        };
    }

    /// <summary>The variance of the noise of each sum, at that price.</summary>
    public static IReadOnlyList<Rational> NoiseVariances(this Question question, StudyTerms terms, long rhoMicros)
    {
        var moves = question.Moves(terms);
        var sharing = question.Measure is Measure.Buckets or Measure.Categories or Measure.Table ? 1 : moves.Count;
        return [.. moves.Select(move => PrivacyCost.VarianceFor(new BigInteger(move) * move * sharing, new Rational(rhoMicros, PrivacyCost.Micro)))];
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
