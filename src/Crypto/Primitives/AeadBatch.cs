namespace Salus.Crypto.Primitives;

/// <summary>
/// Messages of one size to be sealed by AES-256-GCM in one call, each under a key of its own: for short messages under many keys, where importing a key as an
/// <see cref="AeadKey"/> would take longer than the message. For one thread at a time; serves again after <see cref="Clear"/>.
/// </summary>
internal sealed class AeadBatch(int capacity, int messageSize, int aadSize) : IDisposable
{
    private readonly Secret _keys = new(capacity * Aead.KeySize);
    private readonly byte[] _nonces = new byte[capacity * Aead.NonceSize];
    private readonly byte[] _aads = new byte[capacity * aadSize];

    public int Capacity => capacity;

    public int Count { get; private set; }

    /// <summary>Bytes of every plaintext; a ciphertext is its tag longer.</summary>
    public int MessageSize => messageSize;

    public ReadOnlySpan<byte> Key(int index) => _keys.Bytes.Slice(index * Aead.KeySize, Aead.KeySize);

    public ReadOnlyMemory<byte> Nonce(int index) => _nonces.AsMemory(index * Aead.NonceSize, Aead.NonceSize);

    public ReadOnlyMemory<byte> Aad(int index) => _aads.AsMemory(index * aadSize, aadSize);

    /// <summary>The keys, nonces and additional data of all messages, each behind one another.</summary>
    public ReadOnlySpan<byte> Keys => _keys.Bytes[..(Count * Aead.KeySize)];

    public ReadOnlySpan<byte> Nonces => _nonces.AsSpan(0, Count * Aead.NonceSize);

    public ReadOnlySpan<byte> Aads => _aads.AsSpan(0, Count * aadSize);

    /// <summary>Whoever calls says why no two messages have both key and nonce in common.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad)
    {
        if (Count == capacity)
            throw new InvalidOperationException("The batch is full.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Aead.KeySize, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, Aead.NonceSize, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfNotEqual(aad.Length, aadSize, nameof(aad));
        key.CopyTo(_keys.Writable[(Count * Aead.KeySize)..]);
        nonce.CopyTo(_nonces.AsSpan(Count * Aead.NonceSize));
        aad.CopyTo(_aads.AsSpan(Count * aadSize));
        Count++;
    }

    /// <summary>
    /// Seals message i of <paramref name="plaintexts"/>, which stand behind one another, to <paramref name="output"/> at i * <paramref name="stride"/>: ciphertext and
    /// tag.
    /// </summary>
    public ValueTask SealAsync(ReadOnlyMemory<byte> plaintexts, Memory<byte> output, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintexts.Length, Count * messageSize, nameof(plaintexts));
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, messageSize + Aead.TagSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, Count == 0 ? 0 : ((Count - 1) * stride) + messageSize + Aead.TagSize, nameof(output));
        return PrimitivesBackEnd.Current.SealEach(this, plaintexts, output, stride);
    }

    public void Clear() => Count = 0;

    public void Dispose() => _keys.Dispose();
}
