namespace Salus.Crypto.Dispersal;

/// <summary>
/// The matrices of a systematic Cauchy code: generator rows and the inverses that restore lost units.
/// Source: Blömer et al., "An XOR-based erasure-resilient coding scheme", ICSI TR-95-048, section 3; the same rows as ISA-L's gf_gen_cauchy1_matrix.
/// </summary>
/// <remarks>Row-major byte arrays; every square submatrix of a Cauchy matrix is invertible, hence any k units restore.</remarks>
internal static class GaloisMatrix
{
    /// <summary>Row <paramref name="unit"/> of the n by k generator: a row of the identity for data, 1/(unit + column) for parity.</summary>
    public static void GeneratorRow(int unit, Span<byte> row)
    {
        if (unit < row.Length)
        {
            row.Clear();
            row[unit] = 1;
            return;
        }
        for (var column = 0; column < row.Length; column++)
            row[column] = GaloisField.Invert((byte)(unit ^ column));
    }

    /// <summary>
    /// The matrix that takes the <paramref name="present"/> units (k of them, distinct) to the <paramref name="wanted"/> ones:
    /// wanted rows of the generator times the inverse of its present rows.
    /// </summary>
    public static byte[] Restoring(int k, ReadOnlySpan<int> present, ReadOnlySpan<int> wanted)
    {
        var inverse = Invert(k, present);
        var result = new byte[wanted.Length * k];
        Span<byte> row = stackalloc byte[k];
        for (var w = 0; w < wanted.Length; w++)
        {
            GeneratorRow(wanted[w], row);
            var target = result.AsSpan(w * k, k);
            for (var i = 0; i < k; i++)
                AddScaled(target, inverse.AsSpan(i * k, k), row[i]);
        }
        return result;
    }

    // Gauss-Jordan. Present data units have identity rows, which cost nothing: the zero factors are skipped.
    private static byte[] Invert(int k, ReadOnlySpan<int> present)
    {
        var left = new byte[k * k];
        var right = new byte[k * k];
        for (var i = 0; i < k; i++)
        {
            GeneratorRow(present[i], left.AsSpan(i * k, k));
            right[i * k + i] = 1;
        }
        for (var column = 0; column < k; column++)
        {
            var pivot = column;
            while (left[pivot * k + column] == 0)
                if (++pivot == k)
                    throw new ArgumentException("The units are not distinct.", nameof(present));
            if (pivot != column)
            {
                Swap(left.AsSpan(pivot * k, k), left.AsSpan(column * k, k));
                Swap(right.AsSpan(pivot * k, k), right.AsSpan(column * k, k));
            }
            var leftRow = left.AsSpan(column * k, k);
            var rightRow = right.AsSpan(column * k, k);
            if (leftRow[column] != 1)
            {
                var scale = GaloisField.Invert(leftRow[column]);
                Scale(leftRow, scale);
                Scale(rightRow, scale);
            }
            for (var other = 0; other < k; other++)
            {
                var factor = left[other * k + column];
                if (other == column || factor == 0)
                    continue;
                AddScaled(left.AsSpan(other * k, k), leftRow, factor);
                AddScaled(right.AsSpan(other * k, k), rightRow, factor);
            }
        }
        return right;
    }

    private static void AddScaled(Span<byte> target, ReadOnlySpan<byte> source, byte factor)
    {
        if (factor == 0)
            return;
        for (var i = 0; i < target.Length; i++)
            target[i] ^= GaloisField.Multiply(source[i], factor);
    }

    private static void Scale(Span<byte> row, byte factor)
    {
        for (var i = 0; i < row.Length; i++)
            row[i] = GaloisField.Multiply(row[i], factor);
    }

    private static void Swap(Span<byte> a, Span<byte> b)
    {
        for (var i = 0; i < a.Length; i++)
            (a[i], b[i]) = (b[i], a[i]);
    }
}
