using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;

namespace Salus.Trustee;

/// <summary>
/// Seals what a trustee keeps in its database: AES-256-GCM under a key derived from the trustee's identity seed, which is a file outside of the database.
/// Sealed: nonce 12 (random; what one trustee seals under one key stays far below 2^32) | ciphertext | tag 16.
/// </summary>
internal sealed class AtRest(Secret secret) : IDisposable
{
    public const int Overhead = Aead.NonceSize + Aead.TagSize;

    private readonly AeadKey _key = Aead.Import(secret);

    public async Task<byte[]> SealAsync(byte[] content, byte[] associated)
    {
        var output = new byte[content.Length + Overhead];
        RandomNumberGenerator.Fill(output.AsSpan(0, Aead.NonceSize));
        await _key.SealAsync(output.AsMemory(0, Aead.NonceSize), content, associated, output.AsMemory(Aead.NonceSize));
        return output;
    }

    /// <summary>The content, which the caller zeroes when it is secret; null when it is not as this trustee sealed it.</summary>
    public async Task<byte[]?> OpenAsync(byte[] sealedContent, byte[] associated)
    {
        if (sealedContent.Length < Overhead)
            return null;
        var content = new byte[sealedContent.Length - Overhead];
        return await _key.OpenAsync(sealedContent.AsMemory(0, Aead.NonceSize), sealedContent.AsMemory(Aead.NonceSize), associated, content) ? content : null;
    }

    public void Dispose()
    {
        _key.Dispose();
        secret.Dispose();
    }

    public override string ToString() => "[redacted]";
}
