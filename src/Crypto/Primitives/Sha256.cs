using System.Security.Cryptography;

namespace Salus.Crypto.Primitives;

/// <summary>SHA-256 (FIPS 180-4).</summary>
public static class Sha256
{
    public const int Size = 32;

    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, Size, nameof(hash));
        SHA256.HashData(data, hash);
    }

    public static byte[] Hash(ReadOnlySpan<byte> data) => SHA256.HashData(data);

    /// <summary>Of a stream from where it stands to its end.</summary>
    public static ValueTask<byte[]> HashAsync(Stream stream, CancellationToken cancel) =>
        OperatingSystem.IsBrowser() ? BrowserSha256.HashAsync(stream, cancel) : SHA256.HashDataAsync(stream, cancel);
}
