namespace Salus.Crypto.Primitives;

/// <summary>
/// An AES-256-GCM key, imported once and then used by any number of threads. Dispose it when no operation is under way any more.
/// </summary>
/// <remarks>
/// The operations are asynchronous because the browser's WebCrypto is; the native back end has finished when the call returns.
/// A ciphertext is followed by its tag of 16 bytes. Whoever calls chooses nonces that never repeat under one key, and says why.
/// </remarks>
public abstract class AeadKey : IDisposable
{
    private protected AeadKey()
    {
    }

    /// <summary>Encrypts; <paramref name="ciphertextAndTag"/> is <see cref="Aead.TagSize"/> bytes longer than the plaintext.</summary>
    public ValueTask SealAsync(ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad, Memory<byte> ciphertextAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, Aead.NonceSize, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertextAndTag.Length, plaintext.Length + Aead.TagSize, nameof(ciphertextAndTag));
        return Seal(nonce, plaintext, aad, ciphertextAndTag);
    }

    /// <summary>
    /// Decrypts into <paramref name="plaintext"/>, which is <see cref="Aead.TagSize"/> bytes shorter than the input.
    /// False when it is not authentic (or too short to be): the plaintext is zeroed then.
    /// </summary>
    public ValueTask<bool> OpenAsync(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> ciphertextAndTag, ReadOnlyMemory<byte> aad, Memory<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, Aead.NonceSize, nameof(nonce));
        if (ciphertextAndTag.Length < Aead.TagSize)
        {
            plaintext.Span.Clear();
            return ValueTask.FromResult(false);
        }
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, ciphertextAndTag.Length - Aead.TagSize, nameof(plaintext));
        return Open(nonce, ciphertextAndTag, aad, plaintext);
    }

    /// <summary>
    /// Encrypts <paramref name="batch"/>.Count chunks in a row, each under base nonce XOR chunk number and without AAD. Every chunk is
    /// batch.ChunkSize bytes but the last one, which takes what is left (nothing, perhaps).
    /// </summary>
    internal abstract ValueTask SealChunks(ChunkBatch batch, ReadOnlyMemory<byte> plaintext, Memory<byte> ciphertext);

    /// <summary>The reverse. False when any chunk is not authentic: the whole of <paramref name="plaintext"/> is zeroed then.</summary>
    internal abstract ValueTask<bool> OpenChunks(ChunkBatch batch, ReadOnlyMemory<byte> ciphertext, Memory<byte> plaintext);

    private protected abstract ValueTask Seal(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad, Memory<byte> ciphertextAndTag);

    private protected abstract ValueTask<bool> Open(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> ciphertextAndTag, ReadOnlyMemory<byte> aad, Memory<byte> plaintext);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
