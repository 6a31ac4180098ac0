namespace Salus.Crypto.Primitives;

/// <summary>
/// The key stream of ChaCha20 (RFC 8439, section 2.4): a pseudorandom generator whose blocks of 64 bytes can be had in any order. It encrypts nothing here.
/// Constant time. A key and nonce serve one purpose.
/// </summary>
public static class ChaCha20
{
    public const int KeySize = 32;
    public const int NonceSize = 12;
    public const int BlockSize = 64;

    /// <summary>Overwrites <paramref name="output"/> with the stream from block <paramref name="block"/> on. A stream ends after 2^32 blocks.</summary>
    public static void Stream(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint block, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block + ((long)output.Length + BlockSize - 1) / BlockSize, 1L << 32, nameof(block));
        output.Clear();
        if (!output.IsEmpty)
            PrimitivesBackEnd.Current.ChaCha20Xor(key, nonce, block, output);
    }
}
