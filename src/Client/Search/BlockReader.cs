using System.Security.Cryptography;
using Salus.Client.Transport;
using Salus.Protocol;
using BlockPlace = Salus.Client.Transport.BlockAddress;

namespace Salus.Client.Search;

/// <summary>A block of a segment at the cloud.</summary>
internal readonly record struct WantedBlock(SegmentId Segment, Protocol.BlockAddress Address);

/// <summary>
/// Asks the cloud for blocks, of any number of segments, sources and owners in one request, and in an order drawn at random: which blocks belong to one word, the request does
/// not say.
/// </summary>
internal sealed class BlockReader(Func<IReadOnlyList<BlockPlace>, CancellationToken, Task<byte[]?[]>> fetch)
{
    public BlockReader(CloudApi cloud) : this(cloud.Index.BlocksAsync)
    {
    }

    /// <summary>The blocks in the order in which they are wanted; empty where the cloud says that there is none. Nothing of them is verified.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(IReadOnlyList<WantedBlock> wanted, CancellationToken cancel)
    {
        var order = Enumerable.Range(0, wanted.Count).ToArray();
        RandomNumberGenerator.Shuffle(order.AsSpan());
        var found = new ReadOnlyMemory<byte>[wanted.Count];
        foreach (var chunk in order.Chunk(IndexApi.AddressesPart))
        {
            int[] grouped = [.. chunk.GroupBy(i => wanted[i].Segment).SelectMany(group => group)];
            var blocks = await fetch([.. grouped.Select(i => new BlockPlace(wanted[i].Segment, wanted[i].Address.ToBytes()))], cancel);
            for (var i = 0; i < grouped.Length; i++)
                found[grouped[i]] = blocks[i];
        }
        return found;
    }
}
