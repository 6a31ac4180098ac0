using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using static Salus.Crypto.Primitives.BrowserSodium;

namespace Salus.Crypto.Primitives;

/// <summary>The primitives of the page's worker: WebCrypto's AES-GCM and libsodium compiled to WebAssembly.</summary>
[SupportedOSPlatform("browser")]
internal sealed class BrowserBackEnd : PrimitivesBackEnd
{
    private const int SignSecretKeySize = 64;
    private const int BoxSecretKeySize = 32;

    public override AeadKey ImportAeadKey(Secret key) => new BrowserAeadKey(key);

    public override ValueTask SealEach(AeadBatch batch, ReadOnlyMemory<byte> plaintexts, Memory<byte> output, int stride) => batch.Count == 0
        ? ValueTask.CompletedTask
        : BrowserAeadKey.FinishSealAsync(
            BrowserAead.BeginSealEach(View(batch.Keys), View(batch.Nonces), View(plaintexts.Span), View(batch.Aads), batch.MessageSize), output, stride);

    public override void Ed25519PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> secretKey = stackalloc byte[SignSecretKeySize];
        using var wiped = new Wiped(secretKey);
        Must(crypto_sign_seed_keypair(publicKey, secretKey, View(seed)));
    }

    public override void Ed25519Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> secretKey = stackalloc byte[SignSecretKeySize];
        Span<byte> publicKey = stackalloc byte[Ed25519.PublicKeySize];
        using var wiped = new Wiped(secretKey);
        Must(crypto_sign_seed_keypair(publicKey, secretKey, View(seed)));
        Must(crypto_sign_detached(signature, View(message), secretKey));
    }

    public override bool Ed25519Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        crypto_sign_verify_detached(View(signature), View(message), View(publicKey)) == 0;

    public override void BoxPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> secretKey = stackalloc byte[BoxSecretKeySize];
        using var wiped = new Wiped(secretKey);
        Must(crypto_box_seed_keypair(publicKey, secretKey, View(seed)));
    }

    public override bool BoxSeal(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, Span<byte> box) =>
        crypto_box_seal(box, View(message), View(publicKey)) == 0;

    public override bool BoxOpen(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> box, Span<byte> message)
    {
        Span<byte> secretKey = stackalloc byte[BoxSecretKeySize];
        Span<byte> publicKey = stackalloc byte[SealedBox.PublicKeySize];
        using var wiped = new Wiped(secretKey);
        Must(crypto_box_seed_keypair(publicKey, secretKey, View(seed)));
        return crypto_box_seal_open(message, View(box), publicKey, secretKey) == 0;
    }

    public override bool BoxAgree(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        Span<byte> secretKey = stackalloc byte[BoxSecretKeySize];
        Span<byte> own = stackalloc byte[SealedBox.PublicKeySize];
        using var wiped = new Wiped(secretKey);
        Must(crypto_box_seed_keypair(own, secretKey, View(seed)));
        return crypto_scalarmult(shared, secretKey, View(publicKey)) == 0;
    }

    public override void ChaCha20Xor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, uint block, Span<byte> bytes) =>
        Must(crypto_stream_chacha20_ietf_xor_ic(bytes, bytes, View(nonce), unchecked((int)block), View(key)));

    public override bool Argon2id(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, Argon2Parameters parameters, Span<byte> output) =>
        crypto_pwhash(output, View(passphrase), View(salt), checked((int)parameters.Passes), checked((int)parameters.MemoryKiB)) == 0;

    public override bool PointIsValid(ReadOnlySpan<byte> point) => crypto_core_ristretto255_is_valid_point(View(point)) == 1;

    public override bool PointAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result) =>
        crypto_core_ristretto255_add(result, View(left), View(right)) == 0;

    public override bool PointSubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result) =>
        crypto_core_ristretto255_sub(result, View(left), View(right)) == 0;

    public override void PointFromHash(ReadOnlySpan<byte> hash, Span<byte> point) => Must(crypto_core_ristretto255_from_hash(point, View(hash)));

    public override bool PointMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result) =>
        crypto_scalarmult_ristretto255(result, View(scalar), View(point)) == 0;

    public override bool PointMultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> result) => crypto_scalarmult_ristretto255_base(result, View(scalar)) == 0;

    public override void ScalarReduce(ReadOnlySpan<byte> wide, Span<byte> scalar) => crypto_core_ristretto255_scalar_reduce(scalar, View(wide));

    public override void ScalarAdd(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result) =>
        crypto_core_ristretto255_scalar_add(result, View(left), View(right));

    public override void ScalarSubtract(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result) =>
        crypto_core_ristretto255_scalar_sub(result, View(left), View(right));

    public override void ScalarMultiply(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> result) =>
        crypto_core_ristretto255_scalar_mul(result, View(left), View(right));

    public override bool ScalarInvert(ReadOnlySpan<byte> scalar, Span<byte> result) => crypto_core_ristretto255_scalar_invert(result, View(scalar)) == 0;

    /// <summary>The marshaller takes writable spans only; what is an input here is only read there.</summary>
    internal static Span<byte> View(ReadOnlySpan<byte> bytes) => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length);

    /// <summary>For functions that cannot fail on inputs of the right length.</summary>
    internal static void Must(int result)
    {
        if (result != 0)
            throw new CryptographicException("libsodium refused an operation that cannot fail.");
    }
}
