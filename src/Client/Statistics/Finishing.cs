using System.Globalization;
using System.Numerics;
using Salus.Crypto.Statistics.Results;
using Salus.Protocol.Statistics;
using Salus.Protocol.Studies;

namespace Salus.Client.Statistics;

/// <summary>
/// From noisy sums to what was asked, with error bars: how far the answer moves when each sum moves by a deviation of its noise (the delta method, by differences). Without
/// noise in the sums the numbers are those of the computation in the clear, in fractions, rounded at the end.
/// </summary>
internal sealed class Finishing(AskedStatistic asked, StudyTerms terms)
{
    /// <summary>All three trustees add half of the declared variance, so that two honest ones suffice.</summary>
    private const double Threefold = 1.5;

    private readonly Question _question = asked.Question;

    public const string TooFew = "Too few participants take part to be answered about; how few is not said.";
    public const string TooNoisy = "The noise is larger than what it hides: spend more of the budget (--rho), or ask about more participants.";

    /// <summary>How many took part, with its error.</summary>
    public Estimate Participants(IReadOnlyList<long> sums, long rhoMicros)
    {
        var cells = _question.Measure is Measure.Buckets or Measure.Categories or Measure.Table;
        var deviations = Deviations(rhoMicros);
        return new Estimate("participants", cells ? sums.Sum() : sums[0], cells ? Math.Sqrt(deviations.Sum(deviation => deviation * deviation)) : deviations[0]);
    }

    /// <summary>Empty when the noise leaves no answer.</summary>
    public IReadOnlyList<Estimate> Values(IReadOnlyList<long> sums, long rhoMicros)
    {
        if (asked.Function is StatisticsFunction.Min or StatisticsFunction.Max)
            return End(sums, Deviations(rhoMicros)[0]);
        if (Compute(sums) is not { } values)
            return [];
        var (deviations, variances) = (Deviations(rhoMicros), new double[values.Length]);
        for (var i = 0; i < sums.Count; i++)
        {
            var step = Math.Max(1, (long)deviations[i] / 2);
            if (Compute(Moved(sums, i, step)) is not { } above || Compute(Moved(sums, i, -step)) is not { } below)
                return [];
            for (var value = 0; value < variances.Length; value++)
                variances[value] += Math.Pow((above[value] - below[value]) / (2.0 * step) * deviations[i], 2);
        }
        return [.. Names().Zip(values, variances).Select(estimate => new Estimate(estimate.First, estimate.Second, Math.Sqrt(estimate.Third)))];
    }

    private double[]? Compute(IReadOnlyList<long> sums) => asked.Function switch
    {
        StatisticsFunction.Count => [sums[0]],
        StatisticsFunction.Sum => [ToDouble((sums[1] + new BigInteger(sums[0]) * Variable(0).Middle()) / Scale(0))],
        StatisticsFunction.Mean => sums[0] > 0 ? [ToDouble((new Rational(sums[1], sums[0]) + Variable(0).Middle()) / Scale(0))] : null,
        StatisticsFunction.Variance => Moments(sums).TryVariance(0, out var variance) ? [ToDouble(variance / (Scale(0) * Scale(0)))] : null,
        StatisticsFunction.Covariance => Moments(sums).TryCovariance(0, 1, out var covariance) ? [ToDouble(covariance / (Scale(0) * Scale(1)))] : null,
        StatisticsFunction.Correlation => Moments(sums).TryCorrelation(0, 1, out var square) ? [Math.Sign(square.Sign) * Math.Sqrt(Math.Abs(ToDouble(square)))] : null,
        StatisticsFunction.Regression => Regression(sums),
        StatisticsFunction.ChiSquared => Table(sums).TryChiSquared(out var chi) ? [ToDouble(chi)] : null,
        StatisticsFunction.Histogram => [.. sums.Select(sum => (double)sum)],
        _ => new Histogram(StudyRows.Of(Variable(0)), [.. sums]).TryQuantile(new Rational(new BigInteger(asked.Probability * 1_000_000), 1_000_000), out var quantile)
            ? [ToDouble(quantile / Scale(0))] : null,
    };

    private double[]? Regression(IReadOnlyList<long> sums)
    {
        // The explaining variables in the order of the study, the explained one last; all counted from the middles of their ranges.
        var count = _question.Operands.Count - 1;
        if (!new Moments(count + 1, [.. sums]).TryRegression(count, [.. Enumerable.Range(0, count)], out var coefficients))
            return null;
        var explained = terms.Variables[_question.Operands[0]];
        var scale = (Rational)new BigInteger(StatisticsParser.Scale(explained));
        var intercept = coefficients[0] + explained.Middle();
        var slopes = new Dictionary<string, double>();
        for (var i = 0; i < count; i++)
        {
            var variable = terms.Variables[_question.Operands[i + 1]];
            intercept -= coefficients[i + 1] * variable.Middle();
            slopes[variable.Name] = ToDouble(coefficients[i + 1] * new BigInteger(StatisticsParser.Scale(variable)) / scale);
        }
        return [ToDouble(intercept / scale), .. asked.Operands.Skip(1).Select(name => slopes[name])];
    }

    /// <summary>The bucket in which the least or the largest value is: the first one, or the last, with more in it than noise puts there.</summary>
    private IReadOnlyList<Estimate> End(IReadOnlyList<long> sums, double deviation)
    {
        var (histogram, threshold) = (new Histogram(StudyRows.Of(Variable(0)), [.. sums]), new BigInteger(Math.Max(1, Math.Ceiling(4 * deviation))));
        var found = asked.Function == StatisticsFunction.Min ? histogram.TryMinimum(threshold, out var bucket) : histogram.TryMaximum(threshold, out bucket);
        return found
            ? [new Estimate("from", ToDouble((Rational)bucket.Start / Scale(0)), 0), new Estimate("to", ToDouble((Rational)bucket.End / Scale(0)), 0)]
            : [];
    }

    private IEnumerable<string> Names() => (asked.Function, _question.Measure) switch
    {
        (StatisticsFunction.Regression, _) => ["intercept", .. asked.Operands.Skip(1)],
        (StatisticsFunction.Histogram, Measure.Categories) => terms.Attributes[_question.Operands[0]].Categories.Append(RowValues.Unknown),
        (StatisticsFunction.Histogram, _) => Enumerable.Range(0, Variable(0).BucketCount()).Select(bucket => BucketName(Variable(0), bucket)),
        _ => [asked.Function.Name()],
    };

    internal static string BucketName(StudyVariable variable, int bucket)
    {
        var (row, scale) = (StudyRows.Of(variable), StatisticsParser.Scale(variable));
        return string.Create(CultureInfo.InvariantCulture, $"{row.Start(bucket) / scale}..{(bucket + 1 < row.Buckets ? row.Start(bucket + 1) : row.Upper) / scale}");
    }

    private double[] Deviations(long rhoMicros) => [.. _question.NoiseVariances(terms, rhoMicros).Select(variance => Math.Sqrt(Threefold * ToDouble(variance)))];

    private Moments Moments(IReadOnlyList<long> sums) => new(_question.Operands.Count, [.. sums]);

    private ContingencyTable Table(IReadOnlyList<long> sums) =>
        new(terms.Attributes[_question.Operands[0]].Categories.Count, terms.Attributes[_question.Operands[1]].Categories.Count, [.. sums]);

    private StudyVariable Variable(int operand) => terms.Variables[_question.Operands[operand]];

    private Rational Scale(int operand) => new BigInteger(StatisticsParser.Scale(Variable(operand)));

    private static long[] Moved(IReadOnlyList<long> sums, int index, long by)
    {
        long[] moved = [.. sums];
        moved[index] += by;
        return moved;
    }

    private static double ToDouble(Rational value)
    {
        const int Bits = 64;
        return Math.ScaleB((double)((value.Numerator << Bits) / value.Denominator), -Bits);
    }
}
