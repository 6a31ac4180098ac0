using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Salus.Crypto.Statistics.Results;

/// <summary>Linear equations with integers, solved exactly by elimination without fractions (Bareiss 1968), whose intermediate numbers are determinants of parts.</summary>
internal static class LinearSystem
{
    /// <summary>n rows of n factors and a right side, which are overwritten. False when the factors are singular.</summary>
    public static bool TrySolve(BigInteger[,] rows, [NotNullWhen(true)] out Rational[]? solution)
    {
        solution = null;
        var n = rows.GetLength(0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.GetLength(1), n + 1, nameof(rows));
        var divisor = BigInteger.One;
        for (var step = 0; step < n; step++)
        {
            var pivot = step;
            while (pivot < n && rows[pivot, step].IsZero)
                pivot++;
            if (pivot == n)
                return false;
            for (var column = 0; column <= n && pivot != step; column++)
                (rows[step, column], rows[pivot, column]) = (rows[pivot, column], rows[step, column]);
            for (var row = step + 1; row < n; row++)
            {
                for (var column = step + 1; column <= n; column++)
                    rows[row, column] = (rows[row, column] * rows[step, step] - rows[row, step] * rows[step, column]) / divisor;
                rows[row, step] = 0;
            }
            divisor = rows[step, step];
        }
        var found = new Rational[n];
        for (var row = n - 1; row >= 0; row--)
        {
            Rational rest = rows[row, n];
            for (var column = row + 1; column < n; column++)
                rest -= rows[row, column] * found[column];
            found[row] = rest / rows[row, row];
        }
        solution = found;
        return true;
    }
}
