using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Salus.Crypto.Statistics;

/// <summary>
/// Products of <see cref="Field61"/> eight at a time, from the processor's products of 32 bits: four of them make one. Works on whole vectors and says how far it got; what is left is for
/// the scalar code of <see cref="FieldVector"/>.
/// </summary>
internal static class FieldLanes
{
    public const int Width = 8;

    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>result = a * b as far as whole vectors go.</summary>
    public static int Multiply(ref ulong a, ref ulong b, ref ulong result, int count)
    {
        var i = 0;
        for (; i <= count - Width; i += Width)
            Canonical(Fold(Product(Vector512.LoadUnsafe(ref a, (nuint)i), Vector512.LoadUnsafe(ref b, (nuint)i)))).StoreUnsafe(ref result, (nuint)i);
        return i;
    }

    /// <summary>result = factor * a as far as whole vectors go.</summary>
    public static int Scale(ulong factor, ref ulong a, ref ulong result, int count)
    {
        var i = 0;
        var factors = Vector512.Create(factor);
        for (; i <= count - Width; i += Width)
            Canonical(Fold(Product(factors, Vector512.LoadUnsafe(ref a, (nuint)i)))).StoreUnsafe(ref result, (nuint)i);
        return i;
    }

    /// <summary>The sum of the products as far as whole vectors go, fewer than 2^32 elements.</summary>
    public static int Dot(ref ulong a, ref ulong b, int count, out ulong sum)
    {
        unchecked
        {
            var i = 0;
            var half = Vector512.Create((ulong)uint.MaxValue);
            Vector512<ulong> low = default, high = default;
            for (; i <= count - Width; i += Width)
            {
                var product = Product(Vector512.LoadUnsafe(ref a, (nuint)i), Vector512.LoadUnsafe(ref b, (nuint)i));
                low += product & half;
                high += product >>> 32;
            }
            var whole = ((UInt128)Vector512.Sum(high) << 32) + Vector512.Sum(low);
            sum = Field61.Reduce((ulong)(whole >> 64), (ulong)whole);
            return i;
        }
    }

    /// <summary>result[j] = sum over t of factors[t] * rows[t * stride + j], as far as whole vectors go.</summary>
    public static int Combine(ReadOnlySpan<ulong> factors, ref ulong rows, int stride, ref ulong result, int count)
    {
        var j = 0;
        for (; j <= count - Width; j += Width)
        {
            Vector512<ulong> sum = default;
            for (var t = 0; t < factors.Length; t++)
                sum = Fold(unchecked(sum + Product(Vector512.Create(factors[t]), Vector512.LoadUnsafe(ref rows, (nuint)(t * stride + j)))));
            Canonical(sum).StoreUnsafe(ref result, (nuint)j);
        }
        return j;
    }

    /// <summary>Below 3·2^61 + 2^34, equal to the product in the field: 2^61 = 1, so high bits are added below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b)
    {
        unchecked
        {
            var modulus = Vector512.Create(Field61.Modulus);
            Vector512<ulong> aHigh = a >>> 32, bHigh = b >>> 32;
            var low = Wide(a, b);
            var middle = Wide(a, bHigh) + Wide(aHigh, b);
            var high = Wide(aHigh, bHigh);
            return (low & modulus) + (low >>> Field61.Bits) + (high << 3) + (middle >>> 29) + ((middle << 32) & modulus);
        }
    }

    /// <summary>The products of the lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Wide(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());

    /// <summary>Any value as one below 2^61 + 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> value) => unchecked((value & Vector512.Create(Field61.Modulus)) + (value >>> Field61.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Canonical(Vector512<ulong> below2P) => unchecked(Vector512.Min(below2P, below2P - Vector512.Create(Field61.Modulus)));
}
