using System.Security.Cryptography;

namespace Salus.Crypto.Primitives;

/// <summary>
/// The prime-order group ristretto255 (RFC 9496). Points and scalars are 32 bytes; scalars little-endian and below the order L.
/// Multiplication and scalar arithmetic are constant time in their scalars.
/// </summary>
/// <remarks>
/// Traps of the library that are closed here: the identity passes its validity test; a scalar s + L is taken for s;
/// a product that is the identity is reported by a return value that is easy to drop.
/// </remarks>
internal static class Ristretto255
{
    public const int PointSize = 32;
    public const int ScalarSize = 32;
    public const int WideSize = 64;

    /// <summary>L = 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 9496 section 4.4).</summary>
    private static ReadOnlySpan<byte> Order =>
    [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
    ];

    /// <summary>A canonical encoding of an element other than the identity.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> point) =>
        point.Length == PointSize && !IsZero(point) && PrimitivesBackEnd.Current.PointIsValid(point);

    /// <summary>Between 1 and L - 1. Constant time: a share's scalar is secret.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != ScalarSize)
            return false;
        var borrow = 0;
        for (var i = 0; i < ScalarSize; i++)
            borrow = ((scalar[i] - Order[i] - borrow) >> 31) & 1;
        return (borrow == 1) & !IsZero(scalar);
    }

    /// <summary>scalar · point; false when that is the identity: reject, never go on.</summary>
    public static bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result)
    {
        Must32(scalar.Length, point.Length, result.Length);
        return PrimitivesBackEnd.Current.PointMultiply(scalar, point, result);
    }

    /// <summary>scalar · G; false when that is the identity.</summary>
    public static bool TryMultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> result)
    {
        Must32(scalar.Length, scalar.Length, result.Length);
        return PrimitivesBackEnd.Current.PointMultiplyBase(scalar, result);
    }

    public static bool TryAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        Must32(left.Length, right.Length, result.Length);
        return PrimitivesBackEnd.Current.PointAdd(left, right, result);
    }

    public static bool TrySubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        Must32(left.Length, right.Length, result.Length);
        return PrimitivesBackEnd.Current.PointSubtract(left, right, result);
    }

    /// <summary>The element that 64 uniform bytes map to (RFC 9496 section 4.3.4).</summary>
    public static void FromHash(ReadOnlySpan<byte> hash, Span<byte> point)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, WideSize, nameof(hash));
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, PointSize, nameof(point));
        PrimitivesBackEnd.Current.PointFromHash(hash, point);
    }

    /// <summary>64 uniform bytes modulo L: the bias is below 2^-250.</summary>
    public static void Reduce(ReadOnlySpan<byte> wide, Span<byte> scalar)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(wide.Length, WideSize, nameof(wide));
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, ScalarSize, nameof(scalar));
        PrimitivesBackEnd.Current.ScalarReduce(wide, scalar);
    }

    public static void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        Must32(left.Length, right.Length, result.Length);
        PrimitivesBackEnd.Current.ScalarAdd(left, right, result);
    }

    public static void Subtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        Must32(left.Length, right.Length, result.Length);
        PrimitivesBackEnd.Current.ScalarSubtract(left, right, result);
    }

    public static void Multiply(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        Must32(left.Length, right.Length, result.Length);
        PrimitivesBackEnd.Current.ScalarMultiply(left, right, result);
    }

    /// <summary>False for zero.</summary>
    public static bool TryInvert(ReadOnlySpan<byte> scalar, Span<byte> result)
    {
        Must32(scalar.Length, scalar.Length, result.Length);
        Span<byte> input = stackalloc byte[ScalarSize];   // the library does not promise that input and result may be one
        using var wiped = new Wiped(input);
        scalar.CopyTo(input);
        return PrimitivesBackEnd.Current.ScalarInvert(input, result);
    }

    /// <summary>A uniform scalar between 1 and L - 1.</summary>
    public static void Random(Span<byte> scalar)
    {
        Span<byte> wide = stackalloc byte[WideSize];
        do
        {
            RandomNumberGenerator.Fill(wide);
            Reduce(wide, scalar);
        }
        while (IsZero(scalar));
        CryptographicOperations.ZeroMemory(wide);
    }

    /// <summary>The library reads and writes 32 bytes wherever the pointer leads.</summary>
    private static void Must32(int left, int right, int result)
    {
        if (left != ScalarSize || right != ScalarSize || result != ScalarSize)
            throw new ArgumentException("Points and scalars are 32 bytes.");
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        var any = 0;
        foreach (var b in bytes)
            any |= b;
        return any == 0;
    }
}
