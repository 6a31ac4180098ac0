using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Rows;

/// <summary>
/// Which rows are such as <see cref="RowLayout.Encode"/> makes, found over shares: nothing else of a valid row shows. Whoever made up another row is told apart with a
/// chance of 1/p to be wrong, and moves an answer no further than an honest row at the bounds does.
/// </summary>
/// <remarks>
/// Source: Corrigan-Gibbs and Boneh, NSDI 2017. The rows are fixed when a coin is tossed, whose weights make one element of each row: the weighted sum of b·(b - 1) over its
/// bits and of what its layout asks to be zero. These sums are computed as products of the three and verified; then they are opened, and a row is valid when its is zero.
/// The two holders of a vector must have been given the same: <see cref="SharePair.Fits"/> with commitments that all parties have.
/// </remarks>
public static class RowValidity
{
    /// <summary>For each row whether it is valid. Takes about 64 bytes of memory for each bit of a row, and sends 16 bytes for each row.</summary>
    public static async ValueTask<bool[]> CheckAsync(Computation computation, RowLayout layout, IReadOnlyList<SharePair> rows, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            return [];
        var bits = SecretVector.Concat([.. rows.Select(row => Row(layout, row).Slice(layout.FirstBit, layout.BitCount))]);
        var coin = await computation.TossAsync(cancel);
        var weights = new ulong[layout.BitCount];
        FieldStream.Fill(coin, 0, weights);
        var (factors, constant) = Combined(layout, coin);
        var sums = new SecretVector(rows[0].Party, rows.Select(row => FieldVector.Dot(row.Own.Span, factors)).ToArray(),
            rows.Select(row => FieldVector.Dot(row.Next.Span, factors)).ToArray()).AddPublic(constant);
        if (layout.BitCount > 0)
            sums = sums.Add((await computation.MultiplyAsync([Product.Blocks(bits.Scale(weights), bits.AddPublic(Field61.Negate(1)), layout.BitCount)], cancel))[0]);
        var opened = await computation.OpenAsync(sums, cancel);
        return [.. opened.Select(sum => sum == 0)];
    }

    private static SecretVector Row(RowLayout layout, SharePair row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Count, layout.Count, nameof(row));
        return new SecretVector(row);
    }

    /// <summary>All that a layout asks to be zero, weighted and added up: a factor for each element of a row, and a constant.</summary>
    private static (ulong[] Factors, ulong Constant) Combined(RowLayout layout, ReadOnlySpan<byte> coin)
    {
        var weights = new ulong[3 * layout.Variables.Count + layout.Categories.Count];
        FieldStream.Fill(coin, 1, weights);
        var factors = new ulong[layout.Count];
        var constant = 0UL;
        for (var i = 0; i < layout.Variables.Count; i++)
        {
            var variable = layout.Variables[i];
            ulong one = weights[3 * i], start = weights[3 * i + 1], end = weights[3 * i + 2];
            // buckets = present; value - start of its bucket = first distance; end of its bucket - value = second distance.
            Add(ref factors[layout.Value(i)], Field61.Subtract(start, end));
            for (var bucket = 0; bucket < variable.BucketBits; bucket++)
            {
                ref var factor = ref factors[layout.Bucket(i, bucket)];
                Add(ref factor, one);
                Add(ref factor, Field61.Multiply(start, Field61.FromSigned(-variable.Start(bucket))));
                Add(ref factor, Field61.Multiply(end, Field61.FromSigned(variable.End(bucket))));
            }
            if (variable.BucketBits == 0)
                Add(ref constant, Field61.Add(
                    Field61.Multiply(start, Field61.FromSigned(-variable.Lower)), Field61.Multiply(end, Field61.FromSigned(variable.Upper))));
            else if (variable.PresenceBits == 1)
                Add(ref factors[layout.Present(i)], Field61.Negate(one));
            else
                Add(ref constant, Field61.Negate(one));
            for (var bit = 0; bit < variable.Bits; bit++)
            {
                Add(ref factors[layout.Distances(i) + bit], Field61.Negate(Field61.Multiply(start, 1UL << bit)));
                Add(ref factors[layout.Distances(i) + variable.Bits + bit], Field61.Negate(Field61.Multiply(end, 1UL << bit)));
            }
        }
        for (var i = 0; i < layout.Categories.Count; i++)
        {
            var one = weights[3 * layout.Variables.Count + i];
            for (var category = 0; category < layout.Categories[i]; category++)
                Add(ref factors[layout.Category(i, category)], one);
            Add(ref constant, Field61.Negate(one));
        }
        return (factors, constant);
    }

    private static void Add(ref ulong to, ulong element) => to = Field61.Add(to, element);
}
