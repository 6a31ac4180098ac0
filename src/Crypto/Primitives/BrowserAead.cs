using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

namespace Salus.Crypto.Primitives;

/// <summary>
/// AES-256-GCM by WebCrypto: functions of web/src/core/worker/aead.ts. A view is valid during a call alone, so work is begun by a call that copies,
/// awaited by a second one and fetched by a third one.
/// </summary>
[SupportedOSPlatform("browser")]
internal static partial class BrowserAead
{
    private const string Module = "aead";

    /// <summary>A key that JavaScript keeps and nobody can read out.</summary>
    [JSImport("importKey", Module)]
    internal static partial JSObject ImportKey([JSMarshalAs<JSType.MemoryView>] Span<byte> key);

    /// <summary>
    /// Begins to seal messages that stand behind one another, each of <paramref name="size"/> bytes but the last one, which takes what is left; one nonce for each.
    /// </summary>
    [JSImport("beginSeal", Module)]
    internal static partial JSObject BeginSeal(JSObject key, [JSMarshalAs<JSType.MemoryView>] Span<byte> nonces,
        [JSMarshalAs<JSType.MemoryView>] Span<byte> plaintexts, [JSMarshalAs<JSType.MemoryView>] Span<byte> aad, int size);

    /// <summary>The same under a key and additional data of each message's own, which stand behind one another too.</summary>
    [JSImport("beginSealEach", Module)]
    internal static partial JSObject BeginSealEach([JSMarshalAs<JSType.MemoryView>] Span<byte> keys, [JSMarshalAs<JSType.MemoryView>] Span<byte> nonces,
        [JSMarshalAs<JSType.MemoryView>] Span<byte> plaintexts, [JSMarshalAs<JSType.MemoryView>] Span<byte> aads, int size);

    /// <summary>The reverse of <see cref="BeginSeal"/>; <paramref name="size"/> is that of the plaintexts.</summary>
    [JSImport("beginOpen", Module)]
    internal static partial JSObject BeginOpen(JSObject key, [JSMarshalAs<JSType.MemoryView>] Span<byte> nonces,
        [JSMarshalAs<JSType.MemoryView>] Span<byte> ciphertexts, [JSMarshalAs<JSType.MemoryView>] Span<byte> aad, int size);

    /// <summary>True when all messages are done; false when one is not authentic.</summary>
    [JSImport("finish", Module)]
    internal static partial Task<bool> FinishAsync(JSObject work);

    /// <summary>Writes the results, one every <paramref name="stride"/> bytes, and overwrites them where they were.</summary>
    [JSImport("take", Module)]
    internal static partial void Take(JSObject work, [JSMarshalAs<JSType.MemoryView>] Span<byte> target, int stride);
}
