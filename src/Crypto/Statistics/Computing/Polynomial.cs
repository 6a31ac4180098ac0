namespace Salus.Crypto.Statistics.Computing;

/// <summary>Polynomials given by their values at 0, 1, 2 …</summary>
internal static class Polynomial
{
    /// <summary>The factors by which the values at 0 to n-1 give the value at <paramref name="point"/> of a polynomial of degree below n. The point is public.</summary>
    public static void Lagrange(ulong point, Span<ulong> factors)
    {
        for (var i = 0; i < factors.Length; i++)
        {
            ulong above = 1, below = 1;
            for (var j = 0; j < factors.Length; j++)
                if (j != i)
                {
                    above = Field61.Multiply(above, Field61.Subtract(point, (ulong)j));
                    below = Field61.Multiply(below, Field61.FromSigned(i - j));
                }
            factors[i] = Field61.Multiply(above, Field61.Invert(below));
        }
    }

    public static ulong Evaluate(ReadOnlySpan<ulong> values, ulong point)
    {
        Span<ulong> factors = stackalloc ulong[values.Length];
        Lagrange(point, factors);
        return FieldVector.Dot(values, factors);
    }

    /// <summary>
    /// Many polynomials of degree below k at once: rows of <paramref name="width"/> values at 0 to k-1 are there, and rows up to 2k-2 are added, by differences.
    /// </summary>
    public static void Extend(Span<ulong> rows, int k, int width, Span<ulong> scratch)
    {
        for (var t = 0; t < k; t++)
            rows.Slice((k - 1 - t) * width, width).CopyTo(scratch.Slice(t * width, width));
        for (var order = 1; order < k; order++)
            for (var t = k - 1; t >= order; t--)
                FieldVector.Subtract(scratch.Slice((t - 1) * width, width), scratch.Slice(t * width, width), scratch.Slice(t * width, width));
        for (var point = k; point < 2 * k - 1; point++)
        {
            for (var t = k - 2; t >= 0; t--)
                FieldVector.Add(scratch.Slice(t * width, width), scratch.Slice((t + 1) * width, width), scratch.Slice(t * width, width));
            scratch[..width].CopyTo(rows.Slice(point * width, width));
        }
    }
}
