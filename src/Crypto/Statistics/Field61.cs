using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace Salus.Crypto.Statistics;

/// <summary>
/// The field F_p of the Mersenne prime p = 2^61 - 1, in which values are shared and computed on. An element is a <see cref="ulong"/> from 0 to p - 1;
/// operations take and give only these. Integers of either sign up to 2^60 - 1 are embedded, negative ones as p minus their magnitude.
/// </summary>
/// <remarks>
/// Elements are secret: no branch and no index depends on them, here and in <see cref="FieldVector"/>; the processor's multiplication is taken to be constant time.
/// On the wire an element is 8 bytes, little-endian, below p; other bytes are refused.
/// </remarks>
public static class Field61
{
    /// <summary>Bytes of an element on the wire.</summary>
    public const int Size = sizeof(ulong);

    public const int Bits = 61;

    public const ulong Modulus = (1UL << Bits) - 1;

    /// <summary>The largest magnitude of an integer that has an element of its own.</summary>
    public const long MaxMagnitude = (1L << (Bits - 1)) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b) => unchecked(Canonical(a + b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract(ulong a, ulong b)
    {
        unchecked
        {
            var difference = a - b;
            return difference + (Modulus & (ulong)((long)difference >> 63));
        }
    }

    public static ulong Negate(ulong a) => Subtract(0, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(ulong a, ulong b)
    {
        var high = MultiplyWide(a, b, out var low);
        return unchecked(Canonical((low & Modulus) + (high << 3 | low >> Bits)));
    }

    /// <summary>a to the power of a public exponent.</summary>
    public static ulong Power(ulong a, ulong exponent)
    {
        var result = 1UL;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = Multiply(result, a);
            a = Multiply(a, a);
        }
        return result;
    }

    /// <summary>The inverse, by Fermat; zero gives zero.</summary>
    public static ulong Invert(ulong a) => Power(a, Modulus - 2);

    /// <summary>The element of an integer; throws beyond <see cref="MaxMagnitude"/>.</summary>
    public static ulong FromSigned(long value)
    {
        if (value is > MaxMagnitude or < -MaxMagnitude)
            throw new ArgumentOutOfRangeException(nameof(value));
        return unchecked((ulong)(value + ((long)Modulus & (value >> 63))));
    }

    /// <summary>The integer of an element.</summary>
    public static long ToSigned(ulong element) => unchecked((long)element - ((long)Modulus & ((MaxMagnitude - (long)element) >> 63)));

    /// <summary>A uniform element.</summary>
    public static ulong Random()
    {
        Span<byte> bytes = stackalloc byte[Size];
        ulong element;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            element = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & Modulus;
        }
        while (element == Modulus);
        CryptographicOperations.ZeroMemory(bytes);
        return element;
    }

    /// <summary>A value below 2p as one below p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Canonical(ulong value)
    {
        unchecked
        {
            var reduced = value - Modulus;
            return reduced + (Modulus & (ulong)((long)reduced >> 63));
        }
    }

    /// <summary>Any 128-bit value, high and low half, as an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Reduce(ulong high, ulong low)
    {
        unchecked
        {
            // 2^61 = 1 in the field, so the pieces of 61 bits add up; below 2^62 + 64, folded once more below p + 3.
            var sum = (low & Modulus) + ((high << 3 | low >> Bits) & Modulus) + (high >> 58);
            return Canonical((sum & Modulus) + (sum >> Bits));
        }
    }

    // The low half by a multiplication of its own: the form of MULX with two results goes through memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong MultiplyWide(ulong a, ulong b, out ulong low)
    {
        if (!Bmi2.X64.IsSupported)
            return Math.BigMul(a, b, out low);
        low = unchecked(a * b);
        return Bmi2.X64.MultiplyNoFlags(a, b);
    }
}
