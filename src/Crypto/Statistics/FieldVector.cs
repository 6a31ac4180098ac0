using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Salus.Crypto.Statistics;

/// <summary>Operations on vectors of <see cref="Field61"/>. Spans of one call have the same length; a result may be the place of an operand.</summary>
public static class FieldVector
{
    // Eight numbers below 2^61 fit 64 bits.
    private const int ProductsBetweenReductions = 8;

    private static readonly Vector<ulong> Modulus = new(Field61.Modulus);

    public static void Add(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> result)
    {
        SameLength(a, b, result);
        var i = 0;
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(result);
        unchecked
        {
            for (; i <= result.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
                Canonical(Vector.LoadUnsafe(ref left, (nuint)i) + Vector.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
            for (; i < result.Length; i++)
                result[i] = Field61.Add(a[i], b[i]);
        }
    }

    public static void Subtract(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> result)
    {
        SameLength(a, b, result);
        var i = 0;
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var to = ref MemoryMarshal.GetReference(result);
        unchecked
        {
            for (; i <= result.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
                Canonical(Vector.LoadUnsafe(ref left, (nuint)i) + Modulus - Vector.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
            for (; i < result.Length; i++)
                result[i] = Field61.Subtract(a[i], b[i]);
        }
    }

    /// <summary>result = a * b, element by element.</summary>
    public static void Multiply(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> result)
    {
        SameLength(a, b, result);
        var i = FieldLanes.IsSupported
            ? FieldLanes.Multiply(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), ref MemoryMarshal.GetReference(result), result.Length)
            : 0;
        for (; i < result.Length; i++)
            result[i] = Field61.Multiply(a[i], b[i]);
    }

    /// <summary>result = factor * a.</summary>
    public static void Scale(ulong factor, ReadOnlySpan<ulong> a, Span<ulong> result)
    {
        SameLength(a, a, result);
        var i = FieldLanes.IsSupported ? FieldLanes.Scale(factor, ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(result), result.Length) : 0;
        for (; i < result.Length; i++)
            result[i] = Field61.Multiply(factor, a[i]);
    }

    /// <summary>The sum of all elements; of none, zero.</summary>
    public static ulong Sum(ReadOnlySpan<ulong> a)
    {
        // Halves of 32 bits are added without any carry, for up to 2^32 elements.
        var half = new Vector<ulong>(uint.MaxValue);
        Vector<ulong> low0 = default, low1 = default, high0 = default, high1 = default;
        var i = 0;
        ref var from = ref MemoryMarshal.GetReference(a);
        unchecked
        {
            for (; i <= a.Length - 2 * Vector<ulong>.Count; i += 2 * Vector<ulong>.Count)
            {
                var x = Vector.LoadUnsafe(ref from, (nuint)i);
                var y = Vector.LoadUnsafe(ref from, (nuint)(i + Vector<ulong>.Count));
                low0 += x & half;
                low1 += y & half;
                high0 += x >>> 32;
                high1 += y >>> 32;
            }
            ulong low = Vector.Sum(low0) + Vector.Sum(low1), high = Vector.Sum(high0) + Vector.Sum(high1);
            for (; i < a.Length; i++)
            {
                low += a[i] & uint.MaxValue;
                high += a[i] >> 32;
            }
            var whole = ((UInt128)high << 32) + low;
            return Field61.Reduce((ulong)(whole >> 64), (ulong)whole);
        }
    }

    /// <summary>The sum of the products of elements at the same place.</summary>
    public static ulong Dot(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        SameLength(a, b, a);
        if (!FieldLanes.IsSupported)
            return DotPortably(a, b);
        var done = FieldLanes.Dot(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), a.Length, out var sum);
        return Field61.Add(sum, DotPortably(a[done..], b[done..]));
    }

    /// <summary>The elements of integers; throws for one beyond <see cref="Field61.MaxMagnitude"/>.</summary>
    public static void FromSigned(ReadOnlySpan<long> values, Span<ulong> elements)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(elements.Length, values.Length, nameof(elements));
        for (var i = 0; i < values.Length; i++)
            elements[i] = Field61.FromSigned(values[i]);
    }

    public static void ToSigned(ReadOnlySpan<ulong> elements, Span<long> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, elements.Length, nameof(values));
        for (var i = 0; i < elements.Length; i++)
            values[i] = Field61.ToSigned(elements[i]);
    }

    /// <summary>8 bytes for each element.</summary>
    public static void Write(ReadOnlySpan<ulong> elements, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, checked(Field61.Size * elements.Length), nameof(bytes));
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(elements).CopyTo(bytes);
        else
            for (var i = 0; i < elements.Length; i++)
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[(Field61.Size * i)..], elements[i]);
    }

    /// <summary>False for another length than 8 bytes an element, and for a number that is not below p; the elements are zeros then.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<ulong> elements)
    {
        elements.Clear();
        if (bytes.Length != (long)Field61.Size * elements.Length)
            return false;
        var beyond = 0UL;
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(Field61.Size * i)..]);
            // The difference to the largest element borrows.
            beyond |= unchecked(Field61.Modulus - 1 - elements[i]) | elements[i];
        }
        if (beyond >> Field61.Bits == 0)
            return true;
        elements.Clear();
        return false;
    }

    /// <summary>In constant time. False for different lengths.</summary>
    public static bool AreEqual(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(a), MemoryMarshal.AsBytes(b));

    /// <summary>result[j] = sum over t of factors[t] * rows[t * width + j], for rows as wide as the result.</summary>
    internal static void Combine(ReadOnlySpan<ulong> factors, ReadOnlySpan<ulong> rows, Span<ulong> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, factors.Length * result.Length, nameof(rows));
        var done = FieldLanes.IsSupported
            ? FieldLanes.Combine(factors, ref MemoryMarshal.GetReference(rows), result.Length, ref MemoryMarshal.GetReference(result), result.Length)
            : 0;
        CombinePortably(factors, rows, result, done);
    }

    internal static void CombinePortably(ReadOnlySpan<ulong> factors, ReadOnlySpan<ulong> rows, Span<ulong> result, int from)
    {
        for (var j = from; j < result.Length; j++)
        {
            var sum = 0UL;
            for (int t = 0, at = j; t < factors.Length; t++, at += result.Length)
                sum = Field61.Add(sum, Field61.Multiply(factors[t], rows[at]));
            result[j] = sum;
        }
    }

    internal static ulong DotPortably(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var sum = 0UL;
        while (!a.IsEmpty)
        {
            var count = Math.Min(ProductsBetweenReductions, a.Length);
            ulong low = 0, high = 0;
            unchecked
            {
                for (var i = 0; i < count; i++)
                {
                    var top = Field61.MultiplyWide(a[i], b[i], out var bottom);
                    low += bottom & Field61.Modulus;
                    high += top << 3 | bottom >> Field61.Bits;
                }
            }
            sum = Field61.Add(sum, Field61.Add(Field61.Reduce(0, low), Field61.Reduce(0, high)));
            a = a[count..];
            b = b[count..];
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ulong> Canonical(Vector<ulong> below2P) => Vector.Min(below2P, below2P - Modulus);

    private static void SameLength(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, ReadOnlySpan<ulong> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, a.Length, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, a.Length, nameof(result));
    }
}
