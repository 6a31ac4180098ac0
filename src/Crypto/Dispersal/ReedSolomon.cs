namespace Salus.Crypto.Dispersal;

/// <summary>
/// Systematic Reed-Solomon code over GF(2^8): n units of which any k restore the data. The first k units are the data itself.
/// </summary>
/// <remarks>
/// Source: Reed and Solomon 1960, in the systematic Cauchy form of <see cref="GaloisMatrix"/>. Shapes: 1 &lt;= k &lt;= n &lt;= 255, units of one common size
/// lying one after another. A code restores, it does not tell which unit lied: authenticate every unit before <see cref="Restoring"/>.
/// Nothing here is secret and timing does not depend on bytes. Safe for many threads.
/// </remarks>
public sealed class ReedSolomon
{
    /// <summary>Most units of a code.</summary>
    public const int MaxUnits = 255;

    private readonly GaloisKernel _kernel;
    private readonly UnitTransform _parity;

    /// <summary>A code of <paramref name="k"/> data units and <paramref name="n"/> - <paramref name="k"/> parity units.</summary>
    public ReedSolomon(int k, int n)
        : this(k, n, GaloisKernels.Best)
    {
    }

    internal ReedSolomon(int k, int n, GaloisKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxUnits);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        if (!GaloisKernels.IsSupported(kernel))
            throw new PlatformNotSupportedException($"This processor has no {kernel}.");
        DataUnits = k;
        Units = n;
        _kernel = kernel;
        var matrix = new byte[(n - k) * k];
        for (var unit = k; unit < n; unit++)
            GaloisMatrix.GeneratorRow(unit, matrix.AsSpan((unit - k) * k, k));
        _parity = new UnitTransform(k, n - k, matrix, kernel);
    }

    /// <summary>k: the data units, and how many units restore.</summary>
    public int DataUnits { get; }

    /// <summary>n: all units.</summary>
    public int Units { get; }

    /// <summary>n - k: the parity units, and how many may be lost.</summary>
    public int ParityUnits => Units - DataUnits;

    /// <summary>Computes the parity units (k .. n-1).</summary>
    /// <param name="data">k units.</param>
    /// <param name="parity">n - k units, not overlapping <paramref name="data"/>.</param>
    /// <param name="unitSize">Bytes of a unit.</param>
    public void Encode(ReadOnlySpan<byte> data, Span<byte> parity, int unitSize) => _parity.Apply(data, parity, unitSize);

    /// <summary>The transform from k present units to any others. Keep it as long as the same units are lost.</summary>
    /// <param name="present">Indices of the k distinct units at hand, in the order in which they will lie in the input.</param>
    /// <param name="wanted">Indices of the units to compute, in the order in which they will lie in the output.</param>
    public UnitTransform Restoring(ReadOnlySpan<int> present, ReadOnlySpan<int> wanted)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(present.Length, DataUnits);
        for (var i = 0; i < present.Length; i++)
        {
            CheckIndex(present[i]);
            if (present[..i].Contains(present[i]))
                throw new ArgumentException("A unit is named twice.", nameof(present));
        }
        foreach (var unit in wanted)
            CheckIndex(unit);
        return new UnitTransform(DataUnits, wanted.Length, GaloisMatrix.Restoring(DataUnits, present, wanted), _kernel);
    }

    private void CheckIndex(int unit)
    {
        if (unit < 0 || unit >= Units)
            throw new ArgumentOutOfRangeException(nameof(unit), unit, $"Not a unit of {Units}.");
    }
}
