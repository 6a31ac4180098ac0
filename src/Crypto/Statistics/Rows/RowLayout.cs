namespace Salus.Crypto.Statistics.Rows;

/// <summary>
/// How a row of values and categories stands as elements, in a form whose validity can be checked over shares: first the value of each variable, then bits.
/// </summary>
/// <remarks>
/// Source: Corrigan-Gibbs and Boneh, NSDI 2017 (Prio), with checks of <see cref="RowValidity"/> in place of its proofs. Of each variable: for an optional one a bit that it
/// is there; a bit for each bucket, one of them set (none is written where there is one bucket and a value always); the distance from the start of its bucket, and then
/// that to its end, in bits, least first, as many for each as the widest bucket needs. Two distances that are not negative put the value into the bucket. Of each attribute: a bit
/// for each category. An absent value is zeros throughout.
/// </remarks>
public sealed class RowLayout
{
    public const int MaxElements = 1 << 14;

    private readonly RowVariable[] _variables;
    private readonly int[] _categories;
    private readonly int[] _variableBits;
    private readonly int[] _attributeBits;

    /// <param name="variables">Bounded integers.</param>
    /// <param name="categories">How many categories each attribute has, two at least.</param>
    public RowLayout(IReadOnlyList<RowVariable> variables, IReadOnlyList<int> categories)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(categories);
        (_variables, _categories) = ([.. variables], [.. categories]);
        if (categories.Any(count => count < 2) || variables.Count + categories.Count == 0)
            throw new ArgumentException("An attribute has two categories at least, and a row something in it.", nameof(categories));
        var at = _variables.Length;
        _variableBits = Places(_variables.Select(variable => variable.PresenceBits + variable.BucketBits + 2 * variable.Bits), ref at);
        _attributeBits = Places(_categories, ref at);
        Count = at;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(at, MaxElements, nameof(variables));
    }

    /// <summary>Elements of a row.</summary>
    public int Count { get; }

    public IReadOnlyList<RowVariable> Variables => _variables;

    public IReadOnlyList<int> Categories => _categories;

    /// <summary>Where the bits begin, which go to the end.</summary>
    internal int FirstBit => _variables.Length;

    internal int BitCount => Count - FirstBit;

    /// <summary>The element with the value of a variable; zero in rows without.</summary>
    public int Value(int variable) => variable >= 0 && variable < _variables.Length ? variable : throw new ArgumentOutOfRangeException(nameof(variable));

    /// <summary>The element that is 1 in rows with an optional variable.</summary>
    public int Present(int variable) => _variables[variable].Presence == Presence.Optional
        ? _variableBits[variable]
        : throw new ArgumentException("A required variable is in every row.", nameof(variable));

    /// <summary>The element that is 1 in rows whose value is in a bucket. Throws where there is none: one bucket, and a value always.</summary>
    public int Bucket(int variable, int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, _variables[variable].BucketBits);
        return _variableBits[variable] + _variables[variable].PresenceBits + bucket;
    }

    /// <summary>The element that is 1 in rows of a category.</summary>
    public int Category(int attribute, int category)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(category);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(category, _categories[attribute]);
        return _attributeBits[attribute] + category;
    }

    /// <summary>The elements of a row, to be split on the device. Throws for a value out of bounds or absent where it is required, and for a category that there is not.</summary>
    /// <param name="values">Of each variable; null where it is absent.</param>
    /// <param name="categories">Of each attribute, from 0.</param>
    public ulong[] Encode(IReadOnlyList<long?> values, IReadOnlyList<int> categories)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Count, _variables.Length, nameof(values));
        ArgumentOutOfRangeException.ThrowIfNotEqual(categories.Count, _categories.Length, nameof(categories));
        var row = new ulong[Count];
        for (var i = 0; i < _variables.Length; i++)
            if (values[i] is { } value)
                Encode(i, value, row);
            else if (_variables[i].Presence == Presence.Required)
                throw new ArgumentException("A required value is absent.", nameof(values));
        for (var i = 0; i < _categories.Length; i++)
            row[Category(i, categories[i])] = 1;
        return row;
    }

    /// <summary>Where the bits of the distance from the start of the bucket begin; those of the distance to its end stand behind them.</summary>
    internal int Distances(int variable) => _variableBits[variable] + _variables[variable].PresenceBits + _variables[variable].BucketBits;

    private void Encode(int index, long value, Span<ulong> row)
    {
        var variable = _variables[index];
        var bucket = variable.BucketOf(value);
        row[index] = Field61.FromSigned(value);
        if (variable.PresenceBits == 1)
            row[Present(index)] = 1;
        if (variable.BucketBits > 0)
            row[Bucket(index, bucket)] = 1;
        var at = Distances(index);
        for (var bit = 0; bit < variable.Bits; bit++)
        {
            row[at + bit] = (ulong)((value - variable.Start(bucket)) >> bit & 1);
            row[at + variable.Bits + bit] = (ulong)((variable.End(bucket) - value) >> bit & 1);
        }
    }

    private static int[] Places(IEnumerable<int> sizes, ref int at)
    {
        var places = new List<int>();
        foreach (var size in sizes)
        {
            places.Add(at);
            at = checked(at + size);
        }
        return [.. places];
    }
}
