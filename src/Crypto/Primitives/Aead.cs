namespace Salus.Crypto.Primitives;

/// <summary>
/// AES-256-GCM (NIST SP 800-38D): key 32, nonce 12, tag 16 bytes after the ciphertext. It does not commit to its key: what others could open
/// under a second key carries a commitment of its own (<see cref="Sealing"/>).
/// </summary>
public static class Aead
{
    public const int KeySize = 32;
    public const int NonceSize = 12;
    public const int TagSize = 16;

    /// <summary>Imports a key for many operations.</summary>
    public static AeadKey Import(Secret key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize, nameof(key));
        return PrimitivesBackEnd.Current.ImportAeadKey(key);
    }

    /// <inheritdoc cref="AeadKey.SealAsync"/>
    public static async ValueTask SealAsync(
        Secret key, ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad, Memory<byte> ciphertextAndTag)
    {
        using var imported = Import(key);
        await imported.SealAsync(nonce, plaintext, aad, ciphertextAndTag);
    }

    /// <inheritdoc cref="AeadKey.OpenAsync"/>
    public static async ValueTask<bool> OpenAsync(
        Secret key, ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> ciphertextAndTag, ReadOnlyMemory<byte> aad, Memory<byte> plaintext)
    {
        using var imported = Import(key);
        return await imported.OpenAsync(nonce, ciphertextAndTag, aad, plaintext);
    }
}
