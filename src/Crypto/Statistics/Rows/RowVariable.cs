namespace Salus.Crypto.Statistics.Rows;

/// <summary>Whether every row has a value of a variable.</summary>
public enum Presence
{
    Required,

    /// <summary>A row may go without; it then counts for nothing, as if filtered out.</summary>
    Optional,
}

/// <summary>A bounded integer of every row, after scaling and clipping.</summary>
public sealed record RowVariable
{
    /// <summary>
    /// Bounds are at most 2^40 in magnitude, so that distances cannot wrap. Sums over many rows, of squares above all, may still leave the field: see <see cref="Results.FieldRange"/>.
    /// </summary>
    public const long MaxMagnitude = 1L << 40;

    public const int MaxBuckets = 65;

    private readonly long[] _starts;

    /// <param name="lower">Least value.</param>
    /// <param name="upper">Largest value, which belongs to it.</param>
    /// <param name="bounds">Where buckets after the first one begin: ascending, above <paramref name="lower"/>, at most <paramref name="upper"/>; at most 64.</param>
    /// <param name="presence">Whether a row may go without a value.</param>
    public RowVariable(long lower, long upper, IReadOnlyList<long> bounds, Presence presence)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        if (lower > upper || lower < -MaxMagnitude || upper > MaxMagnitude || bounds.Count >= MaxBuckets)
            throw new ArgumentOutOfRangeException(nameof(upper), "The bounds of a variable are out of range.");
        _starts = [lower, .. bounds];
        for (var i = 1; i < _starts.Length; i++)
            if (_starts[i] <= _starts[i - 1] || _starts[i] > upper)
                throw new ArgumentException("Buckets do not ascend within the bounds.", nameof(bounds));
        (Upper, Presence) = (upper, presence);
    }

    public long Lower => _starts[0];

    public long Upper { get; }

    public Presence Presence { get; }

    public int Buckets => _starts.Length;

    /// <summary>The least value of a bucket.</summary>
    public long Start(int bucket) => _starts[bucket];

    /// <summary>The largest value of a bucket.</summary>
    public long End(int bucket) => bucket + 1 < _starts.Length ? _starts[bucket + 1] - 1 : Upper;

    /// <summary>The bucket of a value within the bounds.</summary>
    public int BucketOf(long value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, Lower);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Upper);
        var found = Array.BinarySearch(_starts, value);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Bits of a distance from an end of the widest bucket.</summary>
    internal int Bits => 64 - (int)ulong.LeadingZeroCount((ulong)Enumerable.Range(0, Buckets).Max(bucket => End(bucket) - Start(bucket)));

    /// <summary>One bucket that is always the right one needs no bit.</summary>
    internal int BucketBits => Buckets == 1 && Presence == Presence.Required ? 0 : Buckets;

    internal int PresenceBits => Presence == Presence.Optional ? 1 : 0;
}
