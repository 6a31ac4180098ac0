using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Salus.Crypto.Primitives;

/// <summary>
/// AES-256-GCM of the system's library. An <see cref="AesGcm"/> keeps one cipher context and may serve one thread at a time, so instances are lent:
/// there are as many as calls ever ran at once, and a call for a thousand chunks expands the key no more than once.
/// </summary>
[UnsupportedOSPlatform("browser")]
internal sealed class NativeAeadKey(Secret key) : AeadKey
{
    private readonly Secret _key = Secret.CopyOf(key.Bytes);
    private readonly ConcurrentBag<AesGcm> _idle = [];

    private protected override ValueTask Seal(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> aad, Memory<byte> ciphertextAndTag)
    {
        var cipher = Borrow();
        var output = ciphertextAndTag.Span;
        cipher.Encrypt(nonce.Span, plaintext.Span, output[..plaintext.Length], output[plaintext.Length..], aad.Span);
        _idle.Add(cipher);
        return ValueTask.CompletedTask;
    }

    private protected override ValueTask<bool> Open(
        ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> ciphertextAndTag, ReadOnlyMemory<byte> aad, Memory<byte> plaintext)
    {
        var cipher = Borrow();
        var authentic = TryDecrypt(cipher, nonce.Span, ciphertextAndTag.Span, aad.Span, plaintext.Span);
        _idle.Add(cipher);
        return ValueTask.FromResult(authentic);
    }

    internal override ValueTask SealChunks(ChunkBatch batch, ReadOnlyMemory<byte> plaintext, Memory<byte> ciphertext)
    {
        var cipher = Borrow();
        var source = plaintext.Span;
        var target = ciphertext.Span;
        Span<byte> nonce = stackalloc byte[Aead.NonceSize];
        for (var i = 0; i < batch.Count; i++)
        {
            var size = Math.Min(batch.ChunkSize, source.Length);
            batch.Nonce(i, nonce);
            cipher.Encrypt(nonce, source[..size], target[..size], target.Slice(size, Aead.TagSize));
            source = source[size..];
            target = target[(size + Aead.TagSize)..];
        }
        _idle.Add(cipher);
        return ValueTask.CompletedTask;
    }

    internal override ValueTask<bool> OpenChunks(ChunkBatch batch, ReadOnlyMemory<byte> ciphertext, Memory<byte> plaintext)
    {
        var cipher = Borrow();
        var source = ciphertext.Span;
        var target = plaintext.Span;
        Span<byte> nonce = stackalloc byte[Aead.NonceSize];
        var authentic = true;
        for (var i = 0; i < batch.Count && authentic; i++)
        {
            var size = Math.Min(batch.ChunkSize, target.Length);
            batch.Nonce(i, nonce);
            authentic = TryDecrypt(cipher, nonce, source[..(size + Aead.TagSize)], default, target[..size]);
            source = source[(size + Aead.TagSize)..];
            target = target[size..];
        }
        _idle.Add(cipher);
        if (!authentic)
            plaintext.Span.Clear();
        return ValueTask.FromResult(authentic);
    }

    protected override void Dispose(bool disposing)
    {
        while (_idle.TryTake(out var cipher))
            cipher.Dispose();
        _key.Dispose();
    }

    /// <summary>A cipher that an exception kept from coming back is left to its finalizer.</summary>
    private AesGcm Borrow() => _idle.TryTake(out var cipher) ? cipher : new AesGcm(_key.Bytes, Aead.TagSize);

    private static bool TryDecrypt(
        AesGcm cipher, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertextAndTag, ReadOnlySpan<byte> aad, Span<byte> plaintext)
    {
        try
        {
            cipher.Decrypt(nonce, ciphertextAndTag[..plaintext.Length], ciphertextAndTag[plaintext.Length..], plaintext, aad);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false;
        }
    }
}
