using System.Numerics;
using Salus.Crypto.Statistics.Rows;

namespace Salus.Crypto.Statistics.Results;

/// <summary>Counts of a variable's buckets, and what they tell of quantiles and ends. Counts that noise made negative are taken as zero.</summary>
public sealed class Histogram
{
    private readonly RowVariable _variable;
    private readonly BigInteger[] _counts;

    public Histogram(RowVariable variable, ReadOnlySpan<long> counts)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, variable.Buckets, nameof(counts));
        (_variable, _counts) = (variable, new BigInteger[counts.Length]);
        for (var i = 0; i < counts.Length; i++)
            _counts[i] = Math.Max(0, counts[i]);
    }

    public BigInteger Total => _counts.Aggregate(BigInteger.Zero, (sum, count) => sum + count);

    /// <summary>
    /// The value below which a part <paramref name="q"/> of the rows lies, 0 &lt;= q &lt;= 1, the rows of a bucket standing evenly from its least value to
    /// the least value of the next one. False without rows.
    /// </summary>
    public bool TryQuantile(Rational q, out Rational value)
    {
        if (q < 0 || q > 1)
            throw new ArgumentOutOfRangeException(nameof(q));
        value = default;
        if (Total.IsZero)
            return false;
        var rest = q * Total;
        var bucket = 0;
        for (; rest > _counts[bucket] || _counts[bucket].IsZero; bucket++)
            rest -= _counts[bucket];
        Rational start = _variable.Start(bucket), width = _variable.End(bucket) + 1 - _variable.Start(bucket);
        value = start + width * rest / _counts[bucket];
        if (value > _variable.Upper)
            value = _variable.Upper;
        return true;
    }

    /// <summary>The bounds of the first bucket with at least so many rows: the least value is in it. False when there is none.</summary>
    public bool TryMinimum(BigInteger threshold, out (long Start, long End) bucket) => TryFind(Enumerable.Range(0, _counts.Length), threshold, out bucket);

    /// <summary>The bounds of the last bucket with at least so many rows.</summary>
    public bool TryMaximum(BigInteger threshold, out (long Start, long End) bucket) => TryFind(Enumerable.Range(0, _counts.Length).Reverse(), threshold, out bucket);

    private bool TryFind(IEnumerable<int> order, BigInteger threshold, out (long Start, long End) bucket)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, BigInteger.One);
        var found = order.Where(i => _counts[i] >= threshold).Select(i => (int?)i).FirstOrDefault();
        bucket = found is { } i ? (_variable.Start(i), _variable.End(i)) : default;
        return found is not null;
    }
}
