using System.Security.Cryptography;

namespace Salus.Crypto.Primitives;

/// <summary>HMAC-SHA256 (RFC 2104, FIPS 198-1): 32 bytes. Compare in constant time, as <see cref="Verify"/> does.</summary>
public static class Mac
{
    public const int Size = 32;

    public static void HmacSha256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mac.Length, Size, nameof(mac));
        HMACSHA256.HashData(key, data, mac);
    }

    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[Size];
        HMACSHA256.HashData(key, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }
}
