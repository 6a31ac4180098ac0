using System.Runtime.Versioning;
using static Salus.Crypto.Primitives.BrowserSodium;

namespace Salus.Crypto.Primitives;

/// <summary>
/// SHA-256 of libsodium for what is long: compiled code, where .NET's own is interpreted in the browser and takes many times as long. Short messages stay there, since a
/// call out costs more than they do.
/// </summary>
[SupportedOSPlatform("browser")]
internal static class BrowserSha256
{
    /// <summary>From so many bytes on a call out is worth it.</summary>
    public const int Worthwhile = 1024;

    private const int StateSize = 104;
    private const int Piece = 256 * 1024;

    /// <summary>H(0x00 | leaf) of leaves that stand behind one another, each of <paramref name="size"/> bytes but the last one.</summary>
    public static void Leaves(ReadOnlySpan<byte> leaves, int size, Span<byte> hashes) => HashLeaves(hashes, BrowserBackEnd.View(leaves), size);

    public static async ValueTask<byte[]> HashAsync(Stream stream, CancellationToken cancel)
    {
        var (state, hash, buffer) = (new byte[StateSize], new byte[Sha256.Size], new byte[Piece]);
        BrowserBackEnd.Must(crypto_hash_sha256_init(state));
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
            BrowserBackEnd.Must(crypto_hash_sha256_update(state, buffer.AsSpan(0, read)));
        BrowserBackEnd.Must(crypto_hash_sha256_final(state, hash));
        return hash;
    }
}
