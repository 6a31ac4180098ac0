using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Salus.Crypto.Primitives;

/// <summary>The functions of libsodium (1.0.18 or later) that the native back end calls. 0 is success, -1 a refusal.</summary>
[UnsupportedOSPlatform("browser")]
internal static unsafe partial class Sodium
{
    private const string Library = "libsodium";

    /// <summary>Where the library is found: Debian and Ubuntu, newer distributions, the plain name (Windows and development packages),
    /// macOS.</summary>
    private static readonly string[] FileNames =
        ["libsodium.so.23", "libsodium.so.26", "libsodium", "libsodium.dylib", "/opt/homebrew/lib/libsodium.dylib", "/usr/local/lib/libsodium.dylib"];

    static Sodium()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);
        if (sodium_init() < 0)
            throw new InvalidOperationException("libsodium could not be initialised.");
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
            return IntPtr.Zero;
        foreach (var file in FileNames)
            if (NativeLibrary.TryLoad(file, assembly, searchPath, out var handle))
                return handle;
        throw new DllNotFoundException("libsodium is not installed (Debian and Ubuntu: apt install libsodium23; macOS: brew install libsodium).");
    }

    [LibraryImport(Library)] private static partial int sodium_init();

    [LibraryImport(Library)] internal static partial int crypto_aead_aes256gcm_is_available();
    [LibraryImport(Library)] internal static partial int crypto_aead_aes256gcm_encrypt(
        byte* ciphertext, ulong* length, byte* message, ulong size, byte* aad, ulong aadSize, byte* unused, byte* nonce, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_sign_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);
    [LibraryImport(Library)] internal static partial int crypto_sign_detached(
        byte* signature, ulong* length, byte* message, ulong size, byte* secretKey);
    [LibraryImport(Library)] internal static partial int crypto_sign_verify_detached(byte* signature, byte* message, ulong size, byte* publicKey);

    [LibraryImport(Library)] internal static partial int crypto_box_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);
    [LibraryImport(Library)] internal static partial int crypto_box_seal(byte* box, byte* message, ulong size, byte* publicKey);
    [LibraryImport(Library)] internal static partial int crypto_box_seal_open(byte* message, byte* box, ulong size, byte* publicKey, byte* secretKey);

    [LibraryImport(Library)] internal static partial int crypto_scalarmult(byte* shared, byte* secretKey, byte* publicKey);

    [LibraryImport(Library)] internal static partial int crypto_stream_chacha20_ietf_xor_ic(
        byte* output, byte* input, ulong size, byte* nonce, uint block, byte* key);

    [LibraryImport(Library)] internal static partial int crypto_pwhash(
        byte* output, ulong outputSize, byte* passphrase, ulong size, byte* salt, ulong passes, nuint memory, int algorithm);

    [LibraryImport(Library)] internal static partial int crypto_core_ristretto255_is_valid_point(byte* point);
    [LibraryImport(Library)] internal static partial int crypto_core_ristretto255_add(byte* result, byte* left, byte* right);
    [LibraryImport(Library)] internal static partial int crypto_core_ristretto255_sub(byte* result, byte* left, byte* right);
    [LibraryImport(Library)] internal static partial int crypto_core_ristretto255_from_hash(byte* point, byte* hash);
    [LibraryImport(Library)] internal static partial int crypto_scalarmult_ristretto255(byte* result, byte* scalar, byte* point);
    [LibraryImport(Library)] internal static partial int crypto_scalarmult_ristretto255_base(byte* result, byte* scalar);
    [LibraryImport(Library)] internal static partial void crypto_core_ristretto255_scalar_reduce(byte* scalar, byte* wide);
    [LibraryImport(Library)] internal static partial void crypto_core_ristretto255_scalar_add(byte* result, byte* left, byte* right);
    [LibraryImport(Library)] internal static partial void crypto_core_ristretto255_scalar_sub(byte* result, byte* left, byte* right);
    [LibraryImport(Library)] internal static partial void crypto_core_ristretto255_scalar_mul(byte* result, byte* left, byte* right);
    [LibraryImport(Library)] internal static partial int crypto_core_ristretto255_scalar_invert(byte* result, byte* scalar);
}
