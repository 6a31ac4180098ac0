namespace Salus.Protocol.Statistics;

/// <summary>What the trustees add up. Several statistics come from one measure, so that they are asked and paid for once. n is the number of rows that take part.</summary>
public enum Measure : byte
{
    /// <summary>Of nothing: n.</summary>
    Count = 1,

    /// <summary>Of a variable: n, sum.</summary>
    Total = 2,

    /// <summary>Of a variable: n, sum, sum of squares.</summary>
    Spread = 3,

    /// <summary>Of a variable: how many are in each bucket of its histogram.</summary>
    Buckets = 4,

    /// <summary>Of an attribute: how many are in each category, the unknown last.</summary>
    Categories = 5,

    /// <summary>Of two variables: n, both sums, and the sums of x·x, x·y and y·y.</summary>
    Joint = 6,

    /// <summary>Of variables, the explained one first: n, the sums, and the sums of products of any two, those of a·b for a <= b in order; the explained one counts as the last.</summary>
    Gram = 7,

    /// <summary>Of two attributes: how many are in each pair of categories, the unknown left out.</summary>
    Table = 8,
}
