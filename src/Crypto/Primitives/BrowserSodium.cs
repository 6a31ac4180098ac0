using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace Salus.Crypto.Primitives;

/// <summary>
/// The functions of libsodium, compiled to WebAssembly, that the browser's back end calls: web/src/core/worker/sodium.ts. It works on copies in a memory of its own
/// and overwrites them. 0 is success, -1 a refusal.
/// </summary>
[SupportedOSPlatform("browser")]
internal static partial class BrowserSodium
{
    private const string Module = "sodium";

    [JSImport(nameof(crypto_sign_seed_keypair), Module)]
    internal static partial int crypto_sign_seed_keypair(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> publicKey, [JSMarshalAs<JSType.MemoryView>] Span<byte> secretKey, [JSMarshalAs<JSType.MemoryView>] Span<byte> seed);

    [JSImport(nameof(crypto_sign_detached), Module)]
    internal static partial int crypto_sign_detached(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> signature, [JSMarshalAs<JSType.MemoryView>] Span<byte> message, [JSMarshalAs<JSType.MemoryView>] Span<byte> secretKey);

    [JSImport(nameof(crypto_sign_verify_detached), Module)]
    internal static partial int crypto_sign_verify_detached(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> signature, [JSMarshalAs<JSType.MemoryView>] Span<byte> message, [JSMarshalAs<JSType.MemoryView>] Span<byte> publicKey);

    [JSImport(nameof(crypto_box_seed_keypair), Module)]
    internal static partial int crypto_box_seed_keypair(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> publicKey, [JSMarshalAs<JSType.MemoryView>] Span<byte> secretKey, [JSMarshalAs<JSType.MemoryView>] Span<byte> seed);

    [JSImport(nameof(crypto_box_seal), Module)]
    internal static partial int crypto_box_seal(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> box, [JSMarshalAs<JSType.MemoryView>] Span<byte> message, [JSMarshalAs<JSType.MemoryView>] Span<byte> publicKey);

    [JSImport(nameof(crypto_box_seal_open), Module)]
    internal static partial int crypto_box_seal_open(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> message, [JSMarshalAs<JSType.MemoryView>] Span<byte> box, [JSMarshalAs<JSType.MemoryView>] Span<byte> publicKey,
        [JSMarshalAs<JSType.MemoryView>] Span<byte> secretKey);

    [JSImport(nameof(crypto_scalarmult), Module)]
    internal static partial int crypto_scalarmult(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> shared, [JSMarshalAs<JSType.MemoryView>] Span<byte> secretKey, [JSMarshalAs<JSType.MemoryView>] Span<byte> publicKey);

    [JSImport(nameof(crypto_stream_chacha20_ietf_xor_ic), Module)]
    internal static partial int crypto_stream_chacha20_ietf_xor_ic(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> output, [JSMarshalAs<JSType.MemoryView>] Span<byte> input, [JSMarshalAs<JSType.MemoryView>] Span<byte> nonce, int block,
        [JSMarshalAs<JSType.MemoryView>] Span<byte> key);

    [JSImport(nameof(crypto_pwhash), Module)]
    internal static partial int crypto_pwhash(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> output, [JSMarshalAs<JSType.MemoryView>] Span<byte> passphrase, [JSMarshalAs<JSType.MemoryView>] Span<byte> salt, int passes, int memoryKiB);

    [JSImport(nameof(crypto_core_ristretto255_is_valid_point), Module)]
    internal static partial int crypto_core_ristretto255_is_valid_point([JSMarshalAs<JSType.MemoryView>] Span<byte> point);

    [JSImport(nameof(crypto_core_ristretto255_add), Module)]
    internal static partial int crypto_core_ristretto255_add(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> left, [JSMarshalAs<JSType.MemoryView>] Span<byte> right);

    [JSImport(nameof(crypto_core_ristretto255_sub), Module)]
    internal static partial int crypto_core_ristretto255_sub(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> left, [JSMarshalAs<JSType.MemoryView>] Span<byte> right);

    [JSImport(nameof(crypto_core_ristretto255_from_hash), Module)]
    internal static partial int crypto_core_ristretto255_from_hash([JSMarshalAs<JSType.MemoryView>] Span<byte> point, [JSMarshalAs<JSType.MemoryView>] Span<byte> hash);

    [JSImport(nameof(crypto_scalarmult_ristretto255), Module)]
    internal static partial int crypto_scalarmult_ristretto255(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> scalar, [JSMarshalAs<JSType.MemoryView>] Span<byte> point);

    [JSImport(nameof(crypto_scalarmult_ristretto255_base), Module)]
    internal static partial int crypto_scalarmult_ristretto255_base(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> scalar);

    [JSImport(nameof(crypto_core_ristretto255_scalar_reduce), Module)]
    internal static partial void crypto_core_ristretto255_scalar_reduce(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> scalar, [JSMarshalAs<JSType.MemoryView>] Span<byte> wide);

    [JSImport(nameof(crypto_core_ristretto255_scalar_add), Module)]
    internal static partial void crypto_core_ristretto255_scalar_add(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> left, [JSMarshalAs<JSType.MemoryView>] Span<byte> right);

    [JSImport(nameof(crypto_core_ristretto255_scalar_sub), Module)]
    internal static partial void crypto_core_ristretto255_scalar_sub(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> left, [JSMarshalAs<JSType.MemoryView>] Span<byte> right);

    [JSImport(nameof(crypto_core_ristretto255_scalar_mul), Module)]
    internal static partial void crypto_core_ristretto255_scalar_mul(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> left, [JSMarshalAs<JSType.MemoryView>] Span<byte> right);

    [JSImport(nameof(crypto_core_ristretto255_scalar_invert), Module)]
    internal static partial int crypto_core_ristretto255_scalar_invert(
        [JSMarshalAs<JSType.MemoryView>] Span<byte> result, [JSMarshalAs<JSType.MemoryView>] Span<byte> scalar);

    /// <summary>H(0x00 | leaf) of leaves that stand behind one another, each of <paramref name="size"/> bytes but the last one.</summary>
    [JSImport("hash_leaves", Module)]
    internal static partial void HashLeaves([JSMarshalAs<JSType.MemoryView>] Span<byte> hashes, [JSMarshalAs<JSType.MemoryView>] Span<byte> leaves, int size);

    [JSImport(nameof(crypto_hash_sha256_init), Module)]
    internal static partial int crypto_hash_sha256_init([JSMarshalAs<JSType.MemoryView>] Span<byte> state);

    [JSImport(nameof(crypto_hash_sha256_update), Module)]
    internal static partial int crypto_hash_sha256_update([JSMarshalAs<JSType.MemoryView>] Span<byte> state, [JSMarshalAs<JSType.MemoryView>] Span<byte> data);

    [JSImport(nameof(crypto_hash_sha256_final), Module)]
    internal static partial int crypto_hash_sha256_final([JSMarshalAs<JSType.MemoryView>] Span<byte> state, [JSMarshalAs<JSType.MemoryView>] Span<byte> hash);
}
