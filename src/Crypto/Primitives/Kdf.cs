using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Salus.Crypto.Primitives;

/// <summary>
/// HKDF-SHA256 (RFC 5869) without salt: its inputs are uniform keys or hashed group elements. The HKDF info is the label and then the caller's
/// info, each behind its length (8 bytes, big-endian), so one label's outputs say nothing about another's.
/// </summary>
public static class Kdf
{
    public const int MaximumOutput = 255 * Sha256.Size;

    /// <summary>Fills <paramref name="output"/> (1 to 8160 bytes). <paramref name="label"/> is one of <see cref="Domains"/>.</summary>
    public static void Derive(ReadOnlySpan<byte> ikm, string label, Span<byte> output, ReadOnlySpan<byte> info = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        if (ikm.IsEmpty)
            throw new ArgumentException("There is no key to derive from.", nameof(ikm));

        var labelSize = Encoding.UTF8.GetByteCount(label);
        var full = new byte[sizeof(ulong) + labelSize + sizeof(ulong) + info.Length];
        BinaryPrimitives.WriteUInt64BigEndian(full, (ulong)labelSize);
        Encoding.UTF8.GetBytes(label, full.AsSpan(sizeof(ulong)));
        BinaryPrimitives.WriteUInt64BigEndian(full.AsSpan(sizeof(ulong) + labelSize), (ulong)info.Length);
        info.CopyTo(full.AsSpan(full.Length - info.Length));

        HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, output, salt: default, full);
    }

    /// <summary>A derived secret of <paramref name="size"/> bytes.</summary>
    public static Secret Derive(ReadOnlySpan<byte> ikm, string label, int size, ReadOnlySpan<byte> info = default)
    {
        var secret = new Secret(size);
        Derive(ikm, label, secret.Writable, info);
        return secret;
    }

    /// <summary>HKDF-Expand alone, for formats that fix their own info bytes; <paramref name="key"/> is uniform.</summary>
    internal static void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.Expand(HashAlgorithmName.SHA256, key, output, info);
}
