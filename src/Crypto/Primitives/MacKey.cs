using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Salus.Crypto.Primitives;

/// <summary>
/// A key of HMAC-SHA256 (RFC 2104) for many short messages: the padded key is hashed once, which leaves two blocks of SHA-256 for a message below 56 bytes.
/// Any number of threads may compute under it; <see cref="Import"/> and <see cref="Dispose"/> want it alone.
/// </summary>
public sealed class MacKey : IDisposable
{
    public const int KeySize = 32;

    private const int BlockSize = 64;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;

    // The two states behind each other; the key itself where there is no library to go on from a state.
    private readonly Secret _key;
    private readonly bool _isPortable;

    /// <summary>Takes a copy of 32 bytes.</summary>
    public MacKey(ReadOnlySpan<byte> key32)
        : this(key32, isPortable: OperatingSystem.IsBrowser() || !OpenSslSha256.IsSupported)
    {
    }

    /// <summary>By .NET's functions alone, in tests.</summary>
    internal MacKey(ReadOnlySpan<byte> key32, bool isPortable)
    {
        _isPortable = isPortable;
        _key = new Secret(OperatingSystem.IsBrowser() || isPortable ? KeySize : 2 * OpenSslSha256.StateSize);
        Import(key32);
    }

    /// <summary>Becomes another key.</summary>
    public void Import(ReadOnlySpan<byte> key32)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key32.Length, KeySize, nameof(key32));
        if (OperatingSystem.IsBrowser() || _isPortable)
            key32.CopyTo(_key.Writable);
        else
            Begin(key32);
    }

    public void Compute(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(mac.Length, Mac.Size, nameof(mac));
        if (OperatingSystem.IsBrowser() || _isPortable)
            Mac.HmacSha256(_key.Bytes, data, mac);
        else
            Finish(data, mac);
    }

    public void Dispose() => _key.Dispose();

    public override string ToString() => "[redacted]";

    [UnsupportedOSPlatform("browser")]
    private void Begin(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        block.Fill(InnerPad);
        for (var i = 0; i < key.Length; i++)
            block[i] ^= key[i];
        OpenSslSha256.Begin(block, _key.Writable[..OpenSslSha256.StateSize]);
        for (var i = 0; i < block.Length; i++)
            block[i] ^= InnerPad ^ OuterPad;
        OpenSslSha256.Begin(block, _key.Writable[OpenSslSha256.StateSize..]);
        CryptographicOperations.ZeroMemory(block);
    }

    [UnsupportedOSPlatform("browser")]
    private void Finish(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Span<byte> inner = stackalloc byte[Mac.Size];
        OpenSslSha256.Finish(_key.Bytes[..OpenSslSha256.StateSize], data, inner);
        OpenSslSha256.Finish(_key.Bytes[OpenSslSha256.StateSize..], inner, mac);
        CryptographicOperations.ZeroMemory(inner);
    }
}
