using Salus.Crypto.Merkle;
using Salus.Protocol.Http;
using Salus.Protocol.Log;

namespace Salus.Client.Transport;

/// <summary>The cloud's log. Whatever it answers is verified by the caller.</summary>
internal sealed class LogApi(Channel channel)
{
    /// <summary>The newest checkpoint's note.</summary>
    public Task<byte[]> CheckpointAsync(CancellationToken cancel) => channel.SendAsync(HttpMethod.Get, Paths.LogCheckpoint, null, cancel);

    public Task<byte[]> TileAsync(TreeTile tile, CancellationToken cancel) => channel.SendAsync(HttpMethod.Get, $"/log/{tile.Path()}", null, cancel);

    public Task<byte[]> EntriesAsync(TreeTile tile, CancellationToken cancel) => channel.SendAsync(HttpMethod.Get, $"/log/{tile.EntriesPath()}", null, cancel);

    /// <summary>The .tlog-proof of an entry, by its leaf hash; null when the log has none.</summary>
    public async Task<byte[]?> ProofAsync(ReadOnlyMemory<byte> leaf, CancellationToken cancel)
    {
        try
        {
            return await channel.SendAsync(HttpMethod.Get, $"{Paths.LogProof}?leaf={Convert.ToHexStringLower(leaf.Span)}", null, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return null;
        }
    }

    /// <summary>Has an access entered; its .tlog-proof once witnesses have cosigned it.</summary>
    public Task<byte[]> AddAccessAsync(LogEntry entry, CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Paths.LogAccesses, Channel.Binary(entry.Bytes.ToArray()), cancel);
}
