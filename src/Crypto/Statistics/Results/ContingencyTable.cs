using System.Numerics;

namespace Salus.Crypto.Statistics.Results;

/// <summary>Counts of two attributes' categories together.</summary>
public sealed class ContingencyTable
{
    private readonly BigInteger[] _counts;

    /// <param name="rows">Categories of the first attribute.</param>
    /// <param name="columns">Categories of the second one.</param>
    /// <param name="counts">Row by row.</param>
    public ContingencyTable(int rows, int columns, ReadOnlySpan<long> counts)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, rows * columns, nameof(counts));
        (Rows, Columns, _counts) = (rows, columns, new BigInteger[counts.Length]);
        for (var i = 0; i < counts.Length; i++)
            _counts[i] = counts[i];
    }

    public int Rows { get; }

    public int Columns { get; }

    public BigInteger this[int row, int column] => _counts[row * Columns + column];

    public int DegreesOfFreedom => (Rows - 1) * (Columns - 1);

    /// <summary>Pearson's chi-squared of independence, exactly. False when a row or column is empty (noise can also make it negative): then nothing is expected in it.</summary>
    public bool TryChiSquared(out Rational statistic)
    {
        statistic = default;
        var ofRow = Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, Columns).Aggregate(BigInteger.Zero, (sum, column) => sum + this[row, column])).ToArray();
        var ofColumn = Enumerable.Range(0, Columns).Select(column => Enumerable.Range(0, Rows).Aggregate(BigInteger.Zero, (sum, row) => sum + this[row, column])).ToArray();
        if (ofRow.Any(sum => sum.Sign <= 0) || ofColumn.Any(sum => sum.Sign <= 0))
            return false;
        // n · (sum of count² / (row · column)) - n
        var total = ofRow.Aggregate(BigInteger.Zero, (sum, row) => sum + row);
        Rational squares = 0;
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                squares += new Rational(this[row, column] * this[row, column], ofRow[row] * ofColumn[column]);
        statistic = total * (squares - 1);
        return true;
    }
}
