using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Transport;

/// <summary>Where a block of a segment is.</summary>
/// <param name="Address">16 bytes.</param>
internal readonly record struct BlockAddress(SegmentId Segment, byte[] Address);

/// <summary>The cloud's routes of the search index. Nothing that it answers is verified here.</summary>
internal sealed class IndexApi(Channel channel)
{
    /// <summary>Bytes of a dictionary that one request carries, at most.</summary>
    public const int DictionaryPart = 4 * 1024 * 1024;

    /// <summary>Blocks that one request carries, at most.</summary>
    public const int BlocksPart = 16384;

    /// <summary>Addresses that one request asks for, at most; more are asked for in several.</summary>
    public const int AddressesPart = 8192;

    private const int AddressSize = 16;
    private const int BlockSize = 256;

    /// <summary>How much of a segment is at the cloud; null when nothing is, or not from this account.</summary>
    public async Task<SegmentUpload?> StateAsync(SegmentId segment, CancellationToken cancel)
    {
        try
        {
            return await channel.SendAsync(HttpMethod.Get, Path(Paths.Segment, segment), null, WireJson.Default.SegmentUpload, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Problems.NotFound)
        {
            return null;
        }
    }

    /// <summary>Appends to a segment's dictionary. Answers how many bytes the cloud has: go on from there, also when that is less than was sent before.</summary>
    public Task<long> AppendDictionaryAsync(
        SegmentId segment, AccountId owner, PartitionId partition, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
        AppendAsync(HttpMethod.Put, $"{Path(Paths.SegmentDictionary, segment)}?owner={owner}&partition={partition}&offset={offset}", bytes, cancel);

    /// <summary>Appends blocks, 272 bytes each: address 16, value 256. Answers how many blocks the cloud has.</summary>
    /// <param name="from">How many blocks come before these.</param>
    public async Task<int> AppendBlocksAsync(
        SegmentId segment, AccountId owner, PartitionId partition, int from, ReadOnlyMemory<byte> blocks, CancellationToken cancel) =>
        checked((int)await AppendAsync(HttpMethod.Post, $"{Path(Paths.SegmentBlocks, segment)}?owner={owner}&partition={partition}&from={from}", blocks, cancel));

    /// <summary>Publishes an update. <see cref="Problems.Conflict"/>: another update of this source was there first.</summary>
    public Task PublishAsync(IndexUpdate update, CancellationToken cancel) =>
        channel.SendAsync(HttpMethod.Post, Paths.IndexUpdates, Channel.Json(new SignedBytes(update.Signed), WireJson.Default.SignedBytes), cancel);

    public Task<IndexUpdatePage> UpdatesAsync(AccountId owner, PartitionId? partition, string? after, CancellationToken cancel)
    {
        var query = $"{Paths.IndexUpdates}?owner={owner}" + (partition is { } p ? $"&partition={p}" : "") + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
        return channel.SendAsync(HttpMethod.Get, query, null, WireJson.Default.IndexUpdatePage, cancel);
    }

    /// <summary>Fetches a published segment's dictionary, which must have this length.</summary>
    public async Task<byte[]> DictionaryAsync(SegmentInfo segment, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(Paths.SegmentDictionary, segment.Id));
        using var response = await channel.SendAsync(request, cancel);
        var bytes = await channel.ReadAsync(response, checked((int)segment.DictionaryLength), cancel);
        return bytes.Length == segment.DictionaryLength ? bytes : throw Malformed();
    }

    /// <summary>The blocks at these addresses, in their order; null where the cloud says that there is none.</summary>
    public async Task<byte[]?[]> BlocksAsync(IReadOnlyList<BlockAddress> addresses, CancellationToken cancel)
    {
        var blocks = new byte[]?[addresses.Count];
        for (var start = 0; start < addresses.Count; start += AddressesPart)
        {
            var count = Math.Min(AddressesPart, addresses.Count - start);
            using var request = new HttpRequestMessage(HttpMethod.Post, Paths.IndexBlocks) { Content = Channel.Binary(Groups(addresses, start, count)) };
            using var response = await channel.SendAsync(request, cancel);
            if (!TryReadBlocks(await channel.ReadAsync(response, count * (1 + BlockSize), cancel), blocks.AsSpan(start, count)))
                throw Malformed();
        }
        return blocks;
    }

    /// <summary>Neighbours of one segment share a group: segment 16 | count u32 | addresses.</summary>
    private static byte[] Groups(IReadOnlyList<BlockAddress> addresses, int start, int count)
    {
        using var groups = new MemoryStream(count * 2 * AddressSize);
        Span<byte> size = stackalloc byte[4];
        for (var (at, end) = (start, start + count); at < end;)
        {
            var next = at + 1;
            while (next < end && addresses[next].Segment == addresses[at].Segment)
                next++;
            groups.Write(addresses[at].Segment.ToBytes());
            BinaryPrimitives.WriteInt32BigEndian(size, next - at);
            groups.Write(size);
            for (; at < next; at++)
                groups.Write(addresses[at].Address.AsSpan(0, AddressSize));
        }
        return groups.ToArray();
    }

    /// <summary>For each address u8 1 and a block, or u8 0: false for anything but as many as were asked for.</summary>
    internal static bool TryReadBlocks(ReadOnlySpan<byte> answer, Span<byte[]?> blocks)
    {
        foreach (ref var block in blocks)
        {
            if (answer.IsEmpty || answer[0] > 1 || (answer[0] == 1 && answer.Length < 1 + BlockSize))
                return false;
            block = answer[0] == 1 ? answer.Slice(1, BlockSize).ToArray() : null;
            answer = answer[(answer[0] == 1 ? 1 + BlockSize : 1)..];
        }
        return answer.IsEmpty;
    }

    private async Task<long> AppendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new("application/octet-stream");
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await channel.SendRawAsync(request, cancel);
        if (!response.IsSuccessStatusCode && (response.StatusCode != HttpStatusCode.Conflict || !response.Headers.Contains(Paths.UploadOffsetHeader)))
            throw await channel.RefusalAsync(response, cancel);
        return response.Headers.TryGetValues(Paths.UploadOffsetHeader, out var values)
            && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : throw Malformed();
    }

    private AlarmException Malformed() => new(AlarmKind.Integrity, $"{channel.Party} sent an answer that is not what the protocol says.");

    private static string Path(string template, SegmentId segment) => template.Replace("{id}", segment.ToString(), StringComparison.Ordinal);
}
