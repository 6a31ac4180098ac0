using System.Runtime.Versioning;
using System.Security.Cryptography;
using static Salus.Crypto.Primitives.Sodium;

namespace Salus.Crypto.Primitives;

/// <summary>The primitives of servers, command line and local app: .NET's AES-GCM and libsodium.</summary>
[UnsupportedOSPlatform("browser")]
internal sealed unsafe class NativeBackEnd : PrimitivesBackEnd
{
    private const int Argon2id13 = 2;
    private const int SignSecretKeySize = 64;
    private const int BoxSecretKeySize = 32;

    public override AeadKey ImportAeadKey(Secret key) => new NativeAeadKey(key);

    public override ValueTask SealEach(AeadBatch batch, ReadOnlyMemory<byte> plaintexts, Memory<byte> output, int stride)
    {
        if (NativeAeadBatch.IsFast)
            NativeAeadBatch.Seal(batch, plaintexts.Span, output.Span, stride);
        else
            NativeAeadBatch.SealPortably(batch, plaintexts.Span, output.Span, stride);
        return ValueTask.CompletedTask;
    }

    public override void Ed25519PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> secretKey = stackalloc byte[SignSecretKeySize];
        fixed (byte* pk = publicKey, sk = secretKey, s = seed)
            Must(crypto_sign_seed_keypair(pk, sk, s));
        CryptographicOperations.ZeroMemory(secretKey);
    }

    public override void Ed25519Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> secretKey = stackalloc byte[SignSecretKeySize];
        Span<byte> publicKey = stackalloc byte[Ed25519.PublicKeySize];
        fixed (byte* pk = publicKey, sk = secretKey, s = seed, m = message, sig = signature)
        {
            Must(crypto_sign_seed_keypair(pk, sk, s));
            Must(crypto_sign_detached(sig, null, m, (ulong)message.Length, sk));
        }
        CryptographicOperations.ZeroMemory(secretKey);
    }

    public override bool Ed25519Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        fixed (byte* pk = publicKey, m = message, sig = signature)
            return crypto_sign_verify_detached(sig, m, (ulong)message.Length, pk) == 0;
    }

    public override void BoxPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> secretKey = stackalloc byte[BoxSecretKeySize];
        fixed (byte* pk = publicKey, sk = secretKey, s = seed)
            Must(crypto_box_seed_keypair(pk, sk, s));
        CryptographicOperations.ZeroMemory(secretKey);
    }

    public override bool BoxSeal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, Span<byte> box)
    {
        fixed (byte* pk = publicKey, m = message, c = box)
            return crypto_box_seal(c, m, (ulong)message.Length, pk) == 0;
    }

    public override bool BoxOpen(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> box, Span<byte> message)
    {
        Span<byte> secretKey = stackalloc byte[BoxSecretKeySize];
        Span<byte> publicKey = stackalloc byte[SealedBox.PublicKeySize];
        fixed (byte* pk = publicKey, sk = secretKey, s = seed, m = message, c = box)
        {
            Must(crypto_box_seed_keypair(pk, sk, s));
            var authentic = crypto_box_seal_open(m, c, (ulong)box.Length, pk, sk) == 0;
            CryptographicOperations.ZeroMemory(secretKey);
            return authentic;
        }
    }

    public override bool BoxAgree(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        Span<byte> secretKey = stackalloc byte[BoxSecretKeySize];
        Span<byte> own = stackalloc byte[SealedBox.PublicKeySize];
        using var wiped = new Wiped(secretKey);
        fixed (byte* o = own, sk = secretKey, s = seed, pk = publicKey, q = shared)
        {
            Must(crypto_box_seed_keypair(o, sk, s));
            return crypto_scalarmult(q, sk, pk) == 0;
        }
    }

    public override void ChaCha20Xor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint block, Span<byte> bytes)
    {
        fixed (byte* k = key, n = nonce, b = bytes)
            Must(crypto_stream_chacha20_ietf_xor_ic(b, b, (ulong)bytes.Length, n, block, k));
    }

    public override bool Argon2id(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, Argon2Parameters parameters, Span<byte> output)
    {
        fixed (byte* o = output, p = passphrase, s = salt)
            return crypto_pwhash(o, (ulong)output.Length, p, (ulong)passphrase.Length, s,
                parameters.Passes, checked((nuint)parameters.MemoryKiB * 1024), Argon2id13) == 0;
    }

    public override bool PointIsValid(ReadOnlySpan<byte> point)
    {
        fixed (byte* p = point)
            return crypto_core_ristretto255_is_valid_point(p) == 1;
    }

    public override bool PointAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        fixed (byte* l = left, r = right, q = result)
            return crypto_core_ristretto255_add(q, l, r) == 0;
    }

    public override bool PointSubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        fixed (byte* l = left, r = right, q = result)
            return crypto_core_ristretto255_sub(q, l, r) == 0;
    }

    public override void PointFromHash(ReadOnlySpan<byte> hash, Span<byte> point)
    {
        fixed (byte* h = hash, p = point)
            Must(crypto_core_ristretto255_from_hash(p, h));
    }

    public override bool PointMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result)
    {
        fixed (byte* s = scalar, p = point, q = result)
            return crypto_scalarmult_ristretto255(q, s, p) == 0;
    }

    public override bool PointMultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> result)
    {
        fixed (byte* s = scalar, q = result)
            return crypto_scalarmult_ristretto255_base(q, s) == 0;
    }

    public override void ScalarReduce(ReadOnlySpan<byte> wide, Span<byte> scalar)
    {
        fixed (byte* w = wide, s = scalar)
            crypto_core_ristretto255_scalar_reduce(s, w);
    }

    public override void ScalarAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        fixed (byte* l = left, r = right, q = result)
            crypto_core_ristretto255_scalar_add(q, l, r);
    }

    public override void ScalarSubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        fixed (byte* l = left, r = right, q = result)
            crypto_core_ristretto255_scalar_sub(q, l, r);
    }

    public override void ScalarMultiply(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result)
    {
        fixed (byte* l = left, r = right, q = result)
            crypto_core_ristretto255_scalar_mul(q, l, r);
    }

    public override bool ScalarInvert(ReadOnlySpan<byte> scalar, Span<byte> result)
    {
        fixed (byte* s = scalar, q = result)
            return crypto_core_ristretto255_scalar_invert(q, s) == 0;
    }

    /// <summary>For functions that cannot fail on inputs of the right length.</summary>
    private static void Must(int result)
    {
        if (result != 0)
            throw new CryptographicException("libsodium refused an operation that cannot fail.");
    }
}
