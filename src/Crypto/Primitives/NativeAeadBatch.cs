using System.Runtime.Versioning;
using System.Security.Cryptography;
using static Salus.Crypto.Primitives.Sodium;

namespace Salus.Crypto.Primitives;

/// <summary>
/// Seals a batch of short messages under many keys. An <see cref="AesGcm"/> for each takes two microseconds to set up, seven times what libsodium takes for key and
/// message together where the processor has instructions for AES; elsewhere libsodium has no AES.
/// </summary>
[UnsupportedOSPlatform("browser")]
internal static unsafe class NativeAeadBatch
{
    public static readonly bool IsFast = crypto_aead_aes256gcm_is_available() == 1;

    public static void Seal(AeadBatch batch, ReadOnlySpan<byte> plaintexts, Span<byte> output, int stride)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var aad = batch.Aad(i).Span;
            fixed (byte* c = output.Slice(i * stride, batch.MessageSize + Aead.TagSize), m = plaintexts.Slice(i * batch.MessageSize, batch.MessageSize), a = aad,
                n = batch.Nonce(i).Span, k = batch.Key(i))
                if (crypto_aead_aes256gcm_encrypt(c, null, m, (ulong)batch.MessageSize, a, (ulong)aad.Length, null, n, k) != 0)
                    throw new CryptographicException("libsodium refused an operation that cannot fail.");
        }
    }

    public static void SealPortably(AeadBatch batch, ReadOnlySpan<byte> plaintexts, Span<byte> output, int stride)
    {
        for (var i = 0; i < batch.Count;)
        {
            var key = batch.Key(i);
            using var cipher = new AesGcm(key, Aead.TagSize);
            for (; i < batch.Count && batch.Key(i).SequenceEqual(key); i++)
            {
                var target = output.Slice(i * stride, batch.MessageSize + Aead.TagSize);
                cipher.Encrypt(batch.Nonce(i).Span, plaintexts.Slice(i * batch.MessageSize, batch.MessageSize), target[..batch.MessageSize],
                    target[batch.MessageSize..], batch.Aad(i).Span);
            }
        }
    }
}
