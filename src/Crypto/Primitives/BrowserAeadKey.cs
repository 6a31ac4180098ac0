using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using static Salus.Crypto.Primitives.BrowserBackEnd;

namespace Salus.Crypto.Primitives;

/// <summary>AES-256-GCM of the browser. The messages of one call are handed to WebCrypto together, which works on them on threads of its own.</summary>
[SupportedOSPlatform("browser")]
internal sealed class BrowserAeadKey(Secret key) : AeadKey
{
    private readonly JSObject _key = BrowserAead.ImportKey(View(key.Bytes));

    private protected override ValueTask Seal(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad, Memory<byte> ciphertextAndTag) =>
        FinishSealAsync(BrowserAead.BeginSeal(_key, View(nonce.Span), View(plaintext.Span), View(aad.Span), plaintext.Length), ciphertextAndTag, ciphertextAndTag.Length);

    private protected override ValueTask<bool> Open(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> ciphertextAndTag, ReadOnlyMemory<byte> aad, Memory<byte> plaintext) =>
        FinishOpenAsync(BrowserAead.BeginOpen(_key, View(nonce.Span), View(ciphertextAndTag.Span), View(aad.Span), plaintext.Length), plaintext, plaintext.Length);

    internal override ValueTask SealChunks(ChunkBatch batch, ReadOnlyMemory<byte> plaintext, Memory<byte> ciphertext) =>
        FinishSealAsync(BrowserAead.BeginSeal(_key, Nonces(batch), View(plaintext.Span), default, batch.ChunkSize), ciphertext, batch.ChunkSize + Aead.TagSize);

    internal override ValueTask<bool> OpenChunks(ChunkBatch batch, ReadOnlyMemory<byte> ciphertext, Memory<byte> plaintext) =>
        FinishOpenAsync(BrowserAead.BeginOpen(_key, Nonces(batch), View(ciphertext.Span), default, batch.ChunkSize), plaintext, batch.ChunkSize);

    protected override void Dispose(bool disposing) => _key.Dispose();

    /// <summary>Awaits what was begun and fetches it.</summary>
    internal static async ValueTask FinishSealAsync(JSObject work, Memory<byte> output, int stride)
    {
        using (work)
        {
            if (!await BrowserAead.FinishAsync(work))
                throw new CryptographicException("WebCrypto refused an operation that cannot fail.");
            BrowserAead.Take(work, output.Span, stride);
        }
    }

    private static async ValueTask<bool> FinishOpenAsync(JSObject work, Memory<byte> plaintext, int stride)
    {
        using (work)
        {
            var authentic = await BrowserAead.FinishAsync(work);
            if (authentic)
                BrowserAead.Take(work, plaintext.Span, stride);
            else
                plaintext.Span.Clear();
            return authentic;
        }
    }

    private static byte[] Nonces(ChunkBatch batch)
    {
        var nonces = new byte[batch.Count * Aead.NonceSize];
        for (var i = 0; i < batch.Count; i++)
            batch.Nonce(i, nonces.AsSpan(i * Aead.NonceSize, Aead.NonceSize));
        return nonces;
    }
}
