using System.Buffers.Binary;
using System.Security.Cryptography;
using Salus.Crypto.Primitives;

namespace Salus.Crypto.Search;

/// <summary>
/// What finds and opens the blocks of one term of one segment (T of <see cref="SegmentKey"/>). Safe for any number of threads. It never leaves the client.
/// </summary>
public sealed class TermToken : IDisposable
{
    public const int Size = 32;

    internal const int AddressInputSize = 1 + sizeof(uint);

    private readonly MacKey _token;
    private readonly byte[] _context;
    private readonly Lazy<AeadKey> _key;

    internal TermToken(ReadOnlySpan<byte> token32, byte[] context32)
    {
        _token = new MacKey(token32);
        _context = context32;
        _key = new Lazy<AeadKey>(ImportKey);
    }

    internal static ReadOnlySpan<byte> KeyInput => "e"u8;

    /// <summary>Where block <paramref name="block"/> is, 16 bytes.</summary>
    public void Address(uint block, Span<byte> address16) => Address(_token, block, address16);

    /// <summary>Seals 240 bytes to 256. A block is never sealed with two contents.</summary>
    public ValueTask SealAsync(uint block, ReadOnlyMemory<byte> plaintext240, Memory<byte> sealed256)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext240.Length, BlockSize.Plain, nameof(plaintext240));
        return _key.Value.SealAsync(Nonce(block), plaintext240, Aad(block), sealed256);
    }

    /// <summary>False when this is not block <paramref name="block"/> of this term, or altered: the plaintext is zeroed then.</summary>
    public ValueTask<bool> OpenAsync(uint block, ReadOnlyMemory<byte> sealed256, Memory<byte> plaintext240)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext240.Length, BlockSize.Plain, nameof(plaintext240));
        if (sealed256.Length == BlockSize.Sealed)
            return _key.Value.OpenAsync(Nonce(block), sealed256, Aad(block), plaintext240);
        plaintext240.Span.Clear();
        return ValueTask.FromResult(false);
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
            _key.Value.Dispose();
        _token.Dispose();
    }

    public override string ToString() => "[redacted]";

    internal static void Address(MacKey token, uint block, Span<byte> address16)
    {
        Span<byte> input = stackalloc byte[AddressInputSize];
        input[0] = (byte)'a';
        BinaryPrimitives.WriteUInt32BigEndian(input[1..], block);
        Span<byte> mac = stackalloc byte[Mac.Size];
        token.Compute(input, mac);
        mac[..BlockSize.Address].CopyTo(address16);
        // The other half is not to be had from the address.
        CryptographicOperations.ZeroMemory(mac);
    }

    internal static void Nonce(uint block, Span<byte> nonce12)
    {
        nonce12.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce12[(Aead.NonceSize - sizeof(uint))..], block);
    }

    private AeadKey ImportKey()
    {
        using var key = new Secret(Aead.KeySize);
        _token.Compute(KeyInput, key.Writable);
        return Aead.Import(key);
    }

    private static byte[] Nonce(uint block)
    {
        var nonce = new byte[Aead.NonceSize];
        Nonce(block, nonce);
        return nonce;
    }

    private byte[] Aad(uint block)
    {
        var aad = new byte[SegmentKey.ContextSize + BlockSize.Address];
        _context.CopyTo(aad, 0);
        Address(block, aad.AsSpan(SegmentKey.ContextSize, BlockSize.Address));
        return aad;
    }
}
