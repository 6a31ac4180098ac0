using Salus.Client.Accounts;
using Salus.Client.Transport;
using Salus.Crypto.Search;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Search.Segments;

/// <summary>Brings a built segment's files to the cloud, from where the cloud stands. It is in no index until an update names it.</summary>
internal sealed class SegmentUploader(Account account)
{
    private const int Attempts = 8;

    private IndexApi Cloud => account.Cloud.Index;

    /// <param name="state">What the cloud has of it already; null for nothing.</param>
    public async Task UploadAsync(SegmentInfo segment, AccountId owner, PartitionId partition, string folder, SegmentUpload? state, CancellationToken cancel)
    {
        await SendAsync(Path.Combine(folder, $"{segment.Id}.dictionary"), state?.DictionaryLength ?? 0, segment.DictionaryLength, 1, IndexApi.DictionaryPart,
            (offset, bytes) => Cloud.AppendDictionaryAsync(segment.Id, owner, partition, offset, bytes, cancel), cancel);
        if (segment.Blocks > 0)
            await SendAsync(Path.Combine(folder, $"{segment.Id}.blocks"), state?.Blocks ?? 0, segment.Blocks, BlockSize.Entry, IndexApi.BlocksPart,
                async (from, blocks) => await Cloud.AppendBlocksAsync(segment.Id, owner, partition, (int)from, blocks, cancel), cancel);
    }

    /// <summary>Sends a file from where the cloud stands, in parts of whole units.</summary>
    private static async Task SendAsync(string path, long at, long total, int unit, int unitsAtOnce, Func<long, ReadOnlyMemory<byte>, Task<long>> append, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
        if (file.Length != total * unit)
            throw new AlarmException(AlarmKind.Integrity, $"The staged segment {path} has changed. Move its folder away and repeat the command.");
        var buffer = new byte[Math.Min(unitsAtOnce, total) * unit];
        for (var stalled = 0; at < total;)
        {
            file.Position = at * unit;
            var count = (int)Math.Min(unitsAtOnce, total - at) * unit;
            await file.ReadExactlyAsync(buffer.AsMemory(0, count), cancel);
            var reached = await append(at, buffer.AsMemory(0, count));
            stalled = reached > at ? 0 : stalled + 1;
            if (reached > total || stalled > Attempts)
                throw new AlarmException(AlarmKind.Integrity, "The cloud does not take a segment of the search index as it was sent.");
            at = reached;
        }
    }
}
