using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Salus.Crypto.Statistics.Results;

/// <summary>
/// The count, the sums and the sums of products of some variables over a cohort, and what follows from them, exactly. With noise in them they may contradict themselves
/// (a negative variance): then there is no answer.
/// </summary>
public sealed class Moments
{
    private readonly BigInteger[] _sums;
    private readonly BigInteger[,] _products;

    /// <param name="variables">How many variables.</param>
    /// <param name="opened">The count, the sums, then the sums of products a·b for a &lt;= b: 0·0, 0·1 … 1·1 …; <see cref="Size"/> numbers.</param>
    public Moments(int variables, ReadOnlySpan<long> opened)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(opened.Length, Size(variables), nameof(opened));
        Variables = variables;
        Count = opened[0];
        _sums = new BigInteger[variables];
        _products = new BigInteger[variables, variables];
        for (var a = 0; a < variables; a++)
            _sums[a] = opened[1 + a];
        var at = 1 + variables;
        for (var a = 0; a < variables; a++)
            for (var b = a; b < variables; b++)
                _products[a, b] = _products[b, a] = opened[at++];
    }

    public int Variables { get; }

    public BigInteger Count { get; }

    /// <summary>Numbers that so many variables have.</summary>
    public static int Size(int variables) => 1 + variables + variables * (variables + 1) / 2;

    public BigInteger Sum(int a) => _sums[a];

    public BigInteger Product(int a, int b) => _products[a, b];

    /// <summary>False without a row.</summary>
    public bool TryMean(int a, out Rational mean)
    {
        mean = Count.Sign > 0 ? new Rational(_sums[a], Count) : default;
        return Count.Sign > 0;
    }

    /// <summary>The sample variance, over n - 1. False with fewer than two rows, or when it would be negative.</summary>
    public bool TryVariance(int a, out Rational variance) => TryCovariance(a, a, out variance) && variance.Sign >= 0;

    /// <summary>The sample covariance, over n - 1. False with fewer than two rows.</summary>
    public bool TryCovariance(int a, int b, out Rational covariance)
    {
        covariance = Count > 1 ? new Rational(Scatter(a, b), Count * (Count - 1)) : default;
        return Count > 1;
    }

    /// <summary>
    /// The square of Pearson's correlation, with its sign: r·|r|, a fraction where r itself is none. False with fewer than two rows, or where a variable does not vary.
    /// Noise may put it beyond 1.
    /// </summary>
    public bool TryCorrelation(int a, int b, out Rational signedSquare)
    {
        signedSquare = default;
        BigInteger inA = Scatter(a, a), inB = Scatter(b, b), between = Scatter(a, b);
        if (Count <= 1 || inA.Sign <= 0 || inB.Sign <= 0)
            return false;
        signedSquare = new Rational(between * BigInteger.Abs(between), inA * inB);
        return true;
    }

    /// <summary>
    /// The least squares of <paramref name="response"/> = c0 + c1·x1 + …: the intercept and a coefficient for each predictor. False when the predictors do not determine
    /// it: one is constant, or follows from others, or there are too few rows.
    /// </summary>
    public bool TryRegression(int response, IReadOnlyList<int> predictors, [NotNullWhen(true)] out Rational[]? coefficients)
    {
        ArgumentNullException.ThrowIfNull(predictors);
        var size = predictors.Count + 1;
        var normal = new BigInteger[size, size + 1];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
                normal[row, column] = Entry(row, column);
            normal[row, size] = row == 0 ? _sums[response] : _products[predictors[row - 1], response];
        }
        return LinearSystem.TrySolve(normal, out coefficients);

        BigInteger Entry(int row, int column) => (row, column) switch
        {
            (0, 0) => Count,
            (0, _) => _sums[predictors[column - 1]],
            (_, 0) => _sums[predictors[row - 1]],
            _ => _products[predictors[row - 1], predictors[column - 1]],
        };
    }

    /// <summary>n times the sum of products less the product of the sums: n(n-1) times the covariance.</summary>
    private BigInteger Scatter(int a, int b) => Count * _products[a, b] - _sums[a] * _sums[b];
}
